// POST /rest/posts is the irreversible call, without an idempotency key. After a lost answer the posts of a page
// are read. A member's own cannot be read by anybody (facts 5.8). LinkedIn would refuse the same post a second time
// and name the first, but for how long is unverified (facts 5.6): a repeat could publish twice, so there is none.
import { authorizedSend } from '../../http/authorized-send';
import type { AdapterContext, Draft, Sighting } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { CommitIntent, LivePost } from '../../publishing/post';
import type { HttpResponse } from '../../publishing/ports';
import { asLostAnswer } from '../error-table';
import { isOrganization } from './author';
import { jsonPost, linkedInRead } from './call';
import { linkedInPaths, ownActivityUrl, postUrl } from './constants';
import { duplicateUrn, linkedInError } from './errors';
import { postBody } from './post-body';
import { findAmongPosts, isOurs, type Wanted } from './recent-posts';
import { commentaryOf, linkedInOptionsSchema } from './text';
import { postSchema, type LinkedInHandle } from './types';

const commitDeadlineMs = 30_000;
/** A call that was still under way when we gave up has ended, and its post is in the page's list. */
const settleMs = 120_000;
/** Enough to tell one post from another. */
const shownChars = 80;

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
	handle: LinkedInHandle,
): Promise<HttpResponse> {
	const body = JSON.stringify(postBody(draft, handle));
	return await authorizedSend(context, () => ({
		...jsonPost(context, linkedInPaths.posts, body),
		deadlineMs: commitDeadlineMs,
		publishes: true,
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
	if (!isOrganization(handle.author)) return onlyAPersonCanTell(context, draft, intent.armedAt);
	const found = await findAmongPosts(context, wantedOf(draft, handle));
	if (found) return { state: 'live', live: liveOf(found.id, context) };
	const ageMs = context.clock.now().getTime() - intent.armedAt.getTime();
	return ageMs >= settleMs ? { state: 'absent' } : { state: 'undecided', retryAfterMs: settleMs - ageMs };
}

/** What a person needs to find the post: what it says, when the call went out, and where to look. */
function onlyAPersonCanTell({ apiBaseUrl }: AdapterContext, { content }: Draft, armedAt: Date): Sighting {
	const words = (content.text ?? content.title ?? '').trim().slice(0, shownChars);
	return {
		state: 'hidden',
		message: `The answer to the publishing call of ${armedAt.toISOString()} was lost, and LinkedIn lets nobody read a member’s own posts.`,
		remedy: `Look at ${ownActivityUrl(apiBaseUrl)} for ${words ? `the post that begins with “${words}”` : 'the post'}, from about ${armedAt.toISOString()}. If it is there, nothing is left to do; if not, publish it as a new post. Nothing is sent again by itself.`,
	};
}

function wantedOf({ content }: Draft, { author, media, preparedAt }: LinkedInHandle): Wanted {
	return {
		author,
		commentary: commentaryOf(content),
		articleUrl: linkedInOptionsSchema.parse(content.options ?? {}).articleUrl ?? null,
		mediaUrns: media.map(({ urn }) => urn),
		since: new Date(preparedAt),
	};
}

function liveOf(postUrn: string, { apiBaseUrl }: AdapterContext): LivePost {
	return { platformPostId: postUrn, url: postUrl(postUrn, apiBaseUrl) };
}
