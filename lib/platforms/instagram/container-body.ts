// The bodies of new containers (facts 3.2). Nothing is passed through: the real Graph drops names that it does not
// know without a word.
import type { DraftMedia, MediaItem } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { optionsOf, postKind, type InstagramOptions } from './options';
import { captionOf } from './text';

type Body = Readonly<Record<string, unknown>>;

export interface PartOfPost {
	readonly content: PostContent;
	readonly media: readonly MediaItem[];
	readonly index: number;
	/** Where Instagram fetches the medium; without one the bytes are sent to it. */
	readonly address?: string | undefined;
}

/** One medium: the whole post, or one item of a carousel. */
export function partBody(part: PartOfPost): Body {
	const { content, media } = part;
	const options = optionsOf(content);
	const item = { ...sourceOf(part), ...tagsOf(part, options) };
	switch (postKind(content, media)) {
		case 'carousel':
			return {
				...(isVideo(part) && { media_type: 'VIDEO' }),
				is_carousel_item: true,
				...item,
				...altTextOf(part),
			};
		case 'story':
			return { media_type: 'STORIES', ...item, ...madeWithAi(options) };
		case 'image':
			return { ...item, ...altTextOf(part), ...commonOf(content, options) };
		case 'reel':
			return { media_type: 'REELS', ...item, ...commonOf(content, options), ...reelOf(options) };
	}
}

/** Around the items, which bring the media. */
export function carouselBody(content: PostContent, children: readonly string[]): Body {
	return { media_type: 'CAROUSEL', children, ...commonOf(content, optionsOf(content)) };
}

function isVideo({ media, index }: PartOfPost): boolean {
	return media[index]?.facts.kind === 'video';
}

function sourceOf(part: PartOfPost): Body {
	const { address } = part;
	if (!isVideo(part)) return { image_url: address };
	return address === undefined ? { upload_type: 'resumable' } : { video_url: address };
}

function tagsOf(part: PartOfPost, { userTags = [] }: InstagramOptions): Body {
	const tags = userTags
		.filter(({ mediaNumber = 1 }) => mediaNumber === part.index + 1)
		// In a video nobody stays in one place.
		.map(({ username, x = 0.5, y = 0.5 }) => (isVideo(part) ? { username } : { username, x, y }));
	return tags.length > 0 ? { user_tags: tags } : {};
}

/** Pictures alone: Instagram has no alternative text for videos and stories. */
function altTextOf({ media, index }: PartOfPost): Body {
	const { facts, altText } = media[index] ?? {};
	return altText && facts?.kind === 'image' ? { alt_text: altText } : {};
}

function commonOf(content: PostContent, options: InstagramOptions): Body {
	const caption = captionOf(content);
	return {
		...(caption !== '' && { caption }),
		...(options.collaborators && { collaborators: options.collaborators }),
		...madeWithAi(options),
	};
}

function madeWithAi({ isAiGenerated }: InstagramOptions): Body {
	return isAiGenerated === undefined ? {} : { is_ai_generated: isAiGenerated };
}

function reelOf(options: InstagramOptions): Body {
	return {
		...(options.shareToFeed !== undefined && { share_to_feed: options.shareToFeed }),
		...(options.coverUrl !== undefined && { cover_url: options.coverUrl }),
		...(options.thumbOffsetMs !== undefined && { thumb_offset: options.thumbOffsetMs }),
		...(options.audioName !== undefined && { audio_name: options.audioName }),
		...(options.trialReel && { trial_params: { graduation_strategy: options.trialReel } }),
	};
}

/** Bytes are taken of videos alone; a picture has to be fetched (facts 3.2). */
export function needsAddress({ facts }: Pick<DraftMedia, 'facts'>): boolean {
	return facts.kind !== 'video';
}
