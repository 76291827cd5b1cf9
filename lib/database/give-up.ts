// What becomes of a post whose message was given up. Mostly it was not the post's fault: without PostgreSQL every
// message is used up within minutes, and all of them would be failed posts when it comes back.
import { z } from 'zod';
import { decide } from '../publishing/decide';
import { PublishError } from '../publishing/errors';
import type { StoredDecision } from '../publishing/ports';
import type { DeadLetter } from '../queue/messages';
import { toJsonb } from './json';
import { addWakeUp, removeWakeUps } from './outbox';
import { toPost } from './post-row';
import type { Queryable } from './pool';

export type GivenUp =
	| { readonly kind: 'retried'; readonly at: Date }
	| { readonly kind: 'failed' }
	/** Somebody works on it, it is done, or it went on after its message. */
	| { readonly kind: 'left' };

/** The worker used up its deliveries. Every other class is somebody's verdict about this very message. */
const usedUp: ReadonlySet<string> = new Set([
	'failed',
	'workflow-error',
	'not-run',
	'not-finished',
	'no-answer',
	'crashed',
	'timeout',
	'shutdown',
	'stream-lost',
]);

// The fence goes by the message that was given up, which is an outbox row by its id, and by no clock of a worker: a
// post that was rung again since has another message, and that one decides. Rows are pruned oldest first, so beside
// a row that is gone every other is newer.
const abandonedSql = `
	select p.*, now() as database_now from stackkraft.posts p
	where p.post_id = $1
		and (
			p.state in ('pending', 'queued')
			or (p.state in ('publishing', 'unknown') and coalesce(p.lease_expires_at, '-infinity') <= now())
		)
		and not exists (
			select 1 from stackkraft.outbox o
			where o.post_id = p.post_id and o.kind = 'wake-up' and o.outbox_id <> $2
				and (o.sent_at is null or o.sent_at > coalesce(
					(select given.sent_at from stackkraft.outbox given where given.outbox_id = $2), '-infinity'
				))
		)`;

// An armed call without a known outcome stays one; of a post that nobody claimed the mark itself says so.
const giveUpSql = `
	update stackkraft.posts set
		state = case
			when $2::timestamptz is null then 'failed'
			when commit_armed_at is not null and state in ('publishing', 'unknown') then 'unknown'
			else 'pending'
		end,
		retry_count = retry_count + 1,
		next_attempt_at = coalesce($2::timestamptz, next_attempt_at),
		last_error = $3::jsonb,
		lease_expires_at = null
	where post_id = $1`;

const nowSchema = z.object({ database_now: z.date() });

/** Inside the caller's transaction, which holds the post. */
export async function giveUpMessage(client: Queryable, postId: string, letter: DeadLetter): Promise<GivenUp> {
	const messageId = wakeUpOf(letter);
	// Not sent by the relay: what the relay has sent for this post is still on its way.
	if (!messageId) return { kind: 'left' };
	const { rows } = await client.query(abandonedSql, [postId, messageId]);
	if (rows.length === 0) return { kind: 'left' };
	const post = toPost(rows[0]);
	const { database_now: now } = nowSchema.parse(rows[0]);
	const error = new PublishError('platform', letter.reason, {
		code: letter.errorClass,
		remedy: 'The workflow gave up on this post. Mend what it says, then redrive the post.',
	});
	const { retryCount, commitChecks: checks } = post;
	const decision: StoredDecision = usedUp.has(letter.errorClass)
		? decide({ error, retryCount, checks, now, random: Math.random() })
		: { kind: 'failed', error: error.toJSON() };
	const at = decision.kind === 'failed' ? null : decision.at;
	await client.query(giveUpSql, [postId, at, toJsonb(decision.error)]);
	if (at) {
		await addWakeUp(client, post, at);
		return { kind: 'retried', at };
	}
	await removeWakeUps(client, postId);
	return { kind: 'failed' };
}

/** The relay gives a row's id to JetStream as the id of the message. */
function wakeUpOf({ headers }: DeadLetter): string | undefined {
	const name = Object.keys(headers).find((key) => key.toLowerCase() === 'nats-msg-id');
	return z.uuid().safeParse(name && headers[name]).data;
}
