// POST /{page}/feed: texts, links and photos. There is no handle before the answer and no idempotency key, so after a
// lost answer the page's own posts are read, and "it is not there" counts only when it has had time to appear.
import type { AdapterContext, Draft, Sighting } from '../../publishing/adapter';
import type { PublishError } from '../../publishing/errors';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { graphSendOnce } from '../graph-call';
import { parseAnswer } from '../parse-answer';
import { facebookPaths, facebookUrl, postUrl } from './constants';
import { duplicatePost, facebookError, facebookNetwork } from './errors';
import { asUnknown, withClass } from './lost-answer';
import { findInFeed, type Wanted } from './recent-posts';
import { feedBody, optionsOf, textOf } from './text';
import { createdSchema, type HandleOf, type Post } from './types';

export type PostHandle = HandleOf<'photo'> | HandleOf<'text'>;

const commitDeadlineMs = 30_000;

/**
 * Meta says nowhere how late its lists are. Five minutes are ten times the call's own deadline, so a call that was
 * still under way when we gave up has ended as well.
 */
const settleMs = 5 * 60_000;

export async function createPost(
	context: AdapterContext,
	draft: Draft,
	handle: PostHandle,
): Promise<LivePost> {
	const response = await graphSendOnce(facebookNetwork, context, {
		method: 'POST',
		url: facebookUrl('graph', facebookPaths.feed(handle.pageId), context.apiBaseUrl),
		body: feedBody(draft.content, photoIdOf(handle)),
		deadlineMs: commitDeadlineMs,
		doing: 'Publishing the post',
	});
	if (response.status === 200) {
		const { id } = parseAnswer(createdSchema, response, { platform: 'facebook', ifUnreadable: 'unknown' });
		return { platformPostId: id, url: postUrl(id, { apiBaseUrl: context.apiBaseUrl }) };
	}
	const error = facebookError(response, context.clock.now(), 'Publishing the post');
	if (error.code?.split('/')[0] === duplicatePost) {
		return await ownDuplicate(context, draft, { handle, error });
	}
	throw error.class === 'platform' ? asUnknown(error) : error;
}

/** Perhaps posted by us, in a call whose answer was lost; or by somebody else, and then waiting does not help. */
async function ownDuplicate(
	context: AdapterContext,
	draft: Draft,
	{ handle, error }: { handle: PostHandle; error: PublishError },
): Promise<LivePost> {
	const found = await findInFeed(context, wantedOf(draft, handle)).catch(() => {
		// Not seen is not the same as not there: the reader looks again.
		throw asUnknown(error);
	});
	if (found) return liveOf(context, found);
	const ageMs = context.clock.now().getTime() - Date.parse(handle.preparedAt);
	throw withClass(ageMs < settleMs ? 'unknown' : 'validation', error);
}

export async function findPost(
	context: AdapterContext,
	draft: Draft,
	{ handle, intent }: { handle: PostHandle; intent: CommitIntent },
): Promise<Sighting> {
	const found = await findInFeed(context, wantedOf(draft, handle));
	if (found) return { state: 'live', live: liveOf(context, found) };
	const ageMs = context.clock.now().getTime() - intent.armedAt.getTime();
	if (ageMs >= settleMs) return { state: 'absent' };
	return { state: 'undecided', retryAfterMs: settleMs - ageMs };
}

function photoIdOf(handle: PostHandle): string | null {
	return handle.kind === 'photo' ? handle.photoId : null;
}

/** Since the post was first prepared: a call that was taken for lost may have worked after all. */
function wantedOf({ content }: Draft, handle: PostHandle): Wanted {
	return {
		pageId: handle.pageId,
		text: textOf(content),
		link: optionsOf(content).link ?? null,
		photoId: photoIdOf(handle),
		since: new Date(handle.preparedAt),
	};
}

/** The same address as the answer to the call would have given. */
function liveOf({ apiBaseUrl }: AdapterContext, { id }: Post): LivePost {
	return { platformPostId: id, url: postUrl(id, { apiBaseUrl }) };
}
