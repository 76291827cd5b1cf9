// threads_publish is the irreversible call (facts 7.2). A container can be published only once, so it is the
// key to exactly once: its status says whether a lost call worked (facts 7.6).
import type { AdapterContext, Draft, Sighting } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { HttpResponse } from '../../publishing/ports';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { HandleGoneError } from '../../publishing/publish';
import { asLostAnswer } from '../error-table';
import { graphSend } from '../graph-send';
import { liveWithoutAddress } from '../live-without-address';
import { parseAnswer } from '../parse-answer';
import { formPost, threadsRead } from './call';
import { threadsPaths, threadsUrl } from './constants';
import { threadsError } from './errors';
import { findRecentPost } from './recent-posts';
import { idSchema, threadSchema, type ThreadsHandle } from './types';
import { readContainer } from './container';

const commitDeadlineMs = 60_000;

/** A call that was still under way when we gave up has ended by then: twice its own deadline. */
const settleMs = 2 * commitDeadlineMs;
const lookAgainMs = 30_000;

export async function publishContainer(context: AdapterContext, handle: ThreadsHandle): Promise<LivePost> {
	const containerId = containerOf(handle);
	const url = threadsUrl('api', threadsPaths.publish(handle.userId), context.apiBaseUrl);
	const response = await graphSend(context, () => ({
		...formPost(url, { creation_id: containerId }, commitDeadlineMs),
		publishes: true,
	})).catch((error: unknown) => {
		throw asLostAnswer('threads', error);
	});
	if (response.status !== 200) throw await refusalOf(context, response, containerId);
	const { id } = parseAnswer(idSchema, response, { platform: 'threads', ifUnreadable: 'unknown' });
	return await readLive(context, id);
}

function containerOf({ containerId }: ThreadsHandle): string {
	if (containerId !== null) return containerId;
	throw new HandleGoneError('The upload to Threads is not there; it is made anew.');
}

/**
 * "Media not found" is what Threads says of a container that is not ready, that is gone, and perhaps of one that
 * an earlier call has published after all (facts 7.4 do not say). Only its status tells them apart.
 */
async function refusalOf(
	context: AdapterContext,
	response: HttpResponse,
	containerId: string,
): Promise<PublishError> {
	const error = threadsError(response, context.clock.now(), 'Publishing the post');
	if (error.class !== 'platform') return error;
	if (!isMediaNotFound(error)) return asUnknown(error);
	const container = await readContainer(context, containerId).catch(() => null);
	switch (container?.status) {
		case 'ERROR':
		case 'EXPIRED':
			return new HandleGoneError('Threads no longer has the upload; it is made anew.');
		case 'FINISHED':
		case 'IN_PROGRESS':
			return error;
		default:
			return asUnknown(error);
	}
}

function isMediaNotFound({ code = '' }: PublishError): boolean {
	return code === '24' || code.startsWith('24/') || code.endsWith('/4279009');
}

function asUnknown({ code, httpStatus, message }: PublishError): PublishError {
	return new PublishError('unknown', message, {
		platform: 'threads',
		...(code && { code }),
		...(httpStatus && { httpStatus }),
	});
}

/** The post is public by now. When its address cannot be read, whoever looks for lost posts reads it later. */
async function readLive(context: AdapterContext, id: string): Promise<LivePost> {
	try {
		const { permalink } = await threadsRead(context, threadSchema, {
			path: threadsPaths.object(id),
			query: { fields: 'id,permalink,timestamp,text,media_type' },
			doing: 'Reading the post',
		});
		return { platformPostId: id, url: permalink };
	} catch (error) {
		if (!(error instanceof PublishError)) throw error;
		if (error.class === 'auth') return liveWithoutAddress(context, 'threads', id);
		throw asUnknown(error);
	}
}

export async function findPost(
	context: AdapterContext,
	draft: Draft,
	{ handle, intent }: { handle: ThreadsHandle; intent: CommitIntent },
): Promise<Sighting> {
	if (handle.containerId === null) return { state: 'gone' };
	const container = await readContainer(context, handle.containerId);
	switch (container?.status) {
		case 'FINISHED':
			return whenSettled(context, intent, { state: 'absent' });
		// Neither can ever become public, whatever was on its way.
		case 'ERROR':
		case 'EXPIRED':
			return whenSettled(context, intent, { state: 'gone' });
		case 'IN_PROGRESS':
			return { state: 'undecided', retryAfterMs: lookAgainMs };
		// PUBLISHED, or a container that Threads no longer shows: the profile has the post or nobody can tell.
		default:
			return await findInProfile(context, draft, { handle, intent });
	}
}

/** Right after a lost call the status can still be the one from before it. */
function whenSettled({ clock }: AdapterContext, intent: CommitIntent, sighting: Sighting): Sighting {
	const ageMs = clock.now().getTime() - intent.armedAt.getTime();
	return ageMs >= settleMs ? sighting : { state: 'undecided', retryAfterMs: settleMs - ageMs };
}

async function findInProfile(
	context: AdapterContext,
	draft: Draft,
	{ handle, intent }: { handle: ThreadsHandle; intent: CommitIntent },
): Promise<Sighting> {
	const found = await findRecentPost(context, {
		draft,
		userId: handle.userId,
		preparedAt: new Date(handle.preparedAt),
		armedAt: intent.armedAt,
	}).catch(unlessNotAllowed);
	if (!found) return { state: 'undecided', retryAfterMs: lookAgainMs };
	return { state: 'live', live: { platformPostId: found.id, url: found.permalink } };
}

/** Reading replies needs a permission of its own; without it nothing is proved either way. */
function unlessNotAllowed(error: unknown): null {
	const isAboutPermission =
		error instanceof PublishError && error.class === 'auth' && error.httpStatus !== 401;
	if (isAboutPermission && !/^(190|102)\b/.test(error.code ?? '')) return null;
	throw error;
}
