// What nobody could do, kept for a person, and the post behind it taken out of the round.
import type { Pool } from 'pg';
import type { DeadLetter } from '../queue/messages';
import type { StoredError } from '../publishing/errors';
import { storableText, toJsonb } from './json';
import { removeWakeUps } from './outbox';
import { appendPostEvent } from './post-events';
import { toPost, type Post } from './post-row';
import { inTransaction, type Queryable } from './pool';

export interface RecordedDeadLetter {
	/** False when the same letter was recorded before. */
	readonly isNew: boolean;
	/** The post it is about, as it stands now. */
	readonly post: Post | null;
}

/**
 * A post whose message was given up stops here instead of being rung again for ever: it fails, unless somebody
 * works on it, it is done, or it went on after the letter was written.
 */
export async function recordDeadLetter(pool: Pool, letter: DeadLetter): Promise<RecordedDeadLetter> {
	return inTransaction(pool, async (client) => {
		const postId = await existingPostId(client, letter.postId);
		const { rowCount } = await client.query(
			`insert into stackkraft.dead_letters (
				post_id, subject, payload, headers, error_class, reason, attempts, failed_at
			 ) values ($1, $2, $3, $4::jsonb, $5, $6, $7, $8)
			 on conflict do nothing`,
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
		const isNew = rowCount === 1;
		if (!postId) return { isNew, post: null };
		if (isNew) {
			await failAbandoned(client, postId, letter);
			const { errorClass, reason, failedAt } = letter;
			await appendPostEvent(client, postId, 'dead-letter', { errorClass, reason, failedAt });
		}
		const { rows } = await client.query('select * from stackkraft.posts where post_id = $1', [postId]);
		return { isNew, post: toPost(rows[0]) };
	});
}

async function existingPostId(client: Queryable, postId: string | undefined): Promise<string | null> {
	if (!postId) return null;
	const { rowCount } = await client.query('select 1 from stackkraft.posts where post_id = $1', [postId]);
	return rowCount ? postId : null;
}

async function failAbandoned(client: Queryable, postId: string, letter: DeadLetter): Promise<void> {
	const error: StoredError = {
		class: 'platform',
		code: letter.errorClass,
		message: letter.reason,
		remedy: 'The workflow gave up on this post. Mend what it says, then redrive the post.',
	};
	const { rowCount } = await client.query(
		`update stackkraft.posts set state = 'failed', last_error = $2::jsonb, lease_expires_at = null
		 where post_id = $1 and state_changed_at <= $3 and (
			state in ('pending', 'queued')
			or (state in ('publishing', 'unknown') and coalesce(lease_expires_at, '-infinity') <= now())
		 )`,
		[postId, toJsonb(error), letter.failedAt],
	);
	if (rowCount) await removeWakeUps(client, postId);
}
