// What was sent long ago says nothing any more: the story of a post stands in its events. The reaper asks about
// the last minutes only; a day is kept for people who look into the table.
import type { Pool } from 'pg';

export interface PruneOptions {
	readonly pool: Pool;
	readonly keepSentMs?: number;
	/** More than one run of the relay sends, so that pruning keeps up with it. */
	readonly limit?: number;
}

export const pruneDefaults = { keepSentMs: 24 * 3_600_000, limit: 20_000 } as const;

export async function pruneOutbox({
	pool,
	keepSentMs = pruneDefaults.keepSentMs,
	limit = pruneDefaults.limit,
}: PruneOptions): Promise<{ pruned: number }> {
	const { rowCount } = await pool.query(
		`delete from stackkraft.outbox where outbox_id in (
			select outbox_id from stackkraft.outbox
			where sent_at < now() - make_interval(secs => $1::float8 / 1000)
			order by sent_at limit $2 for update skip locked
		 )`,
		[keepSentMs, limit],
	);
	return { pruned: rowCount ?? 0 };
}
