// POST media_publish is the irreversible call. Its container says afterwards whether it worked, and Instagram
// refuses to publish one container twice, so a lost answer is the easiest of all networks (facts 3.7).
import type { AdapterContext, Draft, Sighting } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { HandleGoneError } from '../../publishing/publish';
import { graphSendOnce } from '../graph-call';
import { liveWithoutAddress } from '../live-without-address';
import { parseAnswer } from '../parse-answer';
import { instagramPaths, instagramUrl } from './constants';
import { readContainer } from './container';
import { instagram, instagramError, isMissing } from './errors';
import { readMedia } from './media';
import { findRecent } from './recent-media';
import { publishedSchema, type InstagramHandle, type InstagramMedia } from './types';

const commitDeadlineMs = 60_000;

/**
 * FINISHED right after a lost call can be a call that is still under way. Twice the call's own deadline later it
 * is not; and should it be all the same, the second call for the same container is refused.
 */
const settleMs = 2 * commitDeadlineMs;
const lookAgainMs = 15_000;

export async function publishContainer(context: AdapterContext, handle: InstagramHandle): Promise<LivePost> {
	const doing = 'Publishing the post';
	const response = await graphSendOnce(instagram, context, {
		method: 'POST',
		url: instagramUrl('graph', instagramPaths.publish(handle.userId), context.apiBaseUrl),
		body: { creation_id: containerOf(handle) },
		deadlineMs: commitDeadlineMs,
		doing,
	});
	if (response.status !== 200) throw judged(instagramError(response, context.clock.now(), doing));
	const { id } = parseAnswer(publishedSchema, response, {
		platform: 'instagram',
		ifUnreadable: 'unknown',
	});
	return await liveOf(context, id);
}

function containerOf({ containerId }: InstagramHandle): string {
	if (containerId !== null) return containerId;
	throw new HandleGoneError('The upload to Instagram is not there; it is made anew.');
}

/** Which refusals promise that nothing happened. */
function judged(error: PublishError): PublishError {
	if (isMissing(error) || error.code?.endsWith('/2207020')) {
		return new HandleGoneError('Instagram no longer knows the upload; it is started anew.');
	}
	// 9007 says "not ready" and "published before" alike, and a stumble can come after the effect.
	return error.class === 'platform' ? asUnknown(error) : error;
}

function asUnknown({ message, code, httpStatus, cause }: PublishError): PublishError {
	return new PublishError('unknown', message, {
		platform: 'instagram',
		...(code && { code }),
		...(httpStatus && { httpStatus }),
		cause,
	});
}

/** Published for sure; a reader goes on for the address, unless the account lets nobody read. */
async function liveOf(context: AdapterContext, mediaId: string): Promise<LivePost> {
	let found: InstagramMedia | null;
	try {
		found = await readMedia(context, mediaId, 'permalink');
	} catch (error) {
		if (!(error instanceof PublishError)) throw error;
		if (error.class === 'auth') return liveWithoutAddress(context, 'instagram', mediaId);
		throw asUnknown(error);
	}
	const url = found?.permalink;
	if (url) return { platformPostId: mediaId, url };
	throw new PublishError('unknown', 'Instagram published the post, and does not say its address yet.', {
		platform: 'instagram',
		code: 'no-permalink',
	});
}

export async function findPost(
	context: AdapterContext,
	draft: Draft,
	{ handle, intent }: { handle: InstagramHandle; intent: CommitIntent },
): Promise<Sighting> {
	if (handle.containerId === null) return { state: 'gone' };
	const container = await readContainer(context, handle.containerId);
	switch (container?.status_code) {
		case 'FINISHED': {
			const ageMs = context.clock.now().getTime() - intent.armedAt.getTime();
			if (ageMs >= settleMs) return { state: 'absent' };
			return { state: 'undecided', retryAfterMs: settleMs - ageMs };
		}
		case 'ERROR':
		case 'EXPIRED':
			// Both end a container that was never published.
			return { state: 'gone' };
		case 'IN_PROGRESS':
			return { state: 'undecided', retryAfterMs: lookAgainMs };
		case 'PUBLISHED':
		case undefined: {
			// A container that is forgotten proves nothing: only the post itself can be found.
			const found = await findRecent(context, draft, { handle, intent }).catch(unlessNotOffered);
			if (!found?.permalink) return { state: 'undecided', retryAfterMs: lookAgainMs };
			return { state: 'live', live: { platformPostId: found.id, url: found.permalink } };
		}
	}
}

/** An edge that this login does not have (the list of stories, perhaps) proves nothing either way. */
function unlessNotOffered(error: unknown): null {
	if (error instanceof PublishError && error.class === 'validation') return null;
	throw error;
}
