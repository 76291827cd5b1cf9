// POST /2/tweets is the irreversible call. X has no idempotency key, so after a lost answer the timeline is
// read, and "it is not there" counts only when it has had time to appear.
import { authorizedSend } from '../../http/authorized-send';
import type { AdapterContext, Draft, Sighting } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { asLostAnswer } from '../error-table';
import { parseAnswer } from '../parse-answer';
import { postUrl, xPaths, xUrl } from './constants';
import { xError } from './errors';
import { optionsOf, postBody, textOf } from './options';
import { findInTimeline, type Wanted } from './recent-posts';
import { createdPostSchema, type XHandle } from './types';
import { refuseExpired } from './upload';

const commitDeadlineMs = 30_000;

/**
 * A post that a lost call made is on the author's own timeline within seconds. Two minutes are four times the
 * call's own deadline, so a call that was still under way when we gave up has ended as well.
 */
const settleMs = 120_000;

export async function createPost(context: AdapterContext, draft: Draft, handle: XHandle): Promise<LivePost> {
	refuseExpired(handle, context.clock.now());
	const mediaIds = handle.media.map(({ mediaId }) => mediaId);
	const body = JSON.stringify(postBody(draft.content, mediaIds));
	const response = await authorizedSend(context, () => ({
		method: 'POST',
		url: xUrl('api', xPaths.posts, context.apiBaseUrl),
		headers: { 'content-type': 'application/json' },
		body,
		deadlineMs: commitDeadlineMs,
		publishes: true,
	})).catch((error: unknown) => {
		throw asLostAnswer('x', error);
	});
	if (response.status === 200 || response.status === 201) {
		const { data } = parseAnswer(createdPostSchema, response, { platform: 'x', ifUnreadable: 'unknown' });
		return liveOf(data.id, context);
	}
	const error = xError(response, context.clock.now(), 'Publishing the post');
	if (error.code === 'duplicate-content') return await ownDuplicate(context, draft, { handle, error });
	// X may have made the post before it stumbled.
	if (error.class === 'platform') throw withClass('unknown', error);
	throw error;
}

/**
 * X says that this text was posted before. Perhaps by us, in a call whose answer was lost; or it is a post
 * that has nothing to do with ours, and then no amount of waiting helps.
 */
async function ownDuplicate(
	context: AdapterContext,
	draft: Draft,
	{ handle, error }: { handle: XHandle; error: PublishError },
): Promise<LivePost> {
	const found = await findInTimeline(context, wantedOf(draft, handle)).catch(() => {
		// Not seen is not the same as not there: the reader looks again.
		throw error;
	});
	if (found) return liveOf(found.id, context);
	const ageMs = context.clock.now().getTime() - Date.parse(handle.preparedAt);
	throw ageMs < settleMs ? error : withClass('validation', error);
}

function withClass(errorClass: 'unknown' | 'validation', error: PublishError): PublishError {
	const { code, httpStatus, remedy } = error;
	return new PublishError(errorClass, error.message, {
		platform: 'x',
		...(code && { code }),
		...(httpStatus && { httpStatus }),
		...(remedy && { remedy }),
	});
}

export async function findPost(
	context: AdapterContext,
	draft: Draft,
	{ handle, intent }: { handle: XHandle; intent: CommitIntent },
): Promise<Sighting> {
	const found = await findInTimeline(context, wantedOf(draft, handle));
	if (found) return { state: 'live', live: liveOf(found.id, context) };
	const ageMs = context.clock.now().getTime() - intent.armedAt.getTime();
	if (ageMs >= settleMs) return { state: 'absent' };
	return { state: 'undecided', retryAfterMs: settleMs - ageMs };
}

/**
 * Since the post was first prepared, not since its last intent: a call that was taken for lost may have
 * worked after all, and then the next one is refused as its duplicate.
 */
function wantedOf(draft: Draft, handle: XHandle): Wanted {
	const { replyToPostId, quotePostId } = optionsOf(draft.content);
	return {
		text: textOf(draft.content),
		mediaKeys: handle.media.map(({ mediaKey }) => mediaKey),
		replyToPostId,
		quotePostId,
		since: new Date(handle.preparedAt),
	};
}

function liveOf(postId: string, { apiBaseUrl }: AdapterContext): LivePost {
	return { platformPostId: postId, url: postUrl(postId, apiBaseUrl) };
}
