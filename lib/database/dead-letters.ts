// What a workflow gave up, kept for a person. The post behind it is another matter: it goes on by itself where that
// can help.
import type { Pool } from 'pg';
import type { DeadLetter } from '../queue/messages';
import { giveUpMessage, type GivenUp } from './give-up';
import { storableText, toJsonb } from './json';
import { appendPostEvent } from './post-events';
import { toPost, type Post } from './post-row';
import { inTransaction, type Queryable } from './pool';

export interface RecordedDeadLetter {
	/** False when the same letter was recorded before. */
	readonly isNew: boolean;
	/** The post it is about, as it stands now. */
	readonly post: Post | null;
}

/** The letter is a person's task only while its post is failed, or when it is about no post. */
export async function recordDeadLetter(pool: Pool, letter: DeadLetter): Promise<RecordedDeadLetter> {
	return inTransaction(pool, async (client) => {
		// Locked first, as everybody does who writes to a post and then to its messages.
		const postId = await lockPost(client, letter.postId);
		const letterId = await insertLetter(client, postId, letter);
		const isNew = letterId !== null;
		if (!postId) return { isNew, post: null };
		if (isNew) {
			const givenUp = await giveUpMessage(client, postId, letter);
			await tell(client, postId, { letter, givenUp });
		}
		const { rows } = await client.query('select * from stackkraft.posts where post_id = $1', [postId]);
		const post = toPost(rows[0]);
		if (isNew && post.state !== 'failed') await resolveLetter(client, letterId);
		return { isNew, post };
	});
}

async function lockPost(client: Queryable, postId: string | undefined): Promise<string | null> {
	if (!postId) return null;
	const { rowCount } = await client.query(
		'select 1 from stackkraft.posts where post_id = $1 for no key update',
		[postId],
	);
	return rowCount ? postId : null;
}

/** @returns null when it was there already. */
async function insertLetter(
	client: Queryable,
	postId: string | null,
	letter: DeadLetter,
): Promise<string | null> {
	const { rows } = await client.query<{ dead_letter_id: string }>(
		`insert into stackkraft.dead_letters (
			post_id, subject, payload, headers, error_class, reason, attempts, failed_at
		 ) values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8)
		 on conflict do nothing
		 returning dead_letter_id`,
		[
			postId,
			storableText(letter.subject),
			storableText(letter.payload),
			toJsonb(letter.headers),
			storableText(letter.errorClass),
			storableText(letter.reason),
			letter.attempts,
			letter.failedAt,
		],
	);
	return rows[0]?.dead_letter_id ?? null;
}

async function resolveLetter(client: Queryable, letterId: string): Promise<void> {
	await client.query('update stackkraft.dead_letters set resolved_at = now() where dead_letter_id = $1', [
		letterId,
	]);
}

async function tell(
	client: Queryable,
	postId: string,
	{ letter, givenUp }: { readonly letter: DeadLetter; readonly givenUp: GivenUp },
): Promise<void> {
	const { errorClass, reason, failedAt } = letter;
	const retriedAt = givenUp.kind === 'retried' ? { retriedAt: givenUp.at.toISOString() } : {};
	await appendPostEvent(client, postId, 'dead-letter', { errorClass, reason, failedAt, ...retriedAt });
}
