import type { Answer, Exchange } from '../core/answer';
import { enterAsPage, pickFields } from './callers';
import { invalidParameter, noSuchObject } from '../graph/errors';
import type { Facebook, Video } from './model';
import { splitFields } from './fields';
import { countsOf, graphTime, postNode, readPostFields, type PostNode } from './post-node';
import { permalinkOf, postIdOf, stageOf, statusOf } from './video-state';

/** `GET /{id}` of a post or a video, with the fields that are asked for. */
export function readNode(facebook: Facebook, exchange: Exchange): Answer {
	const id = exchange.params['id'] ?? '';
	const fields = splitFields(exchange.url.searchParams.get('fields') ?? 'id');
	// Facts 6.1: likes and comments of other people need a permission of their own.
	const asksForPeople = fields.some((field) => /^(reactions|comments)\b/.test(field));
	const scopes = ['pages_read_engagement', ...(asksForPeople ? ['pages_read_user_content'] : [])];
	const { pageId } = enterAsPage(facebook, exchange, scopes);
	const video = facebook.videos.get(id);
	if (video?.pageId === pageId) return { status: 200, body: readVideo(facebook, video, fields) };
	const node = postNode(facebook, id);
	if (node?.pageId !== pageId) throw noSuchObject(id);
	return { status: 200, body: readPostFields(facebook, node, fields) };
}

function readVideo(facebook: Facebook, video: Video, fields: readonly string[]): Record<string, unknown> {
	const isReady = stageOf(facebook, video) === 'ready';
	const node = postNode(facebook, postIdOf(video));
	const known: Record<string, unknown> = {
		id: video.id,
		status: statusOf(facebook, video),
		permalink_url: permalinkOf(video),
		published: isReady,
		created_time: graphTime(video.createdAtMs),
		description: video.finished?.description ?? '',
		title: video.finished?.title ?? '',
		length: 30,
		views: node === undefined ? 0 : countsOf(facebook, node).views,
		...(isReady ? { post_id: postIdOf(video) } : {}),
	};
	const unknown = fields.find((field) => !(field in known) && field !== 'post_id');
	if (unknown !== undefined) throw invalidParameter(`Tried accessing nonexisting field (${unknown})`);
	return pickFields(known, fields);
}

type Metrics = Readonly<Record<string, (facebook: Facebook, node: PostNode) => unknown>>;

const views: Metrics[string] = (facebook, node) => countsOf(facebook, node).views;
const watchedMs: Metrics[string] = (facebook, node) => countsOf(facebook, node).views * 9_000;

/** Facts 6.6, “works (probe 2026-09-01)”. */
const POST_METRICS: Metrics = {
	post_media_view: views,
	post_total_media_view_unique: (facebook, node) => countsOf(facebook, node).reach,
	post_clicks: (facebook, node) => countsOf(facebook, node).clicks,
	post_clicks_by_type: (facebook, node) => ({ 'other clicks': countsOf(facebook, node).clicks }),
	post_reactions_by_type_total: (facebook, node) => ({ like: countsOf(facebook, node).reactions }),
	post_reactions_like_total: (facebook, node) => countsOf(facebook, node).reactions,
	post_activity_by_action_type: (facebook, node) => ({ share: countsOf(facebook, node).shares }),
	post_video_views: views,
};

/** Facts 6.6: of reels, probed 2026-09-18. */
const REEL_METRICS: Metrics = {
	blue_reels_play_count: views,
	fb_reels_total_plays: (facebook, node) => Math.floor(countsOf(facebook, node).views * 1.2),
	fb_reels_replay_count: (facebook, node) => Math.floor(countsOf(facebook, node).views * 0.2),
	post_video_avg_time_watched: () => 9_000,
	post_video_view_time: watchedMs,
	post_video_likes_by_reaction_type: (facebook, node) => ({
		REACTION_LIKE: countsOf(facebook, node).reactions,
	}),
	post_video_social_actions: (facebook, node) => {
		const { comments, shares } = countsOf(facebook, node);
		return { COMMENT: comments, SHARE: shares };
	},
	post_video_followers: () => 0,
	post_video_retention_graph: () => ({ '0': 1, '1': 0.6, '2': 0.4 }),
};

/** Facts 6.6: of videos, reference of 2026-09-21. */
const VIDEO_METRICS: Metrics = {
	total_video_views: views,
	total_video_views_unique: (facebook, node) => countsOf(facebook, node).reach,
	total_video_avg_time_watched: () => 9_000,
	total_video_view_total_time: watchedMs,
	total_video_complete_views: (facebook, node) => Math.floor(countsOf(facebook, node).views / 5),
	total_video_10s_views: (facebook, node) => Math.floor(countsOf(facebook, node).views / 2),
	total_video_15s_views: (facebook, node) => Math.floor(countsOf(facebook, node).views / 3),
	total_video_30s_views: (facebook, node) => Math.floor(countsOf(facebook, node).views / 4),
	total_video_retention_graph: () => ({ '0': 1, '39': 0.2 }),
	total_video_reactions_by_type_total: (facebook, node) => ({ like: countsOf(facebook, node).reactions }),
	total_video_views_autoplayed: (facebook, node) => Math.floor(countsOf(facebook, node).views / 2),
	total_video_views_clicked_to_play: (facebook, node) => Math.ceil(countsOf(facebook, node).views / 2),
	total_video_views_sound_on: (facebook, node) => Math.floor(countsOf(facebook, node).views / 3),
};

export function postInsights(facebook: Facebook, exchange: Exchange): Answer {
	const node = nodeForInsights(facebook, exchange, (id) => id);
	return insights(facebook, exchange, { node, metrics: POST_METRICS });
}

export function videoInsights(facebook: Facebook, exchange: Exchange): Answer {
	const node = nodeForInsights(facebook, exchange, (id, pageId) => postIdOf({ pageId, id }));
	if (node.video === undefined) throw noSuchObject(exchange.params['id'] ?? '');
	const metrics = node.video.kind === 'reel' ? REEL_METRICS : VIDEO_METRICS;
	return insights(facebook, exchange, { node, metrics });
}

function nodeForInsights(
	facebook: Facebook,
	exchange: Exchange,
	postIdFrom: (id: string, pageId: string) => string,
): PostNode {
	const { pageId } = enterAsPage(facebook, exchange, ['read_insights', 'pages_read_engagement']);
	const id = exchange.params['id'] ?? '';
	const node = postNode(facebook, postIdFrom(id, pageId));
	if (node?.pageId !== pageId) throw noSuchObject(id);
	return node;
}

/** One invalid metric fails the whole call; missing data is an empty set, not 0 (facts 3.6, 6.6). */
function insights(
	facebook: Facebook,
	exchange: Exchange,
	{ node, metrics }: { node: PostNode; metrics: Metrics },
): Answer {
	const { settings, frame } = facebook;
	const wanted = (exchange.url.searchParams.get('metric') ?? '').split(',');
	const isGone = (name: string): boolean => !(name in metrics) || settings.goneMetrics.includes(name);
	if (wanted.some(isGone)) throw invalidParameter('The value must be a valid insights metric');
	if (frame.clock.nowMs() - node.createdAtMs < settings.insightsDelayMs) {
		return { status: 200, body: { data: [] } };
	}
	const data = wanted.map((name) => ({
		name,
		period: 'lifetime',
		values: [{ value: metrics[name]?.(facebook, node) }],
		title: name,
		description: name,
		id: `${exchange.params['id']}/insights/${name}/lifetime`,
	}));
	return { status: 200, body: { data } };
}
