// What X accepts, checked before a byte is sent (facts 4.3–4.5). Length is X's own counting, by X's own
// library: a link is 23, an emoji 2, most of the rest 1 or 2.
import twitterText from 'twitter-text';
import { z } from 'zod';
import type { MediaFacts, Violation } from '../../publishing/adapter';
import type { PostContent } from '../../publishing/post';
import { durationViolations, optionViolations, sizeViolations, violation } from '../violations';
import { xRules } from './limits';

export const xOptionsSchema = z.strictObject({
	/** Missing means everyone. */
	replySettings: z.enum(['following', 'mentionedUsers', 'subscribers', 'verified']).optional(),
	madeWithAi: z.boolean().optional(),
	paidPartnership: z.boolean().optional(),
});

export function textOf(content: PostContent): string {
	return (content.text ?? '').normalize('NFC').trim();
}

export function validateForX(content: PostContent, media: MediaFacts | null): Violation[] {
	return [
		...textViolations(textOf(content), media !== null),
		...optionViolations(xOptionsSchema, content.options),
		...(media ? mediaViolations(media) : []),
	];
}

const maxWeightedLength = 280;

function textViolations(text: string, hasMedia: boolean): Violation[] {
	if (text === '') {
		if (hasMedia) return [];
		return [violation('text', 'empty', 'text or media', 'Write a text, or give the node media.')];
	}
	const { weightedLength, valid } = twitterText.parseTweet(text);
	const cashtags = twitterText.extractCashtags(text).length;
	const tooLong = weightedLength > maxWeightedLength;
	const counting = `at most ${maxWeightedLength} (a link counts 23, an emoji 2)`;
	return [
		...(tooLong ? [violation('text.length', weightedLength, counting, 'Shorten the text.')] : []),
		...(valid || tooLong
			? []
			: [violation('text.characters', 'a forbidden character', 'plain text', 'Remove control characters.')]),
		...(cashtags > 1
			? [
					violation(
						'text.cashtags',
						cashtags,
						'at most 1',
						'Keep one $CASHTAG; X refuses more through its API.',
					),
				]
			: []),
	];
}

const mimeTypes: Readonly<Record<MediaFacts['kind'], readonly string[]>> = {
	video: ['video/mp4', 'video/quicktime'],
	image: ['image/jpeg', 'image/png', 'image/webp'],
	gif: ['image/gif'],
	document: ['image/jpeg', 'image/png', 'image/webp'],
};

const maxBytes: Readonly<Record<MediaFacts['kind'], number>> = {
	video: xRules.maxVideoBytes,
	image: xRules.maxImageBytes,
	gif: xRules.maxGifBytes,
	document: xRules.maxImageBytes,
};

function mediaViolations(media: MediaFacts): Violation[] {
	const types = mimeTypes[media.kind];
	return [
		...(types.includes(media.mimeType)
			? []
			: [violation('media.type', media.mimeType, types.join(', '), 'Convert the media to one of these.')]),
		...sizeViolations(media, maxBytes[media.kind]),
		...(media.kind === 'video' ? videoViolations(media) : []),
	];
}

/**
 * The documented largest picture (1280×1024) is not checked: X accepts the usual 1080×1920 and scales it
 * down itself, and refusing every full-HD clip here would be our rule, not theirs.
 */
function videoViolations(media: MediaFacts): Violation[] {
	const { widthPx, heightPx, framesPerSec = 0 } = media;
	const { minSidePx, maxAspect, maxFramesPerSec } = xRules;
	const size = `${widthPx}×${heightPx}`;
	const hasSize = widthPx !== undefined && heightPx !== undefined && widthPx > 0 && heightPx > 0;
	const isTiny = hasSize && Math.min(widthPx, heightPx) < minSidePx;
	const isStretched = hasSize && Math.max(widthPx / heightPx, heightPx / widthPx) > maxAspect;
	return [
		...durationViolations(media, { minSec: xRules.minVideoSec, maxSec: xRules.maxVideoSec }),
		...(isTiny
			? [violation('media.size-px', size, `${minSidePx}×${minSidePx} or more`, 'Render larger.')]
			: []),
		...(isStretched
			? [violation('media.aspect', size, 'between 1:3 and 3:1', 'Crop the video, for example to 9:16.')]
			: []),
		...(framesPerSec > maxFramesPerSec
			? [violation('media.frame-rate', framesPerSec, `at most ${maxFramesPerSec}`, 'Render at 30 frames.')]
			: []),
	];
}

/** The body of the publishing call. X refuses keys that it does not know, so nothing is passed through. */
export function postBody(content: PostContent, mediaId: string | null): Record<string, unknown> {
	const options = xOptionsSchema.parse(content.options ?? {});
	const text = textOf(content);
	return {
		...(text !== '' && { text }),
		...(mediaId !== null && { media: { media_ids: [mediaId] } }),
		...(options.replySettings && { reply_settings: options.replySettings }),
		...(options.madeWithAi !== undefined && { made_with_ai: options.madeWithAi }),
		...(options.paidPartnership !== undefined && { paid_partnership: options.paidPartnership }),
	};
}
