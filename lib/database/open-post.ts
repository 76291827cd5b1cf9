// One post comes into being, once. The key decides what "the same" means; PostgreSQL decides who was first.
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { Platform } from '../publishing/platform';
import type { MediaRef, PostContent } from '../publishing/post';
import { ensureAccounts, type AccountKey } from './accounts';
import { PostActionError } from './errors';
import { toJsonb } from './json';
import { addWakeUp } from './outbox';
import { toPost, type Post } from './post-row';
import { inTransaction, type Queryable } from './pool';

export interface NewMedia extends MediaRef {
	/** What identifies the content where that is known; else the reference stands for it. */
	readonly hash?: string | null | undefined;
}

export interface NewPost {
	/** Twice the same key is twice the same post. */
	readonly idempotencyKey: string;
	readonly platform: Platform;
	readonly accountId: string;
	readonly content: PostContent;
	/** In the order in which people see them; absent for posts of words alone. */
	readonly media?: readonly NewMedia[];
	readonly clipId?: string | null;
	readonly slot?: string;
	/** Now when absent. */
	readonly scheduledAt?: Date;
}

export interface OpenedPost {
	readonly post: Post;
	/** False when the post was there already. */
	readonly isNew: boolean;
}

const insertPostSql = `
	insert into stackkraft.posts (
		idempotency_key, content_hash, platform, account_id, content, media, clip_id, slot,
		scheduled_at, next_attempt_at
	) values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, coalesce($9, now()), coalesce($9, now()))
	on conflict do nothing
	returning *`;

/** Inside the caller's transaction; the account and the clip are there already. */
export async function insertPost(client: Queryable, post: NewPost): Promise<OpenedPost> {
	const contentHash = hashContent(post);
	const { rows } = await client.query(insertPostSql, [
		post.idempotencyKey,
		contentHash,
		post.platform,
		post.accountId,
		toJsonb(post.content),
		toJsonb((post.media ?? []).map(({ ref, altText }) => ({ ref, ...(altText && { altText }) }))),
		post.clipId ?? null,
		post.slot ?? '',
		post.scheduledAt ?? null,
	]);
	if (rows.length > 0) return { post: toPost(rows[0]), isNew: true };
	return { post: await findSame(client, post, contentHash), isNew: false };
}

async function findSame(client: Queryable, post: NewPost, contentHash: string): Promise<Post> {
	const { rows } = await client.query<{ idempotency_key: string; content_hash: string }>(
		`select * from stackkraft.posts
		 where idempotency_key = $1
			or (clip_id = $2 and platform = $3 and account_id = $4 and slot = $5 and state <> 'cancelled')
		 order by (idempotency_key = $1) desc limit 1`,
		[post.idempotencyKey, post.clipId ?? null, post.platform, post.accountId, post.slot ?? ''],
	);
	const found = rows[0];
	if (!found) throw new Error(`The post ${post.idempotencyKey} was in the way and is gone: try again.`);
	if (found.idempotency_key === post.idempotencyKey && found.content_hash !== contentHash) {
		throw new PostActionError(
			'idempotency-conflict',
			`The idempotency key ${post.idempotencyKey} already stands for a post with other content.`,
			'Use a new key for new content. To change what is planned, cancel the post and create another.',
		);
	}
	return toPost(found);
}

/**
 * For whoever publishes at once instead of by the queue: the post is there, due, and has no wake-up yet. If
 * nobody claims it, the reaper wakes it like any stranded post.
 */
export async function openPost({ pool, ...post }: NewPost & { readonly pool: Pool }): Promise<OpenedPost> {
	return inTransaction(pool, async (client) => {
		refuseDisabled(await ensureAccounts(client, [post]));
		return insertPost(client, post);
	});
}

/** For the queue: the post and its wake-up come into being together, or neither does. */
export async function queuePost({ pool, ...post }: NewPost & { readonly pool: Pool }): Promise<OpenedPost> {
	return inTransaction(pool, async (client) => {
		refuseDisabled(await ensureAccounts(client, [post]));
		const opened = await insertPost(client, post);
		if (opened.isNew) await addWakeUp(client, opened.post, opened.post.scheduledAt);
		return opened;
	});
}

export function refuseDisabled(disabled: readonly AccountKey[]): void {
	const [first] = disabled;
	if (!first) return;
	throw new PostActionError(
		'wrong-state',
		`The account ${first.accountId} on ${first.platform} is switched off.`,
		'Switch the account on (stackkraft.accounts.is_enabled) or leave it out of the targets.',
	);
}

function hashContent({ platform, accountId, content, media = [] }: NewPost): string {
	const seen = media.map(({ ref, altText, hash }) => ({ content: hash ?? ref, altText: altText ?? '' }));
	const whole = { platform, accountId, content, media: seen };
	return createHash('sha256')
		.update(JSON.stringify(sorted(whole)))
		.digest('hex');
}

/** The order of keys in a JSON message says nothing, so it must not make two contents different. */
function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (value === null || typeof value !== 'object') return value;
	const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
	return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
