import type { Pool } from 'pg';
import type { CountedWindow } from '../../../lib/limits';

export const rolling = (limitTotal: number, changes: Partial<CountedWindow> = {}): CountedWindow => ({
	endpoint: 'POST /posts',
	limitTotal,
	scope: 'account',
	window: { kind: 'rolling', lengthSec: 900 },
	source: 'test',
	...changes,
});

/** A zone in which it is about noon: no day ends while a test runs. East of Greenwich its names have a minus. */
const hoursBehind = new Date().getUTCHours() - 12;
export const noonZone = `Etc/GMT${hoursBehind < 0 ? hoursBehind : `+${hoursBehind}`}`;

export const daily = (limitTotal: number): CountedWindow =>
	rolling(limitTotal, {
		endpoint: 'daily',
		scope: 'app',
		window: { kind: 'calendar-day', timeZone: noonZone },
	});

/** When something was done, by the clock that the database of the tests goes by too. */
export interface Span {
	readonly fromMs: number;
	readonly toMs: number;
}

export async function timed<T>(work: () => Promise<T>): Promise<readonly [result: T, span: Span]> {
	const fromMs = Date.now();
	const result = await work();
	return [result, { fromMs, toMs: Date.now() }];
}

/** However long the work took: the moment is so long after it. */
export function expectAfter(moment: Date, { fromMs, toMs }: Span, seconds: number): void {
	expect(moment.getTime()).toBeGreaterThanOrEqual(fromMs + seconds * 1_000);
	// The database rounds up to the next millisecond.
	expect(moment.getTime()).toBeLessThanOrEqual(toMs + seconds * 1_000 + 2);
}

/** Time is controlled by rows: everything that was written becomes older. */
export async function age(pool: Pool, seconds: number): Promise<void> {
	await pool.query(
		`with older as (
			update stackkraft.rate_reservations set reserved_at = reserved_at - make_interval(secs => $1)
		)
		update stackkraft.rate_limits set
			window_started_at = window_started_at - make_interval(secs => $1),
			observed_at = observed_at - make_interval(secs => $1),
			reset_at = reset_at - make_interval(secs => $1),
			warned_at = warned_at - make_interval(secs => $1)`,
		[seconds],
	);
}

/** Windows whose counter is not the sum of their rows; empty when the books are right. */
export async function usedAndRows(pool: Pool): Promise<unknown[]> {
	const { rows } = await pool.query<Record<string, unknown>>(
		`select endpoint, scope_key, used::int, counted::int from stackkraft.rate_limits
		 cross join lateral (
			select coalesce(sum(cost), 0) as counted from stackkraft.rate_reservations r
			where r.limit_id = rate_limits.limit_id
		 ) as sums where used <> counted`,
	);
	return rows;
}
