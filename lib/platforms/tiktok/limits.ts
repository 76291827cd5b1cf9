import type { LimitWindow } from '../../publishing/adapter';

/**
 * Facts 2.2, 2.6. Videos, drafts and photos each have an init of their own with this window; one window for all
 * of them is on the safe side. The daily cap of a creator is no window here: it has no published number and counts other apps
 * too. TikTok says when it is reached, and then the post waits for a day.
 */
export const tiktokLimits: readonly LimitWindow[] = [
	{
		endpoint: 'video/init',
		limitTotal: 6,
		scope: 'account',
		window: { kind: 'rolling', lengthSec: 60 },
		source: 'facts 2.2 (direct post reference)',
	},
];

/** Facts 2.2, 2.5. Sizes are read the strict way where the docs do not say which megabyte they mean. */
export const tiktokRules = {
	maxCaptionUnits: 2_200,
	maxPhotoTitleUnits: 90,
	maxPhotoDescriptionUnits: 4_000,
	maxPhotos: 35,
	maxPhotoBytes: 20_000_000,
	/** "1080p", whichever way the photo is held. */
	maxPhotoShortSidePx: 1_080,
	maxPhotoLongSidePx: 1_920,
	photoMimeTypes: ['image/jpeg', 'image/webp'],
	maxVideoBytes: 4_000_000_000,
	minDurationSec: 3,
	/** The creator's own cap is read before each post and can be lower. */
	maxDurationSec: 600,
	minSidePx: 360,
	maxSidePx: 4_096,
	minFramesPerSec: 23,
	maxFramesPerSec: 60,
	videoCodecs: ['h264', 'hevc', 'vp8', 'vp9'],
	mimeTypes: ['video/mp4', 'video/quicktime', 'video/webm'],
} as const;
