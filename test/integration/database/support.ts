import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { claimPost, createPool, createPosts, openPost, type Post } from '../../../lib/database';
import { newClipSchema, type NewClip } from '../../../lib/database/clips';
import type { ClaimedPost } from '../../../lib/publishing/post';
import { createTestDatabase } from '../../support/database';

export interface TestPool {
	readonly pool: Pool;
	readonly url: string;
	close(): Promise<void>;
}

export async function openTestPool(maxConnections = 10): Promise<TestPool> {
	const database = await createTestDatabase();
	const pool = createPool(database.url, { maxConnections });
	return {
		pool,
		url: database.url,
		close: async () => {
			await pool.end();
			await database.drop();
		},
	};
}

export const anHourAgo = (): Date => new Date(Date.now() - 3_600_000);
export const inAnHour = (): Date => new Date(Date.now() + 3_600_000);

export function makeClip(changes: Partial<NewClip> = {}): NewClip {
	const clipId = changes.clipId ?? `clip-${randomUUID()}`;
	return newClipSchema.parse({
		clipId,
		source: 'talk.mp4',
		startSec: 1,
		endSec: 31,
		title: 'A clip',
		path: `/clips/${clipId}.mp4`,
		suggestions: {
			title: 'A title',
			description: 'Said at length',
			text: 'Said in short',
			hashtags: ['#go'],
		},
		...changes,
	});
}

/** One post with its wake-up, due now unless `startAt` says otherwise. */
export async function plannedPost(pool: Pool, startAt: Date = anHourAgo()): Promise<Post> {
	const { posts } = await createPosts({
		pool,
		requestId: randomUUID(),
		clips: [makeClip()],
		targets: [{ platform: 'x', accountId: 'main' }],
		startAt,
	});
	return posts[0]!.post;
}

export async function claimed(pool: Pool, leaseMs = 60_000): Promise<ClaimedPost> {
	const { post } = await openPost({
		pool,
		idempotencyKey: randomUUID(),
		platform: 'youtube',
		accountId: 'main',
		content: { title: 'A title' },
	});
	return claimAgain(pool, post.postId, leaseMs);
}

export async function claimAgain(pool: Pool, postId: string, leaseMs = 60_000): Promise<ClaimedPost> {
	const result = await claimPost({ pool, postId, leaseMs });
	if (!result.claimed) throw new Error(`not claimed: ${result.reason}`);
	return result.post;
}

/** Time is controlled by rows: the lease is over as soon as the row says so. */
export async function endLease(pool: Pool, postId: string): Promise<void> {
	await pool.query(
		`update stackkraft.posts set lease_expires_at = now() - interval '1 second'
		 where post_id = $1 and lease_expires_at is not null`,
		[postId],
	);
}

export async function makeDue(pool: Pool, postId: string): Promise<void> {
	await pool.query(
		`update stackkraft.posts set next_attempt_at = now() - interval '1 second' where post_id = $1`,
		[postId],
	);
}

export async function stateOf(pool: Pool, postId: string): Promise<string> {
	const { rows } = await pool.query<{ state: string }>(
		'select state from stackkraft.posts where post_id = $1',
		[postId],
	);
	return rows[0]!.state;
}

export async function openWakeUps(pool: Pool, postId: string): Promise<number> {
	const { rows } = await pool.query<{ n: number }>(
		`select count(*)::int as n from stackkraft.outbox where post_id = $1 and kind = 'wake-up' and sent_at is null`,
		[postId],
	);
	return rows[0]!.n;
}
