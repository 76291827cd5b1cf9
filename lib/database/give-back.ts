// The end of a claim that did not end in a post: what happens next is written together with the row that makes
// it happen. A decision without its outbox row would be a post that nobody ever wakes up.
import { publishSubject, type DeadLetter, type PublishRequest } from '../queue/messages';
import type { StoredDecision } from '../publishing/ports';
import { toJsonb } from './json';
import { addDeadLetterRow, addWakeUp } from './outbox';
import { toPost, type Post } from './post-row';
import type { Queryable } from './pool';

export interface GiveBack {
	readonly postId: string;
	readonly epoch: number;
	readonly decision: StoredDecision;
}

// Whatever was decided: while an armed call has no known outcome the post is `unknown`, never `pending`.
const giveBackSql = `
	update stackkraft.posts set
		state = case
			when $3 = 'failed' then 'failed'
			when $3 = 'unknown' or commit_armed_at is not null then 'unknown'
			else 'pending'
		end,
		commit_armed_at = case when $3 = 'unknown' then coalesce(commit_armed_at, now()) else commit_armed_at end,
		retry_count = retry_count + $4::int,
		next_attempt_at = coalesce($5::timestamptz, next_attempt_at),
		last_error = $6::jsonb,
		lease_expires_at = null
	where post_id = $1 and epoch = $2 and state in ('publishing', 'unknown') and lease_expires_at is not null
	returning *`;

/** @returns null when the claim is over: nothing was written. */
export async function giveBackClaim(
	client: Queryable,
	{ postId, epoch, decision }: GiveBack,
): Promise<Post | null> {
	const { kind, error } = decision;
	const at = kind === 'failed' ? null : decision.at;
	const retries = kind === 'failed' || (kind === 'wait' && decision.countsAsRetry) ? 1 : 0;
	const { rows } = await client.query(giveBackSql, [postId, epoch, kind, retries, at, toJsonb(error)]);
	if (rows.length === 0) return null;
	const post = toPost(rows[0]);
	if (kind === 'failed') await addDeadLetterRow(client, post.postId, deadLetterOf(post));
	else await addWakeUp(client, post, post.nextAttemptAt);
	return post;
}

function deadLetterOf(post: Post): DeadLetter {
	const request: PublishRequest = {
		version: 1,
		postId: post.postId,
		platform: post.platform,
		accountId: post.accountId,
	};
	return {
		version: 1,
		subject: publishSubject(post),
		payload: JSON.stringify(request),
		headers: {},
		errorClass: post.lastError?.class ?? 'unknown',
		reason: post.lastError?.message ?? '',
		attempts: post.retryCount,
		failedAt: post.updatedAt.toISOString(),
		postId: post.postId,
	};
}
