// Numbers of TikTok in the unified shape (facts 2.8): four counts, of public videos only. A post whose id was not
// told when it was published is known by its publish id, and the id is asked for here.
import type { AdapterContext, Metrics, PostMetrics, PostStatus } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { tiktokRead } from './call';
import { tiktokPaths, webUrl } from './constants';
import { readPublish } from './publish-status';
import { videoSchema, videosSchema, type TikTokVideo } from './types';

interface FoundVideo {
	readonly video: TikTokVideo;
	readonly raw: unknown;
}

function isVideoId(postId: string): boolean {
	return /^\d+$/.test(postId);
}

/** Facts 2.2: those of videos and of their drafts begin so. */
function isVideoPublish(publishId: string): boolean {
	return publishId.startsWith('v_');
}

export async function tiktokStatus(context: AdapterContext, postId: string): Promise<PostStatus> {
	return isVideoId(postId)
		? await videoStatus(context, postId, postId)
		: await publishStatus(context, postId);
}

async function videoStatus(context: AdapterContext, videoId: string, postId: string): Promise<PostStatus> {
	const [found] = await readVideos(context, [videoId]);
	const url =
		found?.video.share_url?.split('?')[0] ?? webUrl({ username: null, videoId }, context.apiBaseUrl);
	if (found) return { platformPostId: postId, url, state: 'live', reason: null, raw: found.raw };
	const reason = 'TikTok shows public videos only; this one was deleted, hidden or made private.';
	return { platformPostId: postId, url, state: 'deleted', reason, raw: null };
}

async function publishStatus(context: AdapterContext, publishId: string): Promise<PostStatus> {
	const url = webUrl({ username: null, videoId: null }, context.apiBaseUrl);
	const base = { platformPostId: publishId, url, reason: null };
	const read = await readKnownPublish(context, publishId);
	const isPhoto = !isVideoPublish(publishId);
	if (!read) return { ...base, state: 'deleted', raw: null };
	const { state, raw } = read;
	switch (state.kind) {
		case 'receiving':
		case 'processing':
			return { ...base, state: 'processing', raw };
		case 'inbox':
			return { ...base, state: 'processing', reason: 'The draft waits in the inbox of the TikTok app.', raw };
		case 'failed':
			return { ...base, state: 'failed', reason: state.reason, raw };
		case 'complete':
			// TikTok's lists do not know photos: what it says of the publish id is all there is.
			return state.videoId === null || isPhoto
				? { ...base, state: 'live', raw }
				: await videoStatus(context, state.videoId, publishId);
		default:
			return state satisfies never;
	}
}

async function readKnownPublish(
	context: AdapterContext,
	publishId: string,
): Promise<Awaited<ReturnType<typeof readPublish>> | null> {
	try {
		return await readPublish(context, publishId);
	} catch (error) {
		if (error instanceof PublishError && error.code === 'invalid_publish_id') return null;
		throw error;
	}
}

export async function tiktokMetrics(
	context: AdapterContext,
	postIds: readonly string[],
): Promise<readonly PostMetrics[]> {
	const videoIds = new Map<string, string>();
	for (const postId of postIds) {
		const videoId = await videoIdOf(context, postId);
		if (videoId !== null) videoIds.set(postId, videoId);
	}
	const found = await readVideos(context, [...new Set(videoIds.values())]);
	const byId = new Map(found.map((one) => [one.video.id, one]));
	return [...videoIds].flatMap(([platformPostId, videoId]) => {
		const one = byId.get(videoId);
		return one ? [{ platformPostId, metrics: unify(one.video), raw: one.raw }] : [];
	});
}

async function videoIdOf(context: AdapterContext, postId: string): Promise<string | null> {
	if (isVideoId(postId)) return postId;
	const read = await readKnownPublish(context, postId);
	return read?.state.kind === 'complete' ? read.state.videoId : null;
}

/** All that TikTok tells (facts 2.8) but the cover, whose address is signed, and the same address as HTML. */
const fields = [
	'id',
	'create_time',
	'title',
	'video_description',
	'duration',
	'width',
	'height',
	'share_url',
	'embed_link',
	'like_count',
	'comment_count',
	'share_count',
	'view_count',
];

/** Those that TikTok no longer shows are missing. */
async function readVideos(
	context: AdapterContext,
	videoIds: readonly string[],
): Promise<readonly FoundVideo[]> {
	if (videoIds.length === 0) return [];
	const { videos } = await tiktokRead(context, videosSchema, {
		path: tiktokPaths.queryVideos,
		query: { fields: fields.join(',') },
		body: { filters: { video_ids: videoIds } },
		doing: 'Reading videos',
	});
	return videos.flatMap((raw) => {
		const parsed = videoSchema.safeParse(raw);
		return parsed.success ? [{ video: parsed.data, raw }] : [];
	});
}

function unify(video: TikTokVideo): Metrics {
	return {
		views: video.view_count ?? null,
		likes: video.like_count ?? null,
		comments: video.comment_count ?? null,
		shares: video.share_count ?? null,
		saves: null,
		clicks: null,
		watchTimeSeconds: null,
		reach: null,
		impressions: null,
	};
}
