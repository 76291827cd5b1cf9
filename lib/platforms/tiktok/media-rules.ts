// Which videos and photos TikTok accepts (facts 2.5).
import type { MediaFacts, MediaItem, Violation } from '../../publishing/adapter';
import { durationViolations, sizeViolations, violation } from '../violations';
import { tiktokRules } from './limits';

export function isPhotoPost([first]: readonly MediaItem[]): boolean {
	return first?.facts.kind === 'image';
}

export function mediaViolations(media: readonly MediaItem[]): Violation[] {
	const [first] = media;
	const { maxPhotos } = tiktokRules;
	const allowed = `one video, or 1 to ${maxPhotos} photos`;
	if (!first) return [violation('media', 'none', allowed, 'Give the node a video or photos.')];
	if (!isPhotoPost(media)) {
		const found = media.map(({ facts }) => facts.kind).join(', ');
		return [
			...(media.length > 1 ? [violation('media.count', found, allowed, 'Make a post for each video.')] : []),
			...videoViolations(first.facts),
		];
	}
	return [
		...(media.length > maxPhotos
			? [violation('media.count', media.length, allowed, 'Leave some photos out.')]
			: []),
		...media.flatMap(({ facts }, index) =>
			photoViolations(facts).map((one) => ({ ...one, found: `#${index + 1}: ${one.found}` })),
		),
	];
}

function photoViolations(photo: MediaFacts): Violation[] {
	const { photoMimeTypes, maxPhotoBytes, maxPhotoLongSidePx, maxPhotoShortSidePx } = tiktokRules;
	const { widthPx = 0, heightPx = 0 } = photo;
	const isLarge =
		Math.max(widthPx, heightPx) > maxPhotoLongSidePx || Math.min(widthPx, heightPx) > maxPhotoShortSidePx;
	return [
		...(photoMimeTypes.some((type) => type === photo.mimeType)
			? []
			: [
					violation(
						'media.type',
						photo.mimeType,
						photoMimeTypes.join(', '),
						'Convert the photo to JPEG; beside photos there can be no video.',
					),
				]),
		...sizeViolations(photo, maxPhotoBytes),
		...(isLarge
			? [
					violation(
						'media.size-px',
						`${widthPx}×${heightPx}`,
						`at most ${maxPhotoShortSidePx}×${maxPhotoLongSidePx}`,
						'Make the photo smaller.',
					),
				]
			: []),
	];
}

function videoViolations(media: MediaFacts): Violation[] {
	const { mimeTypes, maxVideoBytes, minDurationSec, maxDurationSec } = tiktokRules;
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
