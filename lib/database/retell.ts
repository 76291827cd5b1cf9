// A failed post is a person's only when a person hears of it. Its dead letter is sent like everything else, but what
// is sent and not yet written down is lost with the courier's store: then it is sent again.
import type { Pool } from 'pg';

export interface RetellOptions {
	readonly pool: Pool;
	/** How long a letter may be under way; doubled each time it was sent again. */
	readonly underWayMs?: number;
}

export const retellDefaults = {
	underWayMs: 5 * 60_000,
	/** Where nobody reads the dead letters they must not be repeated for ever. */
	maxTimes: 6,
} as const;

// The row keeps its id: while the first letter is still in the stream, JetStream drops the second; after that the
// dead letters themselves know that they have it. Written down is what has this letter's own time: other letters about the
// post bear the clocks of workers.
const retellSql = `
	update stackkraft.outbox o set sent_at = null, available_at = now(), retold = o.retold + 1
	from stackkraft.posts p
	where p.state = 'failed' and o.post_id = p.post_id and o.kind = 'dead-letter'
		and o.created_at >= p.state_changed_at
		and o.retold < $2
		and o.sent_at <= now() - make_interval(secs => $1::float8 / 1000 * power(2, o.retold))
		and not exists (
			select 1 from stackkraft.dead_letters d
			where d.post_id = p.post_id and d.failed_at = (o.payload->>'failedAt')::timestamptz
		)`;

export async function retellFailures({
	pool,
	underWayMs = retellDefaults.underWayMs,
}: RetellOptions): Promise<{ retold: number }> {
	const { rowCount } = await pool.query(retellSql, [underWayMs, retellDefaults.maxTimes]);
	return { retold: rowCount ?? 0 };
}
