// What the network says about a window (headers, quota endpoints) tightens what we count; it never loosens it,
// because a header that is late or of another window would let calls out that the network refuses.
import type { Pool } from 'pg';
import type { LimitWindow } from '../publishing/adapter';
import type { Platform } from '../publishing/platform';
import { scopeKey, windowKey, type Scope } from './window';

export interface SeenLimit extends Scope {
	readonly platform: Platform;
	readonly window: LimitWindow;
	readonly limitTotal?: number | undefined;
	readonly limitRemaining: number;
	readonly resetAt: Date;
	/** When the answer came; what was reserved later is not in `limitRemaining`. Now when absent. */
	readonly seenAt?: Date | undefined;
}

// An older answer that comes in late must not undo a newer one.
const learnSql = `
	insert into stackkraft.rate_limits as r (
		platform, scope_key, endpoint, window_key, limit_total, observed_total, limit_remaining, reset_at, observed_at
	) values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9::timestamptz, clock_timestamp()))
	on conflict (platform, scope_key, endpoint, window_key) do update set
		observed_total = coalesce(excluded.observed_total, r.observed_total),
		limit_remaining = excluded.limit_remaining, reset_at = excluded.reset_at,
		observed_at = excluded.observed_at
	where coalesce(r.observed_at, '-infinity') <= excluded.observed_at`;

export async function learn(client: Pick<Pool, 'query'>, seen: SeenLimit): Promise<void> {
	await client.query(learnSql, [
		seen.platform,
		scopeKey(seen.window.scope, seen),
		seen.window.endpoint,
		windowKey(seen.window.window),
		seen.window.limitTotal,
		seen.limitTotal ?? null,
		Math.max(0, seen.limitRemaining),
		seen.resetAt,
		seen.seenAt ?? null,
	]);
}
