// Numbers of Instagram in the unified shape (facts 3.6). What is missing is an empty set there and null here.
import type { AdapterContext, Metrics, PostMetrics, PostStatus } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { graphCall } from '../graph-call';
import { instagramPaths, instagramUrl } from './constants';
import { instagram } from './errors';
import { readMedia } from './media';
import { insightsSchema, type InstagramMedia } from './types';

/** Valid for every kind of post that we publish. */
const commonMetrics = ['views', 'reach', 'likes', 'comments', 'saved', 'shares', 'total_interactions'];
/** One metric that a kind does not have fails the whole call, so the sets go by kind. */
const metricsOfKind: Readonly<Record<string, readonly string[]>> = {
	REELS: [...commonMetrics, 'reposts', 'ig_reels_avg_watch_time', 'ig_reels_video_view_total_time'],
	FEED: [...commonMetrics, 'reposts', 'profile_visits'],
};

export async function instagramStatus(context: AdapterContext, mediaId: string): Promise<PostStatus> {
	const found = await readMedia(context, mediaId, 'permalink,timestamp,media_type,media_product_type');
	const base = { platformPostId: mediaId, url: found?.permalink ?? '', reason: null };
	return found ? { ...base, state: 'live', raw: found } : { ...base, state: 'deleted', raw: null };
}

/** Instagram has no batch for insights: two calls per post, one post after the other. */
export async function instagramMetrics(
	context: AdapterContext,
	mediaIds: readonly string[],
): Promise<readonly PostMetrics[]> {
	const all: PostMetrics[] = [];
	for (const mediaId of mediaIds) {
		const found = await readMedia(context, mediaId, 'media_product_type,like_count,comments_count');
		if (found) all.push(await withInsights(context, mediaId, found));
	}
	return all;
}

async function withInsights(
	context: AdapterContext,
	mediaId: string,
	media: InstagramMedia,
): Promise<PostMetrics> {
	const wanted = metricsOfKind[media.media_product_type ?? ''] ?? commonMetrics;
	const answer = await readInsights(context, mediaId, wanted).catch((error: unknown) => {
		// Meta takes metrics away between versions: the ones that have stayed so far are better than none.
		if (!isInvalidMetric(error) || wanted === commonMetrics) throw error;
		context.log.warn('Instagram refused a metric; fewer are read', { mediaId });
		return readInsights(context, mediaId, commonMetrics);
	});
	const of = (name: string): number | null => {
		const value = answer.data.find((entry) => entry.name === name)?.values[0]?.value;
		return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
	};
	const watchedMs = of('ig_reels_video_view_total_time');
	const metrics: Metrics = {
		views: of('views'),
		likes: of('likes') ?? media.like_count ?? null,
		comments: of('comments') ?? media.comments_count ?? null,
		shares: of('shares'),
		saves: of('saved'),
		// Links are told for stories and for the whole account only, impressions are gone since July 2024.
		clicks: null,
		watchTimeSeconds: watchedMs === null ? null : Math.round(watchedMs / 1000),
		reach: of('reach'),
		impressions: null,
	};
	return { platformPostId: mediaId, metrics, raw: { media, insights: answer.data } };
}

async function readInsights(context: AdapterContext, mediaId: string, metrics: readonly string[]) {
	return await graphCall(instagram, context, insightsSchema, {
		method: 'GET',
		url: instagramUrl('graph', instagramPaths.insights(mediaId), context.apiBaseUrl),
		query: { metric: metrics.join(',') },
		doing: 'Reading the numbers',
	});
}

function isInvalidMetric(error: unknown): boolean {
	return error instanceof PublishError && error.class === 'validation' && error.code === '100';
}
