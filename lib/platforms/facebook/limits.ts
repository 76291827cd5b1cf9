import type { LimitWindow } from '../../publishing/adapter';
import { facebookOptionsSchema, kindOf } from './options';

/** Facts 6.2. Calls in general are counted by the page's audience (6.4), which no figure here could know. */
export const facebookLimits: readonly LimitWindow[] = [
	{
		endpoint: 'POST /{page}/video_reels',
		limitTotal: 30,
		scope: 'account',
		window: { kind: 'rolling', lengthSec: 24 * 3_600 },
		source: 'facts 6.2 (reels publishing guide, 2026-07-30)',
		counts: (content, media) => {
			const options = facebookOptionsSchema.safeParse(content.options ?? {});
			return options.success && kindOf(options.data, media) === 'reel';
		},
	},
];

/** Facts 6.2, 6.3, 6.5. Sizes are read the strict way where the docs do not say which megabyte they mean. */
export const facebookRules = {
	maxTextChars: 63_206,
	maxPhotoBytes: 4_000_000,
	/** No page says how many photos one post takes; this many surely. */
	maxPhotos: 10,
	/** The docs say 30 days in one place and 75 in another. */
	schedule: { minMs: 10 * 60_000, maxMs: 30 * 86_400_000 },
	maxVideoBytes: 10_000_000_000,
	reel: {
		minSec: 3,
		maxSec: 90,
		minWidthPx: 540,
		minHeightPx: 960,
		aspect: 9 / 16,
		minFramesPerSec: 24,
		maxFramesPerSec: 60,
	},
	story: { minSec: 3, maxSec: 60 },
	video: { minSec: 1, maxSec: 4 * 3_600 },
} as const;
