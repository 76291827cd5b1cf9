import type { LimitWindow } from '../../publishing/adapter';

/** Facts 1.5: an upload has a bucket of its own, per Google Cloud project, full again at midnight Pacific. */
export const youtubeLimits: readonly LimitWindow[] = [
	{
		endpoint: 'videos.insert',
		limitTotal: 100,
		scope: 'app',
		window: { kind: 'calendar-day', timeZone: 'America/Los_Angeles' },
		source: 'facts 1.5 (quota page, since 2026-06-01)',
	},
];

/** Facts 1.4. */
export const youtubeRules = {
	maxTitleChars: 100,
	maxDescriptionBytes: 5_000,
	maxTagChars: 500,
	maxHashtags: 60,
	maxFileBytes: 256 * 1024 ** 3,
	minDurationSec: 0.1,
	maxDurationSec: 12 * 3_600,
} as const;
