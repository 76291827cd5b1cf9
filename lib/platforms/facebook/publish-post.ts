// POST /{page}/feed: texts, links and any number of photos. There is no handle before the answer and no idempotency key, so after a
// lost answer the page's own posts are read, and "it is not there" counts only when it has had time to appear.
import type { AdapterContext, Draft, Sighting } from '../../publishing/adapter';
import type { PublishError } from '../../publishing/errors';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { graphSendOnce } from '../graph-call';
import { parseAnswer } from '../parse-answer';
import { facebookPaths, facebookUrl, postUrl } from './constants';
import { duplicatePost, facebookError, facebookNetwork } from './errors';
import { asUnknown, withClass } from './lost-answer';
import { optionsOf } from './options';
import { feedBody } from './post-body';
import { findInFeed, type Wanted } from './recent-posts';
import { textOf } from './text';
import { createdSchema, type HandleOf, type Post } from './types';

type PostHandle = HandleOf<'feed'>;

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
		body: feedBody(draft.content, handle.photoIds),
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
	if (found === 'unsure') throw asUnknown(error);
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
	if (found === 'unsure') return hidden(intent, handle);
	if (found) return { state: 'live', live: liveOf(context, found) };
	if (optionsOf(draft.content).scheduledPublishTime !== undefined) return hidden(intent, handle);
	const ageMs = context.clock.now().getTime() - intent.armedAt.getTime();
	if (ageMs >= settleMs) return { state: 'absent' };
	return { state: 'undecided', retryAfterMs: settleMs - ageMs };
}

/**
 * Among the published posts (facts 6.7) there is none that Facebook keeps back, and an album does not always tell its
 * photos: then no reader can say that a post is not there.
 */
function hidden({ armedAt }: CommitIntent, { pageId }: PostHandle): Sighting {
	return {
		state: 'hidden',
		message: `The answer to the publishing call of ${armedAt.toISOString()} was lost, and Facebook’s list of posts cannot tell whether it worked.`,
		remedy: `Look at the published and the planned posts of the page ${pageId} from about ${armedAt.toISOString()}. If it is there, nothing is left to do; if not, publish it as a new post. Nothing is sent again by itself.`,
	};
}

/** Since the post was first prepared: a call that was taken for lost may have worked after all. */
function wantedOf({ content }: Draft, handle: PostHandle): Wanted {
	return {
		pageId: handle.pageId,
		text: textOf(content),
		link: optionsOf(content).link ?? null,
		photoIds: handle.photoIds,
		since: new Date(handle.preparedAt),
	};
}

/** The same address as the answer to the call would have given. */
function liveOf({ apiBaseUrl }: AdapterContext, { id }: Post): LivePost {
	return { platformPostId: id, url: postUrl(id, { apiBaseUrl }) };
}
