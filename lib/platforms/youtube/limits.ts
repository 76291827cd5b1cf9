import type { LimitWindow } from '../../publishing/adapter';

/**
 * Facts 1.5: an upload has a bucket of its own, per Google Cloud project, full again at midnight Pacific. It is all
 * that a post needs. A thumbnail (50 units) and each playlist (51) come out of the general 10,000 units; when those
 * are used up the post is made all the same and says what is missing, so they are no window of it.
 */
export const youtubeLimits: readonly LimitWindow[] = [
	{
		endpoint: 'videos.insert',
		limitTotal: 100,
		scope: 'app',
		window: { kind: 'calendar-day', timeZone: 'America/Los_Angeles' },
		source: 'facts 1.5 (quota page, since 2026-06-01)',
	},
];

/** Facts 1.4, but where it says so. */
export const youtubeRules = {
	maxTitleChars: 100,
	maxDescriptionBytes: 5_000,
	maxTagChars: 500,
	maxHashtags: 60,
	maxFileBytes: 256 * 1024 ** 3,
	minDurationSec: 0.1,
	maxDurationSec: 12 * 3_600,
	/** 1.2: since 2026-09-14; 2 MB before. */
	maxThumbnailBytes: 50 * 1024 ** 2,
	thumbnailTypes: ['image/jpeg', 'image/png'] as readonly string[],
	/** Ours, not YouTube's: each costs 51 of the 10,000 units of a day. */
	maxPlaylists: 10,
} as const;
