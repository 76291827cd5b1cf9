// What TikTok accepts, checked before a byte is sent (facts 2.2, 2.5), and the body of the init made from it.
import { z } from 'zod';
import type { MediaFacts, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { durationViolations, optionViolations, sizeViolations, violation } from '../violations';
import { tiktokRules } from './limits';
import { privacyLevelSchema, type Creator } from './types';

export const tiktokOptionsSchema = z.strictObject({
	/** `inbox` leaves a draft in the TikTok app, for the creator to finish. */
	delivery: z.enum(['direct', 'inbox']).default('direct'),
	/** Nobody sees by accident what was not meant to be seen. */
	privacyLevel: privacyLevelSchema.default('SELF_ONLY'),
	disableComment: z.boolean().default(false),
	disableDuet: z.boolean().default(false),
	disableStitch: z.boolean().default(false),
	coverTimestampMs: z.number().int().nonnegative().optional(),
	/** Paid by a third party. */
	brandContent: z.boolean().default(false),
	/** For the creator's own business. */
	brandOrganic: z.boolean().default(false),
	isAiGenerated: z.boolean().default(false),
});

export type TikTokOptions = z.infer<typeof tiktokOptionsSchema>;

export function captionOf(content: PostContent): string {
	return (content.text ?? '').normalize('NFC').trim();
}

export function validateForTikTok(content: PostContent, media: MediaFacts | null): Violation[] {
	const options = tiktokOptionsSchema.safeParse(content.options ?? {});
	return [
		...captionViolations(captionOf(content)),
		...optionViolations(tiktokOptionsSchema, content.options),
		...(options.success ? combinationViolations(options.data, content, media) : []),
		...mediaViolations(media),
	];
}

function captionViolations(caption: string): Violation[] {
	const { maxCaptionUnits } = tiktokRules;
	if (caption.length <= maxCaptionUnits) return [];
	const allowed = `at most ${maxCaptionUnits} UTF-16 units (most emoji count 2)`;
	return [violation('text.length', caption.length, allowed, 'Shorten the caption.')];
}

function combinationViolations(
	options: TikTokOptions,
	content: PostContent,
	media: MediaFacts | null,
): Violation[] {
	const { brandContent, privacyLevel, delivery, coverTimestampMs } = options;
	const durationMs = (media?.durationSec ?? Number.POSITIVE_INFINITY) * 1000;
	return [
		...(brandContent && privacyLevel === 'SELF_ONLY'
			? [
					violation(
						'option:brandContent',
						'with SELF_ONLY',
						'only where others can see it',
						'Choose another privacy, or switch off the paid partnership.',
					),
				]
			: []),
		...(delivery === 'inbox' && captionOf(content) !== ''
			? [
					violation(
						'text.draft',
						'a caption',
						'none in a draft',
						'Post directly, or leave the caption empty: the creator writes it in the TikTok app.',
					),
				]
			: []),
		...(coverTimestampMs !== undefined && coverTimestampMs > durationMs
			? [
					violation(
						'option:coverTimestampMs',
						coverTimestampMs,
						`at most ${Math.floor(durationMs)}`,
						'Choose a moment within the video.',
					),
				]
			: []),
	];
}

function mediaViolations(media: MediaFacts | null): Violation[] {
	const { mimeTypes, maxVideoBytes, minDurationSec, maxDurationSec } = tiktokRules;
	if (!media) return [violation('media', 'none', 'one video', 'Give the node a video file.')];
	const isKnown = mimeTypes.some((type) => type === media.mimeType);
	return [
		...(isKnown
			? []
			: [violation('media.type', media.mimeType, mimeTypes.join(', '), 'Render the media as an MP4 video.')]),
		...sizeViolations(media, maxVideoBytes),
		...durationViolations(media, { minSec: minDurationSec, maxSec: maxDurationSec }),
		...pictureViolations(media),
	];
}

function pictureViolations({ widthPx, heightPx, framesPerSec, videoCodec }: MediaFacts): Violation[] {
	const { minSidePx, maxSidePx, minFramesPerSec, maxFramesPerSec, videoCodecs } = tiktokRules;
	const sides = [widthPx, heightPx].filter((side) => side !== undefined && side > 0) as number[];
	const rate = framesPerSec ?? minFramesPerSec;
	return [
		...(sides.some((side) => side < minSidePx || side > maxSidePx)
			? [
					violation(
						'media.size-px',
						`${widthPx}×${heightPx}`,
						`${minSidePx} to ${maxSidePx} on each side`,
						'Render the video in another size, for example 1080×1920.',
					),
				]
			: []),
		...(rate < minFramesPerSec || rate > maxFramesPerSec
			? [
					violation(
						'media.frame-rate',
						rate,
						`${minFramesPerSec} to ${maxFramesPerSec}`,
						'Render at 30 frames.',
					),
				]
			: []),
		...(videoCodec !== undefined && !videoCodecs.some((codec) => codec === videoCodec)
			? [violation('media.codec', videoCodec, videoCodecs.join(', '), 'Render the video with H.264.')]
			: []),
	];
}

/** What the creator has switched off for the account stays off, whatever the post says (facts 2.2). */
export function postInfo(content: PostContent, options: TikTokOptions, creator: Creator): unknown {
	return {
		title: captionOf(content),
		privacy_level: options.privacyLevel,
		disable_duet: options.disableDuet || creator.duet_disabled,
		disable_comment: options.disableComment || creator.comment_disabled,
		disable_stitch: options.disableStitch || creator.stitch_disabled,
		...(options.coverTimestampMs !== undefined && { video_cover_timestamp_ms: options.coverTimestampMs }),
		brand_content_toggle: options.brandContent,
		brand_organic_toggle: options.brandOrganic,
		is_aigc: options.isAiGenerated,
	};
}
