import { readLimitHeaders } from '../../http/limit-headers';
import type { LimitWindow } from '../../publishing/adapter';
import type { HttpRequest } from '../../publishing/ports';
import { xPaths } from './constants';

const isPost = ({ method, url }: HttpRequest): boolean =>
	method === 'POST' && new URL(url).pathname.endsWith(xPaths.posts);

/**
 * Facts 4.6. What one post costs. The windows of uploads are no windows here: four pictures a post stay below
 * them, and how many segments a video takes is its own matter; X says when one is full.
 */
export const xLimits: readonly LimitWindow[] = [
	{
		endpoint: 'POST /2/tweets',
		limitTotal: 100,
		scope: 'account',
		window: { kind: 'rolling', lengthSec: 15 * 60 },
		source: 'facts 4.6 (rate limits page)',
		learnFrom: (request, response, now) => (isPost(request) ? readLimitHeaders(response, now) : null),
	},
	{
		endpoint: 'POST /2/tweets (3 h)',
		limitTotal: 300,
		scope: 'account',
		window: { kind: 'rolling', lengthSec: 3 * 3_600 },
		source: 'facts 4.6 (manage posts page)',
	},
	{
		endpoint: 'POST /2/tweets (24 h)',
		limitTotal: 10_000,
		scope: 'app',
		window: { kind: 'rolling', lengthSec: 24 * 3_600 },
		source: 'facts 4.6 (rate limits page)',
	},
];

const mebibyte = 1024 * 1024;

/** Facts 4.7, in millionths of a dollar. A summoned reply is cheaper; whether it is one only X knows. */
export const xPrices = {
	postMicrosUsd: 15_000,
	postWithLinkMicrosUsd: 200_000,
	mediaMetadataMicrosUsd: 5_000,
} as const;

/** Facts 4.2–4.5. Sizes are read the strict way where the docs do not say which megabyte they mean. */
export const xRules = {
	maxImageBytes: 5_000_000,
	maxGifBytes: 15_000_000,
	maxVideoBytes: 512_000_000,
	minVideoSec: 0.5,
	maxVideoSec: 140,
	maxPictures: 4,
	maxAltTextChars: 1_000,
	maxTextWeight: 280,
	maxPremiumTextWeight: 25_000,
	maxGifWidthPx: 1_280,
	maxGifHeightPx: 1_080,
	maxFramesPerSec: 60,
	minSidePx: 32,
	maxAspect: 3,
	segmentBytes: 4 * mebibyte,
	maxSegments: 1_000,
} as const;
