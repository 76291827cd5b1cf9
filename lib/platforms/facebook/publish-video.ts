// `finish` makes a video public, some time later and by itself. It is idempotent by the video's id, and the video
// tells what became of it (facts 6.2, 6.7), so a reader decides every lost answer.
import type { AdapterContext, Draft, Sighting } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { LivePost } from '../../publishing/post';
import { HandleGoneError } from '../../publishing/publish';
import { graphSendOnce } from '../graph-call';
import { parseAnswer } from '../parse-answer';
import { facebookPaths, facebookUrl, postUrl } from './constants';
import { facebookError, facebookNetwork } from './errors';
import { asUnknown } from './lost-answer';
import { reelBody, videoBody } from './post-body';
import { finishedSchema, type HandleOf, type Video } from './types';
import { processingFailed, readVideo, stageOf } from './video-status';

export type VideoHandle = HandleOf<'reel'> | HandleOf<'video'>;

const finishDeadlineMs = 60_000;
const pauseMs = 5_000;
/** Longer than most videos take. One that takes longer is left to the reader, who looks ever more rarely. */
const publishingDeadlineMs = 10 * 60_000;

export async function finishVideo(
	context: AdapterContext,
	draft: Draft,
	handle: VideoHandle,
): Promise<LivePost> {
	// An earlier finish can have arrived after a reader had looked.
	const video = await readVideo(context, handle.videoId);
	const stage = video ? stageOf(video) : ({ kind: 'expired' } as const);
	switch (stage.kind) {
		case 'live':
		case 'scheduled':
			return liveOf(context, handle, video);
		case 'failed':
			throw processingFailed(stage.reason);
		case 'expired':
			throw new HandleGoneError('The upload to Facebook expired; it is started anew.');
		case 'working':
			break;
		default:
			await sendFinish(context, draft, handle);
	}
	return await waitUntilPublic(context, handle);
}

async function sendFinish(context: AdapterContext, { content }: Draft, handle: VideoHandle): Promise<void> {
	const { pageId, videoId } = handle;
	const isReel = handle.kind === 'reel';
	const response = await graphSendOnce(facebookNetwork, context, {
		method: 'POST',
		url: isReel
			? facebookUrl('graph', facebookPaths.reels(pageId), context.apiBaseUrl)
			: facebookUrl('video', facebookPaths.videos(pageId), context.apiBaseUrl),
		body: isReel ? reelBody(content, videoId) : videoBody(content, handle.sessionId),
		deadlineMs: finishDeadlineMs,
		doing: 'Publishing the video',
	});
	if (response.status === 200) {
		parseAnswer(finishedSchema, response, { platform: 'facebook', ifUnreadable: 'unknown' });
		return;
	}
	const error = facebookError(response, context.clock.now(), 'Publishing the video');
	// Facebook may have taken it before it stumbled.
	throw error.class === 'platform' ? asUnknown(error) : error;
}

async function waitUntilPublic(context: AdapterContext, handle: VideoHandle): Promise<LivePost> {
	const giveUpAt = context.clock.now().getTime() + publishingDeadlineMs;
	for (;;) {
		const video = await readVideo(context, handle.videoId).catch((error: unknown) => {
			// The call went through; that its end cannot be read does not take it back.
			throw error instanceof PublishError ? asUnknown(error) : error;
		});
		const stage = video ? stageOf(video) : null;
		if (stage?.kind === 'live' || stage?.kind === 'scheduled') return liveOf(context, handle, video);
		if (stage?.kind === 'failed') throw processingFailed(stage.reason);
		if (context.clock.now().getTime() >= giveUpAt) throw stillWorking();
		await context.clock.sleep(pauseMs, context.signal);
	}
}

function stillWorking(): PublishError {
	return new PublishError('unknown', 'Facebook took the video and is still working on it.', {
		platform: 'facebook',
		code: 'processing',
		remedy: 'It is looked for again by itself; nothing is sent twice.',
	});
}

export async function findVideo(context: AdapterContext, handle: VideoHandle): Promise<Sighting> {
	const video = await readVideo(context, handle.videoId);
	// Perhaps published and deleted by a person: to start over could show it a second time.
	if (!video) return { state: 'undecided', retryAfterMs: 60_000 };
	switch (stageOf(video).kind) {
		case 'live':
		case 'scheduled':
			return { state: 'live', live: liveOf(context, handle, video) };
		case 'working':
			return { state: 'undecided', retryAfterMs: pauseMs };
		case 'expired':
			return { state: 'gone' };
		default:
			// Not finished, or failed and never public. A finish that is still on its way does no harm: the next
			// one names the same video, and one video is one post (facts 6.7).
			return { state: 'absent' };
	}
}

/** The post of a video is named by its page and its own id (facts 6.6). */
function liveOf(
	{ apiBaseUrl }: AdapterContext,
	{ pageId, videoId }: VideoHandle,
	video: Video | null,
): LivePost {
	const platformPostId = `${pageId}_${videoId}`;
	const permalink = video?.permalink_url;
	return { platformPostId, url: postUrl(platformPostId, { permalink, apiBaseUrl }) };
}
