// How a post is doing: its own record, or the video behind it, which is there before its post and stays when it fails.
import type { AdapterContext, PostStatus } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { postUrl } from './constants';
import { actAsPage, pageIdOf } from './page-access';
import { postSchema, type Post, type Video } from './types';
import { readObject, readVideo, stageOf } from './video-status';

export async function facebookStatus(context: AdapterContext, platformPostId: string): Promise<PostStatus> {
	const { context: page } = await actAsPage(context, pageIdOf(platformPostId));
	const { apiBaseUrl } = context;
	const post = await readPost(page, platformPostId);
	const url = postUrl(platformPostId, { permalink: post?.permalink_url, apiBaseUrl });
	const base = { platformPostId, url };
	if (post?.is_published === false) return { ...base, ...planned, raw: post };
	if (post) return { ...base, state: 'live', reason: null, raw: post };
	const video = await readVideo(page, videoIdOf(platformPostId));
	if (!video) return { ...base, state: 'deleted', reason: null, raw: null };
	return { ...base, ...stateOf(video), raw: video };
}

const planned = { state: 'processing', reason: 'Facebook keeps it back until its planned time.' } as const;

function stateOf(video: Video): Pick<PostStatus, 'state' | 'reason'> {
	const stage = stageOf(video);
	switch (stage.kind) {
		case 'failed':
			return { state: 'failed', reason: stage.reason };
		case 'scheduled':
			return planned;
		case 'live':
			return { state: 'live', reason: null };
		default:
			return { state: 'processing', reason: null };
	}
}

/** Whether it is out is a field that no fact sheet promises: without it a post that is there counts as live. */
async function readPost(context: AdapterContext, id: string): Promise<Post | null> {
	const read = async (fields: string): Promise<Post | null> =>
		await readObject(context, postSchema, { id, fields });
	return await read('id,permalink_url,is_published').catch(async (error: unknown) => {
		if (error instanceof PublishError && error.code === '100') return await read('id,permalink_url');
		throw error;
	});
}

/** The post of a video is named by its page and its own id (facts 6.6). */
export function videoIdOf(platformPostId: string): string {
	return platformPostId.slice(platformPostId.indexOf('_') + 1);
}
