// POST /rest/posts is the irreversible call, without an idempotency key. After a lost answer the posts of a page
// are read. A member's own cannot be read by anybody (facts 5.8); what LinkedIn offers instead is that it refuses
// the same post a second time and names the first (422), so there the identical call is the question.
import { authorizedSend } from '../../http/authorized-send';
import type { AdapterContext, Draft, Sighting } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { CommitIntent, LivePost } from '../../publishing/post';
import type { HttpResponse } from '../../publishing/ports';
import { asLostAnswer } from '../error-table';
import { isOrganization } from './author';
import { jsonPost, linkedInRead } from './call';
import { linkedInPaths, postUrl } from './constants';
import { duplicateUrn, linkedInError } from './errors';
import { findAmongPosts, isOurs, type Wanted } from './recent-posts';
import { commentaryOf, linkedInOptionsSchema, postBody } from './text';
import { postSchema, type LinkedInHandle } from './types';

const commitDeadlineMs = 30_000;
/** A call that was still under way when we gave up has ended, and its post is in the page's list. */
const settleMs = 120_000;
/**
 * How long after the lost call its repeat is surely still recognised. Facts 5.6 say "soon", and no page says how
 * long: to be wrong on the long side is a second public post, on the short side a look by a person.
 */
const repeatWindowMs = 10 * 60_000;

export async function createPost(
	context: AdapterContext,
	draft: Draft,
	handle: LinkedInHandle,
): Promise<LivePost> {
	const response = await sendPost(context, draft, handle);
	const created = createdPost(response, context);
	if (created) return created;
	const copyOf = duplicateUrn(response);
	if (copyOf === null) throw refusal(response, context);
	// An own earlier call that was taken for lost may be what stands there; on a page that can be read.
	if (isOrganization(handle.author) && (await isOwnPost(context, copyOf, wantedOf(draft, handle)))) {
		return liveOf(copyOf, context);
	}
	throw linkedInError(response, context.clock.now(), 'Publishing the post');
}

async function sendPost(
	context: AdapterContext,
	draft: Draft,
	{ author, media }: LinkedInHandle,
): Promise<HttpResponse> {
	const body = JSON.stringify(postBody(draft.content, { author, mediaUrn: media?.urn ?? null }));
	return await authorizedSend(context, () => ({
		...jsonPost(context, linkedInPaths.posts, body),
		deadlineMs: commitDeadlineMs,
	})).catch((error: unknown) => {
		throw asLostAnswer('linkedin', error);
	});
}

/** Facts 5.3: the body is empty, the id is a header. */
function createdPost(response: HttpResponse, context: AdapterContext): LivePost | null {
	if (response.status !== 200 && response.status !== 201) return null;
	const urn = decodeURIComponent(response.headers['x-restli-id'] ?? '');
	if (/^urn:li:\w+:\d+$/.test(urn)) return liveOf(urn, context);
	throw new PublishError('unknown', 'LinkedIn took the post without saying its id.', {
		platform: 'linkedin',
		code: 'unreadable-answer',
		httpStatus: response.status,
	});
}

/** After a 5xx the post may be there all the same; every other refusal proves that it is not. */
function refusal(response: HttpResponse, context: AdapterContext): PublishError {
	const error = linkedInError(response, context.clock.now(), 'Publishing the post');
	if (response.status < 500 && response.status !== 408) return error;
	return new PublishError('unknown', error.message, {
		platform: 'linkedin',
		code: error.code ?? '',
		httpStatus: response.status,
	});
}

async function isOwnPost(context: AdapterContext, urn: string, wanted: Wanted): Promise<boolean> {
	const post = await linkedInRead(context, postSchema, {
		path: linkedInPaths.post(urn),
		doing: 'Reading the post',
	}).catch((error: unknown) => {
		// Not seen is not the same as not ours: a reader looks again.
		throw new PublishError(
			'unknown',
			'LinkedIn says that it has this post already; whose it is cannot be read.',
			{
				platform: 'linkedin',
				code: 'DUPLICATE_POST',
				cause: error,
			},
		);
	});
	return isOurs(post, wanted);
}

export async function findPost(
	context: AdapterContext,
	draft: Draft,
	{ handle, intent }: { handle: LinkedInHandle; intent: CommitIntent },
): Promise<Sighting> {
	const ageMs = context.clock.now().getTime() - intent.armedAt.getTime();
	if (isOrganization(handle.author)) {
		const found = await findAmongPosts(context, wantedOf(draft, handle));
		if (found) return { state: 'live', live: liveOf(found.id, context) };
		return ageMs >= settleMs ? { state: 'absent' } : { state: 'undecided', retryAfterMs: settleMs - ageMs };
	}
	if (ageMs < settleMs) return { state: 'undecided', retryAfterMs: settleMs - ageMs };
	if (ageMs > repeatWindowMs) throw tooLateToAsk();
	return await askByRepeating(context, draft, handle);
}

/** Either LinkedIn names the post that is there, or there was none and this call makes it: one in any case. */
async function askByRepeating(
	context: AdapterContext,
	draft: Draft,
	handle: LinkedInHandle,
): Promise<Sighting> {
	try {
		const response = await sendPost(context, draft, handle);
		const created = createdPost(response, context);
		if (created) return { state: 'live', live: created };
		const copyOf = duplicateUrn(response);
		if (copyOf === null) throw refusal(response, context);
		return { state: 'live', live: liveOf(copyOf, context) };
	} catch (error) {
		// This answer got lost as well. Asking again is as safe as it was before, once this call has settled.
		if (!(error instanceof PublishError) || error.class !== 'unknown') throw error;
		return { state: 'undecided', retryAfterMs: settleMs };
	}
}

function tooLateToAsk(): PublishError {
	return new PublishError('unknown', 'It can no longer be told whether LinkedIn published the post.', {
		platform: 'linkedin',
		code: 'answer-lost',
		remedy:
			'LinkedIn lets nobody read a member’s own posts, and only shortly after the call it would recognise a repeat. Look at the profile on LinkedIn; if the post is not there, publish it anew.',
	});
}

function wantedOf({ content }: Draft, { author, media, preparedAt }: LinkedInHandle): Wanted {
	return {
		author,
		commentary: commentaryOf(content),
		articleUrl: linkedInOptionsSchema.parse(content.options ?? {}).articleUrl ?? null,
		mediaUrn: media?.urn ?? null,
		since: new Date(preparedAt),
	};
}

function liveOf(postUrn: string, { apiBaseUrl }: AdapterContext): LivePost {
	return { platformPostId: postUrn, url: postUrl(postUrn, apiBaseUrl) };
}
