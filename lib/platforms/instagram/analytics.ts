// Numbers of Instagram in the unified shape (facts 3.6). What is missing is an empty set there and null here.
import type { AdapterContext, Metrics, PostMetrics, PostStatus } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { graphCall } from '../graph-call';
import { instagramPaths, instagramUrl } from './constants';
import { instagram } from './errors';
import { readMedia } from './media';
import { insightsSchema, type Insights, type InstagramMedia } from './types';

/** What has stayed through the versions so far. */
const steadyMetrics = ['views', 'reach', 'likes', 'comments', 'saved', 'shares', 'total_interactions'];
const steadyStoryMetrics = ['views', 'reach', 'replies', 'shares', 'total_interactions'];
const visits = ['follows', 'profile_visits', 'profile_activity'];
const watchTimes = ['ig_reels_avg_watch_time', 'ig_reels_video_view_total_time'];

/**
 * One metric that a kind does not have fails the whole call, so the sets go by kind; and Meta takes metrics away
 * between versions, so the sets become smaller until one is taken.
 */
const metricSets: Readonly<Record<string, readonly (readonly string[])[]>> = {
	REELS: [
		[...steadyMetrics, 'reposts', ...watchTimes, 'reels_skip_rate', 'crossposted_views', 'facebook_views'],
		[...steadyMetrics, ...watchTimes],
		steadyMetrics,
	],
	FEED: [[...steadyMetrics, 'reposts', ...visits], steadyMetrics],
	/** Only for the 24 hours of the story. */
	STORY: [[...steadyStoryMetrics, 'reposts', ...visits, 'navigation', 'link_clicks'], steadyStoryMetrics],
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
	const { data } = await readLargestSet(context, mediaId, media.media_product_type);
	const of = (name: string): number | null => {
		const value = data.find((entry) => entry.name === name)?.values[0]?.value;
		return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
	};
	const watchedMs = of('ig_reels_video_view_total_time');
	const metrics: Metrics = {
		views: of('views'),
		likes: of('likes') ?? media.like_count ?? null,
		// A story is answered, not commented on.
		comments: of('comments') ?? of('replies') ?? media.comments_count ?? null,
		shares: of('shares'),
		saves: of('saved'),
		// Told for stories alone; elsewhere there is no link to click.
		clicks: of('link_clicks'),
		watchTimeSeconds: watchedMs === null ? null : Math.round(watchedMs / 1000),
		reach: of('reach'),
		// Gone since July 2024.
		impressions: null,
	};
	return { platformPostId: mediaId, metrics, raw: { media, insights: data } };
}

async function readLargestSet(context: AdapterContext, mediaId: string, kind = ''): Promise<Insights> {
	const sets = metricSets[kind] ?? [steadyMetrics];
	for (const [index, metrics] of sets.entries()) {
		try {
			return await readInsights(context, mediaId, metrics);
		} catch (error) {
			if (!isInvalidMetric(error) || index === sets.length - 1) throw error;
			context.log.warn('Instagram refused a metric; fewer are read', { mediaId });
		}
	}
	return { data: [] };
}

async function readInsights(
	context: AdapterContext,
	mediaId: string,
	metrics: readonly string[],
): Promise<Insights> {
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
