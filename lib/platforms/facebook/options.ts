// What can be said about a post on Facebook beside its text and media, and what kind of post it makes.
import { z } from 'zod';
import type { MediaFacts } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';

export const facebookOptionsSchema = z.strictObject({
	/** May be left out by who manages one page only. */
	pageId: z.string().regex(/^\d+$/, 'the number of a page').optional(),
	/** A story is gone after a day and shows no text. */
	placement: z.enum(['feed', 'story']).default('feed'),
	/** A reel is short and upright; everything else is a video. */
	videoType: z.enum(['reel', 'video']).default('reel'),
	/** Shown as a preview under the text. */
	link: z.url({ protocol: /^https?$/, error: 'a web address' }).optional(),
	/** Facebook keeps the post back until then. */
	scheduledPublishTime: z.iso
		.datetime({ offset: true, error: 'a time with its zone, such as 2027-01-31T18:00:00Z' })
		.optional(),
});

export type FacebookOptions = z.infer<typeof facebookOptionsSchema>;

export function optionsOf(content: PostContent): FacebookOptions {
	return facebookOptionsSchema.parse(content.options ?? {});
}

export type PostKind = 'reel' | 'video' | 'video-story' | 'photo-story' | 'feed';

/** By the first medium; the rules see to it that it is alone, or among photos. */
export function kindOf(
	{ placement, videoType }: Pick<FacebookOptions, 'placement' | 'videoType'>,
	media: readonly { readonly facts: Pick<MediaFacts, 'kind'> }[],
): PostKind {
	const hasVideo = media[0]?.facts.kind === 'video';
	if (placement === 'story') return hasVideo ? 'video-story' : 'photo-story';
	return hasVideo ? videoType : 'feed';
}
