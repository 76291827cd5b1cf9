// What a post of TikTok can have beside its words and media, and what of it the init carries (facts 2.2).
import { z } from 'zod';
import type { PostContent } from '../../publishing/post';
import { privacyLevelSchema, type Creator } from './types';

export const tiktokOptionsSchema = z.strictObject({
	/** `inbox` leaves a draft in the TikTok app, for the creator to finish. */
	delivery: z.enum(['direct', 'inbox']).default('direct'),
	/** Whether we send the bytes of a video or TikTok fetches them; photos it always fetches. */
	transfer: z.enum(['upload', 'pull']).default('upload'),
	/** Nobody sees by accident what was not meant to be seen. */
	privacyLevel: privacyLevelSchema.default('SELF_ONLY'),
	disableComment: z.boolean().default(false),
	/** Paid by a third party. */
	brandContent: z.boolean().default(false),
	/** For the creator's own business. */
	brandOrganic: z.boolean().default(false),
	disableDuet: z.boolean().optional(),
	disableStitch: z.boolean().optional(),
	coverTimestampMs: z.number().int().nonnegative().optional(),
	isAiGenerated: z.boolean().optional(),
	/** Which photo is the cover, from 0 on. */
	coverIndex: z.number().int().nonnegative().optional(),
	autoAddMusic: z.boolean().optional(),
});

export type TikTokOptions = z.infer<typeof tiktokOptionsSchema>;

export const videoOnly = ['disableDuet', 'disableStitch', 'coverTimestampMs', 'isAiGenerated'] as const;
export const photosOnly = ['coverIndex', 'autoAddMusic'] as const;

export function optionsOf(content: PostContent): TikTokOptions {
	return tiktokOptionsSchema.parse(content.options ?? {});
}

/** What stands under a video, and beside photos. */
export function captionOf(content: PostContent): string {
	return tidy(content.text);
}

/** Photos have one; a video has none. */
export function photoTitleOf(content: PostContent): string {
	return tidy(content.title);
}

function tidy(text = ''): string {
	return text.normalize('NFC').trim();
}

/** What the creator has switched off for the account stays off, whatever the post says. */
export function videoPostInfo(
	content: PostContent,
	options: TikTokOptions,
	creator: Creator,
): Record<string, unknown> {
	return {
		title: captionOf(content),
		privacy_level: options.privacyLevel,
		disable_duet: (options.disableDuet ?? false) || creator.duet_disabled,
		disable_comment: options.disableComment || creator.comment_disabled,
		disable_stitch: (options.disableStitch ?? false) || creator.stitch_disabled,
		...(options.coverTimestampMs !== undefined && { video_cover_timestamp_ms: options.coverTimestampMs }),
		brand_content_toggle: options.brandContent,
		brand_organic_toggle: options.brandOrganic,
		is_aigc: options.isAiGenerated ?? false,
	};
}

/** @param creator null for a draft: who finishes it decides on everything but the words. */
export function photoPostInfo(
	content: PostContent,
	options: TikTokOptions,
	creator: Creator | null,
): Record<string, unknown> {
	const title = photoTitleOf(content);
	const description = captionOf(content);
	const words = { ...(title && { title }), ...(description && { description }) };
	if (!creator) return words;
	return {
		...words,
		privacy_level: options.privacyLevel,
		disable_comment: options.disableComment || creator.comment_disabled,
		...(options.autoAddMusic !== undefined && { auto_add_music: options.autoAddMusic }),
		brand_content_toggle: options.brandContent,
		brand_organic_toggle: options.brandOrganic,
	};
}
