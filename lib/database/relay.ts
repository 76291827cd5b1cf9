// From the outbox to JetStream. A row is marked as sent in the transaction that holds its lock, after the
// courier has confirmed it: a crash in between sends it again under the same message id, and JetStream drops
// the second. Nothing is ever marked first and sent later.
import type { Pool, PoolClient } from 'pg';
import { storableText } from './json';
import { toOutboxRow, type OutboxRow } from './outbox';
import { inTransaction } from './pool';

export interface RelayOptions {
	readonly pool: Pool;
	/** Resolves when the courier has confirmed the row. Needs a deadline of its own: a lock waits for it. */
	readonly publish: (row: OutboxRow) => Promise<void>;
	/** Rows per call at most. */
	readonly limit?: number;
}

export interface RelayResult {
	readonly relayed: number;
	/** Rows that could not be sent now; each comes back later by itself. */
	readonly failed: number;
	/** Why the first of them failed. */
	readonly firstError: string | null;
}

export const relayDefaults = {
	limit: 500,
	/** Rows whose locks are held at the same time. */
	batchSize: 50,
	firstRetryDelayMs: 2_000,
	maxRetryDelayMs: 30_000,
} as const;

/** Locks due rows of nobody else, oldest first. The locks end with the transaction of `client`. */
export async function takeDueOutbox(client: PoolClient, limit: number): Promise<readonly OutboxRow[]> {
	const { rows } = await client.query(
		`select outbox_id, post_id, kind, subject, payload, available_at, attempts from stackkraft.outbox
		 where sent_at is null and available_at <= now()
		 order by available_at limit $1 for update skip locked`,
		[limit],
	);
	return rows.map(toOutboxRow);
}

export async function relayOutbox({
	pool,
	publish,
	limit = relayDefaults.limit,
}: RelayOptions): Promise<RelayResult> {
	let relayed = 0;
	let failed = 0;
	let firstError: string | null = null;
	while (relayed + failed < limit) {
		const wanted = Math.min(relayDefaults.batchSize, limit - relayed - failed);
		const batch = await inTransaction(pool, (client) => relayBatch(client, publish, wanted));
		relayed += batch.sent.length;
		failed += batch.failures.length;
		firstError ??= batch.failures[0]?.reason ?? null;
		// A whole batch that failed means that the courier is away: the next one would fail as well.
		if (batch.sent.length === 0 || batch.sent.length + batch.failures.length < wanted) break;
	}
	return { relayed, failed, firstError };
}

interface Failure {
	readonly row: OutboxRow;
	readonly reason: string;
}

async function relayBatch(
	client: PoolClient,
	publish: RelayOptions['publish'],
	limit: number,
): Promise<{ sent: readonly OutboxRow[]; failures: readonly Failure[] }> {
	const rows = await takeDueOutbox(client, limit);
	const sent: OutboxRow[] = [];
	const failures: Failure[] = [];
	await Promise.all(
		rows.map(async (row) => {
			try {
				await publish(row);
				sent.push(row);
			} catch (error) {
				failures.push({ row, reason: error instanceof Error ? error.message : String(error) });
			}
		}),
	);
	if (sent.length > 0) await markSent(client, sent);
	for (const failure of failures) await postpone(client, failure);
	return { sent, failures };
}

async function markSent(client: PoolClient, rows: readonly OutboxRow[]): Promise<void> {
	await client.query(
		'update stackkraft.outbox set sent_at = now(), last_error = null where outbox_id = any($1::uuid[])',
		[rows.map(({ outboxId }) => outboxId)],
	);
	// We hold outbox rows here and others hold posts and then want outbox rows: waiting for a post would be a
	// deadlock. A post that is being written to right now has no need to be called queued.
	await client.query(
		`update stackkraft.posts set state = 'queued'
		 where post_id in (
			select post_id from stackkraft.posts
			where post_id = any($1::uuid[]) and state = 'pending' and next_attempt_at <= now()
			for no key update skip locked
		 )`,
		[rows.flatMap(({ kind, postId }) => (kind === 'wake-up' && postId ? [postId] : []))],
	);
}

async function postpone(client: PoolClient, { row, reason }: Failure): Promise<void> {
	const delayMs = Math.min(
		relayDefaults.maxRetryDelayMs,
		relayDefaults.firstRetryDelayMs * 2 ** Math.min(row.attempts, 20),
	);
	await client.query(
		`update stackkraft.outbox set attempts = attempts + 1, last_error = $2,
			available_at = now() + make_interval(secs => $3::float8 / 1000)
		 where outbox_id = $1`,
		[row.outboxId, storableText(reason).slice(0, 1_000), delayMs],
	);
}
