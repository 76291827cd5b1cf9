// Which pictures and videos X accepts, and together with which (facts 4.2, 4.3, 4.5).
import type { MediaFacts, MediaItem, Violation } from '../../publishing/adapter';
import { durationViolations, sizeViolations, violation } from '../violations';
import { xRules } from './limits';

/** A description of a video is refused by X. */
export function takesAltText({ kind }: MediaFacts): boolean {
	return kind !== 'video';
}

/** Longer or larger than X takes from everybody; Premium accounts may go further (facts 4.5). */
export function isLongVideo({ kind, sizeBytes, durationSec = 0 }: MediaFacts): boolean {
	return kind === 'video' && (sizeBytes > xRules.maxVideoBytes || durationSec > xRules.maxVideoSec);
}

export function mediaViolations(media: readonly MediaItem[], isPremium: boolean): Violation[] {
	return [
		...mixViolations(media),
		...media.flatMap((item, index) => {
			const found = [...oneMediumViolations(item.facts, isPremium), ...altTextViolations(item)];
			// Of several, people have to know which one it is.
			return media.length === 1
				? found
				: found.map((one) => ({ ...one, found: `#${index + 1}: ${one.found}` }));
		}),
	];
}

function mixViolations(media: readonly MediaItem[]): Violation[] {
	const pictures = media.filter(({ facts }) => facts.kind === 'image').length;
	const isWholeSet = media.length <= 1 || (pictures === media.length && pictures <= xRules.maxPictures);
	if (isWholeSet) return [];
	const found = media.map(({ facts }) => facts.kind).join(', ');
	const allowed = `up to ${xRules.maxPictures} pictures, or one GIF, or one video`;
	return [
		violation('media.count', found, allowed, 'Make a post for each GIF or video, and for every 4 pictures.'),
	];
}

function altTextViolations({ facts, altText = '' }: MediaItem): Violation[] {
	const { maxAltTextChars } = xRules;
	if (!takesAltText(facts) || altText.length <= maxAltTextChars) return [];
	return [
		violation(
			'media.alt-text',
			altText.length,
			`at most ${maxAltTextChars} characters`,
			'Shorten the description.',
		),
	];
}

/** More segments than this X does not take (facts 4.2). */
const maxSentBytes = xRules.segmentBytes * xRules.maxSegments;

interface KindRules {
	readonly mimeTypes: readonly string[];
	readonly maxBytes: number;
}

/** Whatever else there is, X has no place for it in a post. */
const kinds: Readonly<Partial<Record<MediaFacts['kind'], KindRules>>> = {
	video: { mimeTypes: ['video/mp4', 'video/quicktime'], maxBytes: xRules.maxVideoBytes },
	image: { mimeTypes: ['image/jpeg', 'image/png', 'image/webp'], maxBytes: xRules.maxImageBytes },
	gif: { mimeTypes: ['image/gif'], maxBytes: xRules.maxGifBytes },
};

function oneMediumViolations(media: MediaFacts, isPremium: boolean): Violation[] {
	const known = kinds[media.kind];
	if (!known?.mimeTypes.includes(media.mimeType)) {
		const allowed = (known ? [known] : Object.values(kinds)).flatMap(({ mimeTypes }) => mimeTypes).join(', ');
		return [violation('media.type', media.mimeType, allowed, 'Convert the media to one of these.')];
	}
	return [
		...sizeViolations(media, isPremium && media.kind === 'video' ? maxSentBytes : known.maxBytes),
		...(media.kind === 'video' ? videoViolations(media, isPremium) : []),
		...(media.kind === 'gif' ? gifViolations(media) : []),
	];
}

function gifViolations({ widthPx = 0, heightPx = 0 }: MediaFacts): Violation[] {
	const { maxGifWidthPx, maxGifHeightPx } = xRules;
	if (widthPx <= maxGifWidthPx && heightPx <= maxGifHeightPx) return [];
	const allowed = `at most ${maxGifWidthPx}×${maxGifHeightPx}`;
	return [violation('media.size-px', `${widthPx}×${heightPx}`, allowed, 'Make the GIF smaller.')];
}

/**
 * The documented largest picture (1280×1024) is not checked: X accepts the usual 1080×1920 and scales it
 * down itself, and refusing every full-HD clip here would be our rule, not theirs.
 */
function videoViolations(media: MediaFacts, isPremium: boolean): Violation[] {
	const { widthPx, heightPx, framesPerSec = 0 } = media;
	const { minSidePx, maxAspect, maxFramesPerSec } = xRules;
	const size = `${widthPx}×${heightPx}`;
	const hasSize = widthPx !== undefined && heightPx !== undefined && widthPx > 0 && heightPx > 0;
	const isTiny = hasSize && Math.min(widthPx, heightPx) < minSidePx;
	const isStretched = hasSize && Math.max(widthPx / heightPx, heightPx / widthPx) > maxAspect;
	return [
		...durationViolations(media, {
			minSec: xRules.minVideoSec,
			// How much longer a Premium account may go X does not say; it answers for itself.
			maxSec: isPremium ? Number.POSITIVE_INFINITY : xRules.maxVideoSec,
		}),
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
