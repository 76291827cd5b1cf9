import type { LimitWindow } from '../../publishing/adapter';
import { learnFromQuota } from '../graph-quota';

/** Facts 3.4. The docs say 50 and 100 for posts; the smaller one is planned with, the real one is read. */
export const instagramLimits: readonly LimitWindow[] = [
	{
		endpoint: 'POST /media_publish',
		limitTotal: 50,
		scope: 'account',
		window: { kind: 'rolling', lengthSec: 24 * 3_600 },
		source: 'facts 3.4 (content_publishing_limit)',
		learnFrom: learnFromQuota('/content_publishing_limit', { usage: 'quota_usage', config: 'config' }),
	},
	{
		endpoint: 'POST /media',
		limitTotal: 400,
		scope: 'account',
		window: { kind: 'rolling', lengthSec: 24 * 3_600 },
		source: 'facts 3.4 (container creation)',
		// One for each item of a carousel, and one around them.
		callsOf: (_content, media) => (media.length > 1 ? media.length + 1 : 1),
	},
];

/** Facts 3.2, 3.3. Sizes are read the strict way where the docs do not say which megabyte they mean. */
export const instagramRules = {
	maxCaptionChars: 2_200,
	maxMentions: 20,
	/** The API takes 30, Instagram itself caps at 5 since December 2025. */
	maxHashtags: 5,
	maxCollaborators: 3,
	maxAltTextChars: 1_000,
	/** A carousel, which begins at two. */
	maxMedia: 10,
	maxImageBytes: 8_000_000,
	minImageAspect: 4 / 5,
	maxImageAspect: 1.91,
	/** Whole pixels rarely give 1.91 exactly. */
	aspectTolerance: 0.005,
	/** For carousels too, of whose videos the facts say nothing else. */
	reelVideo: { maxBytes: 300_000_000, minSec: 3, maxSec: 15 * 60, minAspect: 0.01 },
	storyVideo: { maxBytes: 100_000_000, minSec: 3, maxSec: 60, minAspect: 0.1 },
	minFramesPerSec: 23,
	maxFramesPerSec: 60,
	maxWidthPx: 1_920,
	maxAspect: 10,
} as const;
