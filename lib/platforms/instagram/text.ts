// What Instagram accepts, checked before a byte is sent (facts 3.2, 3.3).
import { z } from 'zod';
import type { MediaFacts, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { durationViolations, optionViolations, sizeViolations, violation } from '../violations';
import { instagramRules } from './limits';

const publicUrl = z.url({ protocol: /^https?$/, error: 'a public web address' });

export const instagramOptionsSchema = z.strictObject({
	/** Missing means true: the reel is in the feed as well. */
	shareToFeed: z.boolean().optional(),
	/** The frame that becomes the cover; `coverUrl` wins over it. */
	thumbOffsetMs: z.number().int().nonnegative().optional(),
	coverUrl: publicUrl.optional(),
	audioName: z.string().min(1).optional(),
	collaborators: z.array(z.string().min(1)).max(instagramRules.maxCollaborators).optional(),
	isAiGenerated: z.boolean().optional(),
	/** A reel or a picture that Instagram fetches by itself, instead of bytes from here. */
	videoUrl: publicUrl.optional(),
	imageUrl: publicUrl.optional(),
	altText: z.string().max(instagramRules.maxAltTextChars).optional(),
});

export function captionOf(content: PostContent): string {
	return (content.text ?? '').normalize('NFC').trim();
}

export function validateForInstagram(content: PostContent, media: MediaFacts | null): Violation[] {
	return [
		...captionViolations(captionOf(content)),
		...optionViolations(instagramOptionsSchema, content.options),
		...sourceViolations(content, media),
		...(media ? mediaViolations(media) : []),
	];
}

function captionViolations(caption: string): Violation[] {
	const { maxCaptionChars, maxMentions, maxHashtags } = instagramRules;
	const chars = [...caption].length;
	const mentions = (caption.match(/(?<![\p{L}\p{N}_.])@[A-Za-z0-9_.]+/gu) ?? []).length;
	const hashtags = (caption.match(/#[\p{L}\p{N}_]+/gu) ?? []).length;
	return [
		...(chars > maxCaptionChars
			? [violation('caption.length', chars, `at most ${maxCaptionChars} characters`, 'Shorten the caption.')]
			: []),
		...(mentions > maxMentions
			? [violation('caption.mentions', mentions, `at most ${maxMentions}`, 'Mention fewer accounts.')]
			: []),
		...(hashtags > maxHashtags
			? [
					violation(
						'caption.hashtags',
						hashtags,
						`at most ${maxHashtags} (Instagram's own cap since December 2025)`,
						'Keep the best five hashtags.',
					),
				]
			: []),
	];
}

/** One medium: the file, or one address that Instagram fetches. */
function sourceViolations({ options }: PostContent, media: MediaFacts | null): Violation[] {
	const parsed = instagramOptionsSchema.safeParse(options ?? {});
	if (!parsed.success) return [];
	const { videoUrl, imageUrl } = parsed.data;
	const sources = [media, videoUrl, imageUrl].filter((source) => source !== null && source !== undefined);
	if (sources.length === 1) return [];
	const fix =
		sources.length === 0
			? 'Give the node a video, or a public address of a video or picture.'
			: 'Remove all but one of the file, Video URL and Image URL.';
	return [violation('media', sources.length === 0 ? 'none' : `${sources.length} media`, 'one', fix)];
}

const videoTypes = ['video/mp4', 'video/quicktime'];

function mediaViolations(media: MediaFacts): Violation[] {
	if (media.kind !== 'video') {
		// Facts 3.2: the upload host takes video alone.
		const fix = 'Put the picture where Instagram can fetch it, and give its address as Image URL.';
		return [violation('media.type', media.mimeType, 'a video; pictures only by their address', fix)];
	}
	const { minReelSec, maxReelSec, maxReelBytes } = instagramRules;
	return [
		...(videoTypes.includes(media.mimeType)
			? []
			: [violation('media.type', media.mimeType, videoTypes.join(', '), 'Render the video as MP4.')]),
		...sizeViolations(media, maxReelBytes),
		...durationViolations(media, { minSec: minReelSec, maxSec: maxReelSec }),
		...pictureViolations(media),
	];
}

function pictureViolations({ widthPx, heightPx, framesPerSec }: MediaFacts): Violation[] {
	const { maxWidthPx, minAspect, maxAspect, minFramesPerSec, maxFramesPerSec } = instagramRules;
	const aspect = widthPx && heightPx ? widthPx / heightPx : 1;
	const size = `${widthPx}×${heightPx}`;
	return [
		...(widthPx !== undefined && widthPx > maxWidthPx
			? [
					violation(
						'media.width',
						size,
						`at most ${maxWidthPx} px wide`,
						'Render narrower, for example 1080.',
					),
				]
			: []),
		...(aspect < minAspect || aspect > maxAspect
			? [violation('media.aspect', size, 'between 0.01:1 and 10:1', 'Crop the video, for example to 9:16.')]
			: []),
		...(framesPerSec !== undefined && (framesPerSec < minFramesPerSec || framesPerSec > maxFramesPerSec)
			? [
					violation(
						'media.frame-rate',
						framesPerSec,
						`${minFramesPerSec} to ${maxFramesPerSec}`,
						'Render at 30 frames.',
					),
				]
			: []),
	];
}

/** The body of a new container (facts 3.2). */
export function containerBody(content: PostContent): Record<string, unknown> {
	const options = instagramOptionsSchema.parse(content.options ?? {});
	const caption = captionOf(content);
	const withCaption = caption === '' ? {} : { caption };
	if (options.imageUrl !== undefined) {
		return {
			image_url: options.imageUrl,
			...withCaption,
			...(options.altText !== undefined && { alt_text: options.altText }),
			...(options.collaborators && { collaborators: options.collaborators }),
			...(options.isAiGenerated !== undefined && { is_ai_generated: options.isAiGenerated }),
		};
	}
	return {
		media_type: 'REELS',
		...(options.videoUrl === undefined ? { upload_type: 'resumable' } : { video_url: options.videoUrl }),
		...withCaption,
		...(options.shareToFeed !== undefined && { share_to_feed: options.shareToFeed }),
		...(options.coverUrl !== undefined && { cover_url: options.coverUrl }),
		...(options.thumbOffsetMs !== undefined && { thumb_offset: options.thumbOffsetMs }),
		...(options.audioName !== undefined && { audio_name: options.audioName }),
		...(options.collaborators && { collaborators: options.collaborators }),
		...(options.isAiGenerated !== undefined && { is_ai_generated: options.isAiGenerated }),
	};
}
