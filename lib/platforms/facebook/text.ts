// What Facebook accepts, checked before a byte is sent (facts 6.2, 6.3), and the texts made from it.
import { z } from 'zod';
import type { MediaFacts, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { durationViolations, optionViolations, sizeViolations, violation } from '../violations';
import { facebookRules } from './limits';

export const facebookOptionsSchema = z.strictObject({
	/** May be left out by who manages one page only. */
	pageId: z.string().regex(/^\d+$/, 'the number of a page').optional(),
	/** A reel is short and upright; everything else is a video. */
	videoType: z.enum(['reel', 'video']).default('reel'),
	/** Shown as a preview under the text. */
	link: z.url({ protocol: /^https?$/, error: 'a web address' }).optional(),
});

export function optionsOf(content: PostContent): z.infer<typeof facebookOptionsSchema> {
	return facebookOptionsSchema.parse(content.options ?? {});
}

export function textOf(content: PostContent): string {
	return (content.text ?? '').normalize('NFC').trim();
}

export function validateForFacebook(content: PostContent, media: MediaFacts | null): Violation[] {
	const options = facebookOptionsSchema.safeParse(content.options ?? {});
	const { link, videoType } = options.success
		? options.data
		: { link: undefined, videoType: 'reel' as const };
	return [
		...textViolations(textOf(content), { hasMore: media !== null || link !== undefined }),
		...optionViolations(facebookOptionsSchema, content.options),
		...(media && link ? [linkWithMedia(link)] : []),
		...(media ? mediaViolations(media, videoType) : []),
	];
}

function textViolations(text: string, { hasMore }: { hasMore: boolean }): Violation[] {
	if (text === '' && !hasMore) {
		return [violation('text', 'empty', 'text, a link or media', 'Write a text, or give the node media.')];
	}
	const { maxTextChars } = facebookRules;
	if (text.length <= maxTextChars) return [];
	return [violation('text.length', text.length, `at most ${maxTextChars} characters`, 'Shorten the text.')];
}

function linkWithMedia(link: string): Violation {
	const fix = 'Write the link into the text, or remove the media.';
	return violation('option:link', link, 'only in a post without media', fix);
}

const photoTypes = ['image/jpeg', 'image/png'];
const videoTypes = { reel: ['video/mp4'], video: ['video/mp4', 'video/quicktime'] };

function mediaViolations(media: MediaFacts, videoType: 'reel' | 'video'): Violation[] {
	const isVideo = media.kind === 'video';
	const types = isVideo ? videoTypes[videoType] : photoTypes;
	return [
		...(types.includes(media.mimeType)
			? []
			: [violation('media.type', media.mimeType, types.join(', '), 'Convert the media to one of these.')]),
		...sizeViolations(media, isVideo ? facebookRules.maxVideoBytes : facebookRules.maxPhotoBytes),
		...(isVideo ? videoViolations(media, videoType) : []),
	];
}

function videoViolations(media: MediaFacts, videoType: 'reel' | 'video'): Violation[] {
	if (videoType === 'video') return durationViolations(media, facebookRules.video);
	return [
		...durationViolations(media, facebookRules.reel),
		...pictureViolations(media),
		...codecViolations(media),
	];
}

/** Encoders round to even numbers, so a picture may miss the exact ratio by a little. */
const aspectTolerance = 0.01;
const orVideo = 'Render the clip for it, or publish it with the type Video instead of Reel.';

function pictureViolations({ widthPx, heightPx, framesPerSec }: MediaFacts): Violation[] {
	const { minWidthPx, minHeightPx, aspect, minFramesPerSec, maxFramesPerSec } = facebookRules.reel;
	const found: Violation[] = [];
	if (widthPx !== undefined && heightPx !== undefined && heightPx > 0) {
		const size = `${widthPx}×${heightPx}`;
		if (Math.abs(widthPx / heightPx - aspect) > aspectTolerance) {
			found.push(violation('media.aspect', size, '9:16', orVideo));
		} else if (widthPx < minWidthPx || heightPx < minHeightPx) {
			found.push(violation('media.size-px', size, `${minWidthPx}×${minHeightPx} or more`, orVideo));
		}
	}
	if (
		framesPerSec !== undefined &&
		(framesPerSec < minFramesPerSec - 0.1 || framesPerSec > maxFramesPerSec)
	) {
		const allowed = `${minFramesPerSec} to ${maxFramesPerSec}`;
		found.push(violation('media.frame-rate', framesPerSec, allowed, orVideo));
	}
	return found;
}

const videoCodecs = ['h264', 'hevc', 'vp9', 'av1'];
const audioCodecs = ['aac'];

function codecViolations({ videoCodec, audioCodec }: MediaFacts): Violation[] {
	return [
		...(videoCodec === undefined || videoCodecs.includes(videoCodec)
			? []
			: [violation('media.video-codec', videoCodec, videoCodecs.join(', '), orVideo)]),
		...(audioCodec === undefined || audioCodecs.includes(audioCodec)
			? []
			: [violation('media.audio-codec', audioCodec, audioCodecs.join(', '), orVideo)]),
	];
}

/** What a reel or a video says of itself. */
export function videoTexts(content: PostContent): Record<string, string> {
	const [text, title] = [textOf(content), content.title?.trim()];
	return { ...(text !== '' && { description: text }), ...(title && { title }) };
}

/** The body of a post in the feed. */
export function feedBody(content: PostContent, photoId: string | null): Record<string, unknown> {
	const { link } = optionsOf(content);
	const text = textOf(content);
	return {
		...(text !== '' && { message: text }),
		...(link && { link }),
		...(photoId !== null && { attached_media: [{ media_fbid: photoId }] }),
	};
}
