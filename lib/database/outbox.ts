// Rows for JetStream, written in the transaction that makes them necessary.
import { z } from 'zod';
import { publishSubject, type DeadLetter, type PublishRequest } from '../queue/messages';
import type { Post } from './post-row';
import type { Queryable } from './pool';
import { toJsonb } from './json';

export const deadPublishSubject = 'content.dead.publish';

const outboxRowSchema = z.object({
	outbox_id: z.uuid(),
	post_id: z.uuid().nullable(),
	kind: z.enum(['wake-up', 'dead-letter']),
	subject: z.string(),
	payload: z.record(z.string(), z.unknown()),
	available_at: z.date(),
	attempts: z.number().int(),
});

/** What the relay hands to JetStream. `outboxId` is the message id, so a second sending is dropped there. */
export interface OutboxRow {
	readonly outboxId: string;
	readonly postId: string | null;
	readonly kind: 'wake-up' | 'dead-letter';
	readonly subject: string;
	readonly payload: Readonly<Record<string, unknown>>;
	readonly availableAt: Date;
	readonly attempts: number;
}

export function toOutboxRow(row: unknown): OutboxRow {
	const parsed = outboxRowSchema.parse(row);
	return {
		outboxId: parsed.outbox_id,
		postId: parsed.post_id,
		kind: parsed.kind,
		subject: parsed.subject,
		payload: parsed.payload,
		availableAt: parsed.available_at,
		attempts: parsed.attempts,
	};
}

type WakeUpTarget = Pick<Post, 'postId' | 'platform' | 'accountId'>;

// A wake-up that is still ahead is moved, not doubled. One that the relay is sending right now is locked by it:
// we wait for it to be sent and then add the next one.
const addWakeUpSql = `
	insert into stackkraft.outbox (post_id, kind, subject, payload, available_at)
	values ($1, 'wake-up', $2, $3::jsonb, $4)
	on conflict (post_id) where sent_at is null and kind = 'wake-up'
	do update set available_at = excluded.available_at, attempts = 0, last_error = null`;

export async function addWakeUp(client: Queryable, post: WakeUpTarget, at: Date): Promise<void> {
	const request: PublishRequest = {
		version: 1,
		postId: post.postId,
		platform: post.platform,
		accountId: post.accountId,
	};
	await client.query(addWakeUpSql, [post.postId, publishSubject(post), toJsonb(request), at]);
}

export async function addDeadLetterRow(client: Queryable, postId: string, letter: DeadLetter): Promise<void> {
	await client.query(
		`insert into stackkraft.outbox (post_id, kind, subject, payload, available_at)
		 values ($1, 'dead-letter', $2, $3::jsonb, now())`,
		[postId, deadPublishSubject, toJsonb(letter)],
	);
}

/** For a post that nothing may wake up any more. */
export async function removeWakeUps(client: Queryable, postId: string): Promise<void> {
	await client.query(
		`delete from stackkraft.outbox where post_id = $1 and sent_at is null and kind = 'wake-up'`,
		[postId],
	);
}
