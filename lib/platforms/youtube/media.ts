// What a post on YouTube is made of: one video, and at most one picture, its thumbnail.
import type { MediaItem, Violation } from '../../publishing/adapter';
import { durationViolations, sizeViolations, violation } from '../violations';
import { youtubeRules } from './limits';

interface SplitMedia<Item extends MediaItem> {
	readonly videos: readonly Item[];
	readonly pictures: readonly Item[];
}

/** By what they are and not by their order: a picture is never uploaded as the video. */
export function splitMedia<Item extends MediaItem>(media: readonly Item[]): SplitMedia<Item> {
	const isPicture = ({ facts: { mimeType } }: Item): boolean => mimeType.startsWith('image/');
	return { videos: media.filter((item) => !isPicture(item)), pictures: media.filter(isPicture) };
}

export function mediaViolations(media: readonly MediaItem[]): Violation[] {
	const { videos, pictures } = splitMedia(media);
	return [
		...countViolations(videos, pictures),
		...videos.slice(0, 1).flatMap(videoViolations),
		...pictures.slice(0, 1).flatMap(thumbnailViolations),
	];
}

function countViolations(videos: readonly MediaItem[], pictures: readonly MediaItem[]): Violation[] {
	const needsVideo = 'Give the node a video file.';
	const [picture] = pictures;
	if (videos.length === 0) {
		return picture
			? [violation('media.type', picture.facts.mimeType, 'a video', needsVideo)]
			: [violation('media', 'none', 'one video', needsVideo)];
	}
	return [
		...(videos.length > 1
			? [violation('media.count', videos.length, 'one video', 'Make a post for each video.')]
			: []),
		...(pictures.length > 1
			? [violation('thumbnail.count', pictures.length, 'one picture', 'Choose one thumbnail.')]
			: []),
	];
}

function videoViolations({ facts }: MediaItem): Violation[] {
	const { mimeType } = facts;
	const isVideo = mimeType.startsWith('video/') || mimeType === 'application/octet-stream';
	const { maxFileBytes, minDurationSec, maxDurationSec } = youtubeRules;
	return [
		...(isVideo ? [] : [violation('media.type', mimeType, 'a video', 'Give the node a video file.')]),
		...sizeViolations(facts, maxFileBytes),
		...durationViolations(facts, { minSec: minDurationSec, maxSec: maxDurationSec }),
	];
}

function thumbnailViolations({ facts }: MediaItem): Violation[] {
	const { maxThumbnailBytes, thumbnailTypes } = youtubeRules;
	const fix = 'Save the thumbnail as JPEG or PNG.';
	return [
		...(thumbnailTypes.includes(facts.mimeType)
			? []
			: [violation('thumbnail.type', facts.mimeType, 'JPEG or PNG', fix)]),
		...sizeViolations(facts, maxThumbnailBytes).map(({ found, allowed }) =>
			violation('thumbnail.size', found, allowed, 'Save the thumbnail anew, and smaller if it is too large.'),
		),
	];
}
