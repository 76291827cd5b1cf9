// Who works on a post. A claim raises the epoch; every later write names it, so a worker that wakes up after
// its lease was taken over writes nothing.
import type { Pool } from 'pg';
import type { ClaimedPost, LivePost } from '../publishing/post';
import type { StoredError } from '../publishing/errors';
import { LostClaimError } from '../publishing/errors';
import { giveBackClaim } from './give-back';
import { parsePostRow, toClaimedPost, toPost, type Post } from './post-row';
import { inTransaction } from './pool';
import { postNotFound } from './errors';

export interface ClaimRequest {
	readonly pool: Pool;
	readonly postId: string;
	/** How long the post is ours without a sign of life. */
	readonly leaseMs: number;
}

export type ClaimResult =
	| { readonly claimed: true; readonly post: ClaimedPost }
	| {
			readonly claimed: false;
			/** `busy`: another worker has it. `not-due`: it comes back by itself at `nextAttemptAt`. */
			readonly reason: 'posted' | 'cancelled' | 'failed' | 'busy' | 'not-due' | 'not-found';
			readonly live: LivePost | null;
			readonly nextAttemptAt: Date | null;
			readonly lastError: StoredError | null;
	  };

export const defaultLeaseMs = 2 * 60_000;

// One statement, one clock (the server's): of two workers that ask at once, exactly one finds the row free.
// A post whose irreversible call may have gone out is claimed as `unknown`: for reading first.
const claimSql = `
	update stackkraft.posts set
		state = case
			when commit_armed_at is not null and state in ('publishing', 'unknown') then 'unknown'
			else 'publishing'
		end,
		epoch = epoch + 1,
		lease_expires_at = now() + make_interval(secs => $2::float8 / 1000)
	where post_id = $1 and (
		state = 'queued'
		or (state = 'pending' and next_attempt_at <= now())
		or (state = 'publishing' and coalesce(lease_expires_at, '-infinity') <= now())
		or (state = 'unknown' and coalesce(lease_expires_at, next_attempt_at) <= now())
	)
	returning *`;

export async function claimPost({ pool, postId, leaseMs }: ClaimRequest): Promise<ClaimResult> {
	const { rows } = await pool.query(claimSql, [postId, leaseMs]);
	if (rows.length > 0) return { claimed: true, post: toClaimedPost(parsePostRow(rows[0])) };
	const { rows: found } = await pool.query('select * from stackkraft.posts where post_id = $1', [postId]);
	if (found.length === 0) {
		return { claimed: false, reason: 'not-found', live: null, nextAttemptAt: null, lastError: null };
	}
	const post = toPost(found[0]);
	const { live, nextAttemptAt, lastError } = post;
	return { claimed: false, reason: whyNot(post), live, nextAttemptAt, lastError };
}

function whyNot({ state, leaseExpiresAt }: Post): 'posted' | 'cancelled' | 'failed' | 'busy' | 'not-due' {
	switch (state) {
		case 'posted':
		case 'cancelled':
		case 'failed':
			return state;
		case 'pending':
			return 'not-due';
		case 'unknown':
			return leaseExpiresAt ? 'busy' : 'not-due';
		case 'queued':
		case 'publishing':
			return 'busy';
		default:
			return state satisfies never;
	}
}

export interface DeferRequest {
	readonly pool: Pool;
	readonly postId: string;
	readonly epoch: number;
	readonly until: Date;
	readonly reason: string;
}

/** Gives a claim back unused: the post wakes up again at `until` and pays no retry for it. */
export async function deferClaim({ pool, postId, epoch, until, reason }: DeferRequest): Promise<Post> {
	const error: StoredError = { class: 'rate-limit', message: reason, retryAt: until.toISOString() };
	return inTransaction(pool, async (client) => {
		const given = await giveBackClaim(client, {
			postId,
			epoch,
			decision: { kind: 'wait', at: until, countsAsRetry: false, error },
		});
		if (given) return given;
		const { rowCount } = await client.query('select 1 from stackkraft.posts where post_id = $1', [postId]);
		throw rowCount ? new LostClaimError(postId, epoch) : postNotFound(postId);
	});
}
