// What people and workflows do with posts: look, cancel, move, redrive. None of it sends anything.
import type { Pool } from 'pg';
import type { Platform } from '../publishing/platform';
import type { PostState } from '../publishing/post';
import { PostActionError, postNotFound } from './errors';
import { addWakeUp, removeWakeUps } from './outbox';
import { appendPostEvent } from './post-events';
import { toPost, type Post } from './post-row';
import { inTransaction, type Queryable } from './pool';

export async function getPost(client: Queryable, postId: string): Promise<Post> {
	const { rows } = await client.query('select * from stackkraft.posts where post_id = $1', [postId]);
	if (rows.length === 0) throw postNotFound(postId);
	return toPost(rows[0]);
}

export interface PostFilter {
	readonly states?: readonly PostState[];
	readonly platforms?: readonly Platform[];
	readonly accountId?: string;
	/** All posts of the clips of one request. */
	readonly requestId?: string;
	readonly limit?: number;
}

const listPostsSql = `
	select p.* from stackkraft.posts p
	where ($1::text[] is null or p.state = any($1))
		and ($2::text[] is null or p.platform = any($2))
		and ($3::text is null or p.account_id = $3)
		and ($4::text is null or exists (
			select 1 from stackkraft.clips c where c.clip_id = p.clip_id and c.request_id = $4
		))
	order by p.scheduled_at desc, p.post_id limit $5`;

/** Newest first. */
export async function listPosts(client: Queryable, filter: PostFilter = {}): Promise<readonly Post[]> {
	const { rows } = await client.query(listPostsSql, [
		filter.states?.length ? filter.states : null,
		filter.platforms?.length ? filter.platforms : null,
		filter.accountId ?? null,
		filter.requestId ?? null,
		filter.limit ?? 100,
	]);
	return rows.map(toPost);
}

// A redriven post with an open outcome may be public already. Who calls it cancelled, or moves the look at it to
// tomorrow, says something that nobody knows; as `failed` a person was asked to look, and decides.
const notMaybePublic = `(commit_armed_at is null or state = 'failed')`;

/** Only what nobody works on: a post that is being published is published or fails, but is never half taken back. */
export async function cancelPost(pool: Pool, postId: string, reason: string): Promise<Post> {
	return change(pool, postId, async (client) => {
		const post = await move(client, {
			postId,
			from: ['pending', 'queued', 'failed'],
			condition: notMaybePublic,
			assignments: `state = 'cancelled'`,
			values: [],
		});
		if (!post) return null;
		await removeWakeUps(client, postId);
		await appendPostEvent(client, postId, 'cancelled-by-request', { reason });
		return post;
	});
}

export async function reschedulePost(pool: Pool, postId: string, scheduledAt: Date): Promise<Post> {
	return change(pool, postId, async (client) => {
		const post = await move(client, {
			postId,
			from: ['pending', 'queued'],
			condition: notMaybePublic,
			assignments: `state = 'pending', scheduled_at = $3, next_attempt_at = $3`,
			values: [scheduledAt],
		});
		if (!post) return null;
		await addWakeUp(client, post, scheduledAt);
		await appendPostEvent(client, postId, 'rescheduled', { scheduledAt: scheduledAt.toISOString() });
		return post;
	});
}

/**
 * A failed post gets a new set of attempts. Where the irreversible call may have gone out, the mark and the
 * handle stay: the next worker reads first and sends only what is proven to be missing. Without the mark the
 * handle goes, because the far side has refused it.
 */
export async function redrivePost(pool: Pool, postId: string): Promise<Post> {
	return change(pool, postId, async (client) => {
		const post = await move(client, {
			postId,
			from: ['failed'],
			assignments: `state = 'pending', retry_count = 0, commit_checks = 0, next_attempt_at = now(),
				handle = case when commit_armed_at is null then null else handle end,
				is_uploaded = is_uploaded and commit_armed_at is not null`,
			values: [],
		});
		if (!post) return null;
		await addWakeUp(client, post, post.nextAttemptAt);
		await client.query(
			`update stackkraft.dead_letters set resolved_at = now() where post_id = $1 and resolved_at is null`,
			[postId],
		);
		return post;
	});
}

/** Failed posts of one error class (or of all), oldest first. */
export async function listRedrivable(
	client: Queryable,
	{ errorClass, limit }: { readonly errorClass?: string; readonly limit: number },
): Promise<readonly string[]> {
	const { rows } = await client.query<{ post_id: string }>(
		`select post_id from stackkraft.posts
		 where state = 'failed' and ($1::text is null or last_error->>'class' = $1)
		 order by state_changed_at limit $2`,
		[errorClass ?? null, limit],
	);
	return rows.map(({ post_id: postId }) => postId);
}

/** @returns those that were redriven; what somebody else redrove or cancelled in between is left out. */
export async function redriveMany(pool: Pool, postIds: readonly string[]): Promise<readonly Post[]> {
	const redriven: Post[] = [];
	for (const postId of postIds) {
		try {
			redriven.push(await redrivePost(pool, postId));
		} catch (error) {
			if (!(error instanceof PostActionError)) throw error;
		}
	}
	return redriven;
}

interface Move {
	readonly postId: string;
	readonly from: readonly PostState[];
	readonly condition?: string;
	/** Uses the parameters from `$3` on. */
	readonly assignments: string;
	readonly values: readonly unknown[];
}

async function move(
	client: Queryable,
	{ postId, from, condition = 'true', assignments, values }: Move,
): Promise<Post | null> {
	const { rows } = await client.query(
		`update stackkraft.posts set ${assignments}
		 where post_id = $1 and state = any($2::text[]) and ${condition} returning *`,
		[postId, from, ...values],
	);
	return rows.length > 0 ? toPost(rows[0]) : null;
}

async function change(
	pool: Pool,
	postId: string,
	work: (client: Queryable) => Promise<Post | null>,
): Promise<Post> {
	return inTransaction(pool, async (client) => {
		const changed = await work(client);
		if (changed) return changed;
		const { state, isOutcomeOpen } = await getPost(client, postId);
		if (isOutcomeOpen && (state === 'pending' || state === 'queued')) throw mayBePublic(postId);
		throw new PostActionError(
			'wrong-state',
			`The post ${postId} is ${state}; that does not allow this.`,
			remedies[state],
		);
	});
}

function mayBePublic(postId: string): PostActionError {
	return new PostActionError(
		'wrong-state',
		`The post ${postId} may be public already: an earlier call got no answer.`,
		'The next attempt looks first. Wait until it is posted or failed; a failed post can be cancelled.',
	);
}

const remedies: Record<PostState, string> = {
	pending: 'It is waiting for its time: cancel or reschedule it.',
	queued: 'It is waiting for a worker: cancel or reschedule it.',
	publishing: 'A worker has it. Wait until it is posted, failed or waiting again.',
	unknown: 'A reader is finding out whether the network has it. Wait until that is decided.',
	posted: 'It is public. Delete it at the network if it must go.',
	failed: 'Redrive it or cancel it.',
	cancelled: 'Create it again under a new idempotency key.',
};
