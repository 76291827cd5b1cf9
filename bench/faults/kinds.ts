// What is posted: every network with every kind of post that it takes from us. Each public post can be told apart
// and counted, by its words or, where people see none, by its bytes.
import { adapterFor } from '../../lib/platforms/registry';
import type { Platform } from '../../lib/publishing/platform';
import type { PostContent } from '../../lib/publishing/post';
import type { MediaName } from './media-files';

export interface PostKind {
	readonly name: string;
	readonly platform: Platform;
	readonly media: readonly MediaName[];
	/** @param neededId of what the account must have before, if anything. */
	readonly contentOf: (words: string, neededId: string) => PostContent;
	readonly needs?: 'own post' | 'playlist';
	/** What is recorded as its id is not the public one; its address is. */
	readonly isKnownByAddress?: boolean;
	/** Its reader can find it and never rule it out: a call that did not arrive ends as a person's task. */
	readonly isNeverRuledOut?: boolean;
}

/** A page: its posts can be read again. Nobody reads a member's, so there a lost answer is a person's. */
export const linkedInPage = '2414183';

type Content = PostKind['contentOf'];

const asText: Content = (words) => ({ text: words });
const withOptions =
	(options: NonNullable<PostContent['options']>): Content =>
	(words) => ({ text: words, options });
const asPage = withOptions({ author: `urn:li:organization:${linkedInPage}` });
const withoutWords: Content = () => ({});
const asStory: Content = () => ({ options: { placement: 'story' } });
const inAnswer: Content = (words, replyToPostId) => ({ text: words, options: { replyToPostId } });

const onYouTube =
	(optionsOf: (neededId: string) => NonNullable<PostContent['options']>): Content =>
	(words, neededId) => ({
		title: words,
		text: words,
		description: 'A clip',
		tags: [],
		options: { privacyStatus: 'public', ...optionsOf(neededId) },
	});

type Named = readonly [
	name: string,
	media: readonly MediaName[],
	contentOf: Content,
	more?: Partial<PostKind>,
];

const kinds: Readonly<Record<Platform, readonly Named[]>> = {
	youtube: [
		['video', ['clip-1m.mp4'], onYouTube(() => ({}))],
		[
			'video with thumbnail and playlist',
			['clip-1m.mp4', 'picture-1.jpg'],
			onYouTube((playlistId) => ({ playlistIds: [playlistId] })),
			{ needs: 'playlist' },
		],
	],
	tiktok: [
		['video', ['clip.mp4'], withOptions({ privacyLevel: 'PUBLIC_TO_EVERYONE' })],
		[
			'video by address',
			['clip.mp4'],
			withOptions({ privacyLevel: 'PUBLIC_TO_EVERYONE', transfer: 'pull' }),
			{ isNeverRuledOut: true },
		],
		[
			'photos',
			['picture-1.jpg', 'picture-2.jpg'],
			withOptions({ privacyLevel: 'PUBLIC_TO_EVERYONE' }),
			{ isKnownByAddress: true },
		],
		['private photo', ['picture-1.jpg'], withOptions({ privacyLevel: 'SELF_ONLY' })],
	],
	instagram: [
		['reel', ['clip.mp4'], asText],
		['reel with comment', ['clip.mp4'], withOptions({ firstComment: 'The first one' })],
		['picture', ['picture-1.jpg'], asText],
		['carousel', ['picture-1.jpg', 'clip.mp4'], asText],
		['story video', ['clip.mp4'], asStory],
		['story picture', ['picture-1.jpg'], asStory],
	],
	x: [
		['words', [], asText],
		['video', ['clip.mp4'], asText],
		['pictures', ['picture-1.jpg', 'picture-2.jpg', 'picture-3.jpg', 'picture-4.jpg'], asText],
		['gif', ['moving.gif'], asText],
		// X refuses the same words twice, and takes pictures without any as often as they come.
		['gif without words', ['moving.gif'], withoutWords],
		['pictures without words', ['picture-1.jpg', 'picture-2.jpg'], withoutWords],
		['reply', [], inAnswer, { needs: 'own post' }],
		['reply with picture', ['picture-1.jpg'], inAnswer, { needs: 'own post' }],
	],
	linkedin: [
		['words', [], asPage],
		['video', ['clip.mp4'], asPage],
		['pictures', ['picture-1.jpg', 'picture-2.jpg', 'picture-3.jpg'], asPage],
		['document', ['paper.pdf'], (words, neededId) => ({ ...asPage(words, neededId), title: 'A paper' })],
		['member', [], asText],
		['member document', ['paper.pdf'], (words) => ({ text: words, title: 'A paper' })],
		['member pictures', ['picture-1.jpg', 'picture-2.jpg'], asText],
	],
	threads: [
		['words', [], asText],
		['video', ['clip.mp4'], asText],
		['picture', ['picture-1.jpg'], asText],
		['carousel', ['picture-1.jpg', 'clip.mp4'], asText],
		['reply', [], (words, replyToId) => ({ text: words, options: { replyToId } }), { needs: 'own post' }],
	],
	facebook: [
		['words', [], asText],
		['link', [], withOptions({ link: 'https://example.com/clips' })],
		['picture', ['picture-1.jpg'], asText],
		['album', ['picture-1.jpg', 'picture-2.jpg', 'picture-3.jpg'], asText],
		['reel', ['clip.mp4'], asText],
		['video', ['clip.mp4'], withOptions({ videoType: 'video' })],
		['story video', ['clip.mp4'], asStory],
		['story picture', ['picture-1.jpg'], asStory],
	],
};

export const postKinds: readonly PostKind[] = (Object.keys(kinds) as Platform[]).flatMap((platform) =>
	kinds[platform].map(([name, media, contentOf, more]): PostKind => ({
		name: `${platform} ${name}`,
		platform,
		media,
		contentOf,
		...more,
	})),
);

/** As the nodes ask it: what is suggested as words is left out, and its bytes are all that tells it apart. */
export function isWordless({ platform, options = {} }: { platform: Platform } & PostContent): boolean {
	return adapterFor(platform).isWordless?.(options) ?? false;
}
