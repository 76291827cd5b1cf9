// What is posted: every network with every kind of post whose words the public can see, so that each public post
// can be told apart and counted.
import type { Platform } from '../../lib/publishing/platform';
import type { PostContent } from '../../lib/publishing/post';
import type { MediaName } from './media-files';

export interface PostKind {
	readonly name: string;
	readonly platform: Platform;
	readonly media: readonly MediaName[];
	readonly contentOf: (words: string) => PostContent;
}

/** A page: its posts can be read again. Nobody reads a member's, so there a lost answer is a person's. */
export const linkedInPage = '2414183';

const asText = (words: string): PostContent => ({ text: words });
const asPage = (words: string): PostContent => ({
	text: words,
	options: { author: `urn:li:organization:${linkedInPage}` },
});

export const postKinds: readonly PostKind[] = [
	{
		name: 'youtube video',
		platform: 'youtube',
		media: ['clip-1m.mp4'],
		contentOf: (words) => ({
			title: words,
			text: words,
			description: 'A clip',
			tags: [],
			options: { privacyStatus: 'public' },
		}),
	},
	{
		name: 'tiktok video',
		platform: 'tiktok',
		media: ['clip.mp4'],
		contentOf: (words) => ({ text: words, options: { privacyLevel: 'PUBLIC_TO_EVERYONE' } }),
	},
	{ name: 'instagram reel', platform: 'instagram', media: ['clip.mp4'], contentOf: asText },
	{ name: 'instagram picture', platform: 'instagram', media: ['picture-1.jpg'], contentOf: asText },
	{
		name: 'instagram carousel',
		platform: 'instagram',
		media: ['picture-1.jpg', 'clip.mp4'],
		contentOf: asText,
	},
	{ name: 'x words', platform: 'x', media: [], contentOf: asText },
	{ name: 'x video', platform: 'x', media: ['clip.mp4'], contentOf: asText },
	{ name: 'x pictures', platform: 'x', media: ['picture-1.jpg', 'picture-2.jpg'], contentOf: asText },
	{ name: 'linkedin words', platform: 'linkedin', media: [], contentOf: asPage },
	{ name: 'linkedin video', platform: 'linkedin', media: ['clip.mp4'], contentOf: asPage },
	{
		name: 'linkedin pictures',
		platform: 'linkedin',
		media: ['picture-1.jpg', 'picture-2.jpg'],
		contentOf: asPage,
	},
	{ name: 'linkedin member', platform: 'linkedin', media: [], contentOf: asText },
	{ name: 'threads words', platform: 'threads', media: [], contentOf: asText },
	{ name: 'threads video', platform: 'threads', media: ['clip.mp4'], contentOf: asText },
	{
		name: 'threads carousel',
		platform: 'threads',
		media: ['picture-1.jpg', 'clip.mp4'],
		contentOf: asText,
	},
	{ name: 'facebook words', platform: 'facebook', media: [], contentOf: asText },
	{ name: 'facebook picture', platform: 'facebook', media: ['picture-1.jpg'], contentOf: asText },
	{ name: 'facebook reel', platform: 'facebook', media: ['clip.mp4'], contentOf: asText },
	{
		name: 'facebook video',
		platform: 'facebook',
		media: ['clip.mp4'],
		contentOf: (words) => ({ text: words, options: { videoType: 'video' } }),
	},
];
