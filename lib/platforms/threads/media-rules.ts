// How many media a post has, and what each of them may be like (facts 7.2, 7.3).
import type { MediaFacts, MediaItem, Violation } from '../../publishing/adapter';
import { durationViolations, sizeViolations, violation } from '../violations';
import { threadsRules as rules } from './rules';

export function threadsMediaViolations(media: readonly MediaItem[]): Violation[] {
	const { maxMedia } = rules;
	return [
		...(media.length > maxMedia
			? [violation('media.count', media.length, `at most ${maxMedia}`, 'Split the media over several posts.')]
			: []),
		...media.flatMap(({ facts, altText }) => [...factsViolations(facts), ...altTextViolations(altText)]),
	];
}

function altTextViolations(altText = ''): Violation[] {
	const { maxAltTextChars } = rules;
	const chars = [...altText].length;
	if (chars <= maxAltTextChars) return [];
	return [
		violation(
			'media.altText',
			chars,
			`at most ${maxAltTextChars} characters`,
			'Shorten the alternative text.',
		),
	];
}

const mimeTypes: Readonly<Record<MediaFacts['kind'], readonly string[]>> = {
	video: ['video/mp4', 'video/quicktime'],
	image: ['image/jpeg', 'image/png'],
	gif: [],
	document: [],
};

function factsViolations(media: MediaFacts): Violation[] {
	const types = mimeTypes[media.kind];
	const allowed = types.join(', ') || 'MP4, MOV, JPEG or PNG';
	return [
		...(types.includes(media.mimeType)
			? []
			: [violation('media.type', media.mimeType, allowed, 'Convert the media to one of these.')]),
		...sizeViolations(media, media.kind === 'video' ? rules.maxVideoBytes : rules.maxImageBytes),
		...(media.kind === 'video' ? videoViolations(media) : []),
		...(media.kind === 'image' ? imageViolations(media) : []),
	];
}

function videoViolations(media: MediaFacts): Violation[] {
	const { widthPx, heightPx, framesPerSec } = media;
	const fps = { min: rules.minFramesPerSec, max: rules.maxFramesPerSec };
	// ffprobe's 23.976 is what the docs call 23.
	const isOddRate = framesPerSec !== undefined && (framesPerSec < fps.min || framesPerSec > fps.max);
	const aspect = widthPx && heightPx ? widthPx / heightPx : null;
	return [
		...durationViolations(media, { minSec: 0, maxSec: rules.maxVideoSec }),
		...(isOddRate
			? [
					violation(
						'media.frame-rate',
						framesPerSec,
						`${fps.min} to ${fps.max}`,
						'Render at 30 frames per second.',
					),
				]
			: []),
		...(widthPx !== undefined && widthPx > rules.maxVideoWidthPx
			? [violation('media.width', `${widthPx} px`, `at most ${rules.maxVideoWidthPx} px`, 'Render smaller.')]
			: []),
		...(aspect !== null && (aspect > rules.maxAspect || aspect < rules.minVideoAspect)
			? [violation('media.aspect', `${widthPx}×${heightPx}`, '0.01:1 to 10:1', 'Crop the video.')]
			: []),
	];
}

/** A width outside of 320 to 1440 is scaled by Threads itself; only the shape is refused. */
function imageViolations({ widthPx, heightPx }: MediaFacts): Violation[] {
	const aspect = widthPx && heightPx ? Math.max(widthPx / heightPx, heightPx / widthPx) : 1;
	if (aspect <= rules.maxAspect) return [];
	return [violation('media.aspect', `${widthPx}×${heightPx}`, 'at most 10:1', 'Crop the image.')];
}
