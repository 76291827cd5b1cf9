// Finds posts that nobody will wake up any more: the worker died, the message was lost with its store, the
// relay's courier forgot. Each gets a new wake-up, nothing else: what to do is decided by whoever claims it.
import type { Pool } from 'pg';
import { publishRequestSchema } from '../queue/messages';

export interface ReaperOptions {
	readonly pool: Pool;
	/** A queued post that nobody claimed for so long counts as lost by the courier. */
	readonly queuedForMs?: number;
	/** A post is rung again only when the last ring is at least so old: a doubled tick changes nothing. */
	readonly quietMs?: number;
	readonly limit?: number;
}

export const reaperDefaults = { queuedForMs: 5 * 60_000, quietMs: 60_000, limit: 1_000 } as const;

// `skip locked`: a post that somebody writes to right now is not stranded. The unique index on open wake-ups
// settles what two reapers at the same moment both want. Lateral with a limit, because `not exists` is planned as
// a hash of the whole outbox, which this would then read every few seconds.
const wakeStrandedSql = `
	with stranded as (
		select p.post_id, p.platform, p.account_id from stackkraft.posts p
		left join lateral (
			select true as is_rung from stackkraft.outbox o
			where o.post_id = p.post_id and o.kind = 'wake-up'
				and (o.sent_at is null or o.sent_at > now() - make_interval(secs =>
					(case when p.state = 'queued' then greatest($1::float8, $2::float8) else $2::float8 end) / 1000))
			limit 1
		) rung on true
		where (
			(p.state = 'publishing' and coalesce(p.lease_expires_at, '-infinity') <= now())
			or (p.state = 'unknown' and coalesce(p.lease_expires_at, p.next_attempt_at) <= now())
			or (p.state = 'pending' and p.next_attempt_at <= now())
			or (p.state = 'queued' and p.state_changed_at <= now() - make_interval(secs => $1::float8 / 1000))
		)
		and rung.is_rung is null
		order by p.next_attempt_at limit $3
		for no key update of p skip locked
	)
	insert into stackkraft.outbox (post_id, kind, subject, payload, available_at)
	select post_id, 'wake-up', 'content.publish.' || platform || '.' || account_id,
		jsonb_build_object(
			'version', $4::int, 'postId', post_id, 'platform', platform, 'accountId', account_id
		),
		now()
	from stranded
	on conflict (post_id) where sent_at is null and kind = 'wake-up' do nothing
	returning post_id`;

export async function wakeStranded({
	pool,
	queuedForMs = reaperDefaults.queuedForMs,
	quietMs = reaperDefaults.quietMs,
	limit = reaperDefaults.limit,
}: ReaperOptions): Promise<{ woken: number }> {
	const version = publishRequestSchema.shape.version.value;
	const { rowCount } = await pool.query(wakeStrandedSql, [queuedForMs, quietMs, limit, version]);
	return { woken: rowCount ?? 0 };
}
