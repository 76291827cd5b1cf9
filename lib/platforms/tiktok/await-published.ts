// From the moment on at which TikTok has all it needs for a post: what became of it, by its publish id.
import type { AdapterContext } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { LivePost } from '../../publishing/post';
import { HandleGoneError } from '../../publishing/publish';
import { webUrl } from './constants';
import { failureError } from './errors';
import { readPublish, type PublishState } from './publish-status';

/** Facts 2.4. */
const pollDelaysMs = [2_000, 5_000, 10_000, 20_000];
/** Far above "more than 2 minutes at 4 GB". After it a later look goes on; nothing is sent again. */
const processingDeadlineMs = 5 * 60_000;
/** Moderation usually takes less than a minute, sometimes hours: then the post is known by its publish id. */
export const idDeadlineMs = 60_000;
export const lookAgainMs = 20_000;

/** What is known of a post on its way. */
export interface Pending {
	readonly publishId: string;
	/** Null for a draft, which is nobody's post yet. */
	readonly username: string | null;
	readonly isPublic: boolean;
	/** Left out where TikTok fetches the media itself. */
	readonly sizeBytes?: number;
	readonly kind?: 'video' | 'photo';
}

/** From here on a broken read is no proof of anything: the post may be there. */
export async function surely(reading: ReturnType<typeof readPublish>): Promise<PublishState> {
	try {
		return (await reading).state;
	} catch (error) {
		if (!(error instanceof PublishError)) throw error;
		const { message, code, retryAt, remedy } = error;
		throw new PublishError('unknown', `It cannot be read what became of the upload. ${message}`, {
			platform: 'tiktok',
			...(code && { code }),
			...(retryAt && { retryAt }),
			...(remedy && { remedy }),
			cause: error,
		});
	}
}

export async function awaitPublished(context: AdapterContext, post: Pending): Promise<LivePost> {
	const { clock, signal } = context;
	const startedMs = clock.now().getTime();
	let completeSinceMs: number | null = null;
	for (let poll = 0; ; poll++) {
		await clock.sleep(pollDelaysMs[Math.min(poll, pollDelaysMs.length - 1)] ?? lookAgainMs, signal);
		const state = await surely(readPublish(context, post.publishId, post.sizeBytes));
		const nowMs = clock.now().getTime();
		if (state.kind === 'failed') throw failed(state.reason, clock.now());
		if (state.kind === 'inbox') return liveOf(context, post, null);
		if (state.kind === 'complete') {
			completeSinceMs ??= nowMs;
			const mayGetId = post.isPublic && nowMs - completeSinceMs < idDeadlineMs;
			if (state.videoId !== null || !mayGetId) return liveOf(context, post, state.videoId);
		}
		if (nowMs - startedMs >= processingDeadlineMs) {
			throw new PublishError('unknown', 'TikTok is still working on the post.', {
				platform: 'tiktok',
				code: 'still-processing',
				remedy: 'It is looked at again by itself; nothing is sent twice.',
			});
		}
	}
}

/** "internal" is TikTok's own trouble, and a new init may go better (facts 2.4). */
function failed(reason: string, now: Date): PublishError {
	const error = failureError(reason, now);
	return error.class === 'platform'
		? new HandleGoneError('TikTok failed with the upload by itself; it is started anew.')
		: error;
}

/**
 * TikTok's lists know videos only. So a photo post keeps the id under which it can be asked for, and only its
 * address has the number.
 */
export function liveOf(
	{ apiBaseUrl }: AdapterContext,
	{ publishId, username, kind = 'video' }: Pending,
	videoId: string | null,
): LivePost {
	return {
		platformPostId: kind === 'photo' ? publishId : (videoId ?? publishId),
		url: webUrl({ username, videoId, kind }, apiBaseUrl),
	};
}
