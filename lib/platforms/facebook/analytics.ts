// Numbers of Facebook in the unified shape. Meta takes metrics away at short notice, and one that is gone fails the
// whole call (facts 6.6): then each is asked for alone, and what is gone is null.
import type { z } from 'zod';
import type { AdapterContext, Metrics, PostMetrics } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { graphCall } from '../graph-call';
import { facebookPaths, facebookUrl } from './constants';
import { facebookNetwork } from './errors';
import { actAsPage, pageIdOf } from './page-access';
import { videoIdOf } from './status';
import { insightsSchema, postSchema, type Post } from './types';
import { readObject } from './video-status';

/** Facts 6.6: what a probe found working in September 2026. */
const postMetrics = [
	'post_media_view',
	'post_total_media_view_unique',
	'post_clicks',
	'post_clicks_by_type',
	'post_reactions_by_type_total',
	'post_activity_by_action_type',
	'post_video_views',
] as const;

/** The first set of each is what the unified numbers are made of, and tells a reel from a video. */
const videoSets = {
	reel: {
		core: ['fb_reels_total_plays', 'post_video_view_time', 'post_video_social_actions'],
		more: [
			'blue_reels_play_count',
			'fb_reels_replay_count',
			'post_video_avg_time_watched',
			'post_video_likes_by_reaction_type',
			'post_video_followers',
			'post_video_retention_graph',
		],
	},
	video: {
		core: ['total_video_views', 'total_video_view_total_time'],
		more: [
			'total_video_views_unique',
			'total_video_avg_time_watched',
			'total_video_complete_views',
			'total_video_10s_views',
			'total_video_15s_views',
			'total_video_30s_views',
			'total_video_retention_graph',
			'total_video_reactions_by_type_total',
			'total_video_views_autoplayed',
			'total_video_views_clicked_to_play',
			'total_video_views_sound_on',
		],
	},
} as const;

const countFields =
	'id,permalink_url,attachments,shares,reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0)';

export async function facebookMetrics(
	context: AdapterContext,
	platformPostIds: readonly string[],
): Promise<readonly PostMetrics[]> {
	const found: PostMetrics[] = [];
	for (const platformPostId of platformPostIds) {
		context.signal.throwIfAborted();
		const { context: page } = await actAsPage(context, pageIdOf(platformPostId));
		const post = await readObject(page, postSchema, { id: platformPostId, fields: countFields });
		if (post) found.push(await metricsOf(page, platformPostId, post));
	}
	return found;
}

async function metricsOf(context: AdapterContext, platformPostId: string, post: Post): Promise<PostMetrics> {
	const isVideo = post.attachments?.data.some(({ media_type: type }) => type?.startsWith('video')) ?? false;
	const ofPost = await readInsights(context, facebookPaths.postInsights(platformPostId), postMetrics);
	const ofVideo = isVideo
		? await readVideoInsights(context, facebookPaths.videoInsights(videoIdOf(platformPostId)))
		: {};
	return {
		platformPostId,
		metrics: unify(post, { isVideo, ofPost, ofVideo }),
		raw: { post, insights: ofPost, videoInsights: isVideo ? ofVideo : null },
	};
}

type Values = Readonly<Record<string, unknown>>;

/** Reels and videos have sets of their own, and a post does not tell which of the two it is. */
async function readVideoInsights(context: AdapterContext, path: string): Promise<Values> {
	for (const { core, more } of [videoSets.reel, videoSets.video]) {
		const found = await readInsights(context, path, core);
		if (Object.keys(found).length > 0) return { ...(await readInsights(context, path, more)), ...found };
	}
	return {};
}

async function readInsights(
	context: AdapterContext,
	path: string,
	names: readonly string[],
): Promise<Values> {
	const all = await readSet(context, path, names);
	if (all) return all;
	const values: Record<string, unknown> = {};
	const gone: string[] = [];
	for (const name of names) {
		const one = await readSet(context, path, [name]);
		if (one) Object.assign(values, one);
		else gone.push(name);
	}
	context.log.info('Facebook does not know these metrics here', { metrics: gone.join(', ') });
	return values;
}

/** @returns null when one of the names is not valid (any more). */
async function readSet(
	context: AdapterContext,
	path: string,
	names: readonly string[],
): Promise<Values | null> {
	try {
		const answer: z.infer<typeof insightsSchema> = await graphCall(facebookNetwork, context, insightsSchema, {
			method: 'GET',
			url: facebookUrl('graph', path, context.apiBaseUrl),
			query: { metric: names.join(',') },
			doing: 'Reading the numbers',
		});
		return Object.fromEntries(answer.data.map(({ name, values }) => [name, values.at(-1)?.value]));
	} catch (error) {
		if (error instanceof PublishError && error.code?.split('/')[0] === '100') return null;
		throw error;
	}
}

function unify(
	post: Post,
	{ isVideo, ofPost, ofVideo }: { isVideo: boolean; ofPost: Values; ofVideo: Values },
): Metrics {
	const plays = countOf(ofVideo['fb_reels_total_plays']) ?? countOf(ofVideo['total_video_views']);
	const watchedMs =
		countOf(ofVideo['post_video_view_time']) ?? countOf(ofVideo['total_video_view_total_time']);
	return {
		views: (isVideo ? plays : null) ?? countOf(ofPost['post_media_view']),
		likes: post.reactions?.summary?.total_count ?? null,
		comments: post.comments?.summary?.total_count ?? null,
		shares: post.shares?.count ?? sharesIn(ofPost, ofVideo),
		saves: null,
		clicks: countOf(ofPost['post_clicks']),
		watchTimeSeconds: watchedMs === null ? null : Math.round(watchedMs / 1000),
		reach: countOf(ofPost['post_total_media_view_unique']),
		// All impression metrics are gone since 2026-06-15 (facts 6.6); what replaced them are views.
		impressions: null,
	};
}

/** A number, or an object of numbers (paid and organic) whose sum is meant (facts 6.6). */
function countOf(value: unknown): number | null {
	if (typeof value === 'number' && value >= 0) return value;
	if (typeof value !== 'object' || value === null) return null;
	const parts = Object.values(value).filter((part): part is number => typeof part === 'number');
	return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0);
}

/**
 * The Graph leaves out what nobody did: a post nobody shared has no `shares`, and is told from one whose numbers
 * are not there yet by the actions. Those of a reel are among its video's alone (facts 6.6).
 */
function sharesIn(ofPost: Values, ofVideo: Values): number | null {
	const isReel = 'fb_reels_total_plays' in ofVideo;
	return isReel
		? partOf(ofVideo['post_video_social_actions'], 'SHARE')
		: partOf(ofPost['post_activity_by_action_type'], 'share');
}

/** @returns null when there are no counts at all, 0 when this one is not among them. */
function partOf(counts: unknown, name: string): number | null {
	if (typeof counts !== 'object' || counts === null) return null;
	return countOf(Reflect.get(counts, name) ?? 0);
}
