import type { LimitWindow } from '../../publishing/adapter';

/** Facts 7.3. Calls are counted too, but by the profile's impressions, with a floor that posts never reach. */
export const threadsLimits: readonly LimitWindow[] = [
	{
		endpoint: 'POST /threads_publish',
		limitTotal: 250,
		scope: 'account',
		window: { kind: 'rolling', lengthSec: 24 * 3_600 },
		source: 'facts 7.3 (posts of a profile)',
	},
];

/** Facts 7.2, 7.3. Sizes are read the strict way where the docs do not say which megabyte they mean. */
export const threadsRules = {
	maxText: 500,
	maxLinks: 5,
	maxTopicTagChars: 50,
	maxAltTextChars: 1_000,
	maxImageBytes: 8_000_000,
	maxVideoBytes: 1_000_000_000,
	maxVideoSec: 300,
	minFramesPerSec: 23,
	maxFramesPerSec: 60,
	minImageWidthPx: 320,
	maxImageWidthPx: 1_440,
	maxVideoWidthPx: 1_920,
	maxAspect: 10,
	minVideoAspect: 0.01,
} as const;
