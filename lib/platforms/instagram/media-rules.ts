// How many media a post has, and what each of them may be like (facts 3.2, 3.3).
import type { MediaFacts, MediaItem, Violation } from '../../publishing/adapter';
import { durationViolations, sizeViolations, violation } from '../violations';
import { instagramRules as rules } from './limits';
import type { PostKind } from './options';

export function instagramMediaViolations(kind: PostKind, media: readonly MediaItem[]): Violation[] {
	return [...countViolations(kind, media.length), ...media.flatMap((item) => itemViolations(kind, item))];
}

function countViolations(kind: PostKind, count: number): Violation[] {
	if (count === 0) {
		const fix = 'Give the node a picture or a video: Instagram has no posts of words alone.';
		return [violation('media', 'none', 'a picture or a video', fix)];
	}
	if (kind === 'story' && count > 1) {
		return [violation('media.count', count, 'one in a story', 'Make a story for each of them.')];
	}
	if (count <= rules.maxMedia) return [];
	return [
		violation('media.count', count, `at most ${rules.maxMedia}`, 'Split the media over several posts.'),
	];
}

function itemViolations(kind: PostKind, { facts, altText }: MediaItem): Violation[] {
	if (facts.kind === 'video') return videoViolations(kind, facts);
	return [...imageViolations(kind, facts), ...(kind === 'story' ? [] : altTextViolations(altText))];
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

function imageViolations(kind: PostKind, media: MediaFacts): Violation[] {
	const { widthPx, heightPx, mimeType } = media;
	const aspect = widthPx && heightPx ? widthPx / heightPx : 1;
	const { minImageAspect, maxImageAspect, aspectTolerance } = rules;
	const isOddShape = aspect < minImageAspect - aspectTolerance || aspect > maxImageAspect + aspectTolerance;
	const fix = 'Crop the picture, for example to 4:5 or 1:1.';
	return [
		...(mimeType === 'image/jpeg'
			? []
			: [violation('media.type', mimeType, 'image/jpeg', 'Convert the picture to JPEG.')]),
		...sizeViolations(media, rules.maxImageBytes),
		// A width outside of 320 to 1440 is scaled by Instagram itself; stories fill up what is missing.
		...(isOddShape && kind !== 'story'
			? [violation('media.aspect', `${widthPx}×${heightPx}`, '4:5 to 1.91:1', fix)]
			: []),
	];
}

const videoTypes = ['video/mp4', 'video/quicktime'];

function videoViolations(kind: PostKind, media: MediaFacts): Violation[] {
	const { widthPx, framesPerSec } = media;
	const limits = kind === 'story' ? rules.storyVideo : rules.reelVideo;
	const { minFramesPerSec, maxFramesPerSec, maxWidthPx } = rules;
	return [
		...(videoTypes.includes(media.mimeType)
			? []
			: [violation('media.type', media.mimeType, videoTypes.join(', '), 'Render the video as MP4.')]),
		...sizeViolations(media, limits.maxBytes),
		...durationViolations(media, limits),
		...(widthPx !== undefined && widthPx > maxWidthPx
			? [
					violation(
						'media.width',
						`${widthPx}×${media.heightPx}`,
						`at most ${maxWidthPx} px wide`,
						'Render narrower, for example 1080.',
					),
				]
			: []),
		...shapeViolations(media, limits.minAspect),
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

function shapeViolations({ widthPx, heightPx }: MediaFacts, minAspect: number): Violation[] {
	const aspect = widthPx && heightPx ? widthPx / heightPx : 1;
	if (aspect >= minAspect && aspect <= rules.maxAspect) return [];
	return [
		violation(
			'media.aspect',
			`${widthPx}×${heightPx}`,
			`between ${minAspect}:1 and ${rules.maxAspect}:1`,
			'Crop the video, for example to 9:16.',
		),
	];
}
