// The first comment under a post that is live. The fact sheet does not describe the edge; this is Meta's reference of
// `/{media}/comments` (read 2026-11-20). It needs the permission instagram_business_manage_comments.
import type { AdapterContext, Draft, FollowUp } from '../../publishing/adapter';
import { PublishError, toPublishError } from '../../publishing/errors';
import type { LivePost } from '../../publishing/post';
import { graphCall, graphSendOnce } from '../graph-call';
import { instagramPaths, instagramUrl } from './constants';
import { instagram, instagramError } from './errors';
import { instagramOptionsSchema } from './options';
import { comparable } from './recent-media';
import { commentListSchema, usernameSchema } from './types';

const name = 'first-comment';
const pageSize = 50;
const maxPages = 3;

interface Comment {
	readonly mediaId: string;
	readonly text: string;
}

export async function addFirstComment(
	context: AdapterContext,
	draft: Draft,
	{ platformPostId }: LivePost,
): Promise<readonly FollowUp[]> {
	const text = instagramOptionsSchema.safeParse(draft.content.options ?? {}).data?.firstComment;
	if (text === undefined) return [];
	try {
		await makeSure(context, { mediaId: platformPostId, text });
		return [{ name, isDone: true, problem: null }];
	} catch (thrown) {
		const { message, remedy } = toPublishError(thrown);
		return [{ name, isDone: false, problem: remedy ? `${message} ${remedy}` : message }];
	}
}

/** An earlier run may have written it, and a lost answer may have been a good one: looking comes before sending. */
async function makeSure(context: AdapterContext, comment: Comment): Promise<void> {
	const username = await readUsername(context);
	if (await isThere(context, comment, username)) return;
	try {
		await send(context, comment);
	} catch (error) {
		const isLost = error instanceof PublishError && error.class === 'unknown';
		if (!isLost || !(await isThere(context, comment, username))) throw error;
	}
}

async function readUsername(context: AdapterContext): Promise<string> {
	const { username } = await graphCall(instagram, context, usernameSchema, {
		method: 'GET',
		url: instagramUrl('graph', instagramPaths.me, context.apiBaseUrl),
		query: { fields: 'username' },
		doing: 'Asking for the account',
	});
	return username;
}

async function isThere(
	context: AdapterContext,
	{ mediaId, text }: Comment,
	username: string,
): Promise<boolean> {
	let after: string | undefined;
	for (let page = 1; page <= maxPages; page++) {
		const { data, paging } = await graphCall(instagram, context, commentListSchema, {
			method: 'GET',
			url: instagramUrl('graph', instagramPaths.comments(mediaId), context.apiBaseUrl),
			query: { fields: 'id,text,username', limit: String(pageSize), ...(after && { after }) },
			doing: 'Looking for the first comment',
		});
		const isOurs = (comment: (typeof data)[number]): boolean =>
			comment.username === username && comparable(comment.text) === comparable(text);
		if (data.some(isOurs)) return true;
		after = paging?.next ? paging.cursors?.after : undefined;
		if (!after) return false;
	}
	return false;
}

async function send(context: AdapterContext, { mediaId, text }: Comment): Promise<void> {
	const doing = 'Writing the first comment';
	const response = await graphSendOnce(instagram, context, {
		method: 'POST',
		url: instagramUrl('graph', instagramPaths.comments(mediaId), context.apiBaseUrl),
		body: { message: text },
		doing,
	});
	if (response.status === 200) return;
	const error = instagramError(response, context.clock.now(), doing);
	// A stumble can come after the effect.
	if (error.class !== 'platform') throw error;
	throw new PublishError('unknown', error.message, { platform: 'instagram' });
}
