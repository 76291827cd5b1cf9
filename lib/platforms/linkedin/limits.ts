import type { LimitWindow } from '../../publishing/adapter';

/** Facts 5.5. LinkedIn sends no headers about them; both end at midnight UTC. */
export const linkedInLimits: readonly LimitWindow[] = [
	{
		endpoint: 'POST /rest/posts',
		limitTotal: 150,
		scope: 'account',
		window: { kind: 'calendar-day', timeZone: 'UTC' },
		source: 'facts 5.5 (Share on LinkedIn page)',
	},
	{
		endpoint: 'POST /rest/posts (app)',
		limitTotal: 100_000,
		scope: 'app',
		window: { kind: 'calendar-day', timeZone: 'UTC' },
		source: 'facts 5.5 (Share on LinkedIn page)',
	},
];

/** Facts 5.3, 5.4. Where two figures exist, the one that is surely accepted; figures of help pages are marked. */
export const linkedInRules = {
	maxCommentaryChars: 3_000,
	minVideoBytes: 75_000,
	maxVideoBytes: 500_000_000,
	minVideoSec: 3,
	maxVideoSec: 30 * 60,
	/** Help page. */
	maxFramesPerSec: 60,
	/** Help page. */
	maxAspect: 2.4,
	/** Help page. */
	maxSidePx: 4_096,
	/** Help page. */
	maxImageBytes: 8_000_000,
	maxImagePixels: 36_152_320,
	maxImages: 20,
	maxDocumentBytes: 100_000_000,
} as const;
