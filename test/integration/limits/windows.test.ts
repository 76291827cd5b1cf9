import fc from 'fast-check';
import { DateTime } from 'luxon';
import { limitStatus, reserve } from '../../../lib/limits';
import { openTestPool, type TestPool } from '../database/support';
import { daily, rolling } from './support';

interface Bounds {
	readonly countsAfter: Date;
	readonly resetsAt: Date;
}

/** Zones with an hour, half an hour and no change of clocks; in Havana and Beirut the change is at midnight. */
const zones = [
	'UTC',
	'America/Los_Angeles',
	'America/Havana',
	'America/Sao_Paulo',
	'Asia/Beirut',
	'Asia/Kathmandu',
	'Australia/Lord_Howe',
	'Europe/Berlin',
];
const moment = fc.date({ min: new Date('2012-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });
const zone = fc.constantFrom(...zones);
const unit = fc.constantFrom('day' as const, 'month' as const);

describe('windows by the calendar of the network', () => {
	let database: TestPool;
	beforeAll(async () => {
		database = await openTestPool();
	});
	afterAll(() => database.close());

	async function boundsOf(key: string, moments: readonly Date[]): Promise<readonly Bounds[]> {
		const { rows } = await database.pool.query<Bounds>(
			`select counts_after + interval '1 microsecond' as "countsAfter", resets_at as "resetsAt"
			 from unnest($2::timestamptz[]) with ordinality as m(at, n)
			 cross join lateral stackkraft.window_bounds($1, m.at) order by n`,
			[key, moments],
		);
		return rows;
	}

	it('never leaves a moment outside its own day or month, and both begin when the first local hour does', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(moment, { minLength: 50, maxLength: 50 }),
				zone,
				unit,
				async (moments, timeZone, of) => {
					const bounds = await boundsOf(`calendar-${of}:${timeZone}`, moments);
					for (const [index, { countsAfter, resetsAt }] of bounds.entries()) {
						const now = moments[index]!;
						expect(countsAfter <= now && now < resetsAt).toBe(true);
						const local = (at: number): string =>
							DateTime.fromMillis(at, { zone: timeZone }).toFormat(of === 'day' ? 'yyyy-MM-dd' : 'yyyy-MM');
						const today = local(now.getTime());
						expect(local(countsAfter.getTime())).toBe(today);
						expect(local(countsAfter.getTime() - 1)).not.toBe(today);
						expect(local(resetsAt.getTime() - 1)).toBe(today);
						expect(local(resetsAt.getTime())).not.toBe(today);
					}
				},
			),
			{ numRuns: 60 },
		);
	});

	it('lets days follow each other without a gap or an overlap, whatever the clocks do', async () => {
		await fc.assert(
			fc.asyncProperty(moment, zone, async (now, timeZone) => {
				const key = `calendar-day:${timeZone}`;
				const [{ resetsAt }] = (await boundsOf(key, [now])) as [Bounds];
				const [next] = (await boundsOf(key, [resetsAt])) as [Bounds];
				expect(next.countsAfter).toEqual(resetsAt);
			}),
			{ numRuns: 100 },
		);
	});

	it.each([
		['2026-03-08T20:00:00Z', 23],
		['2026-11-01T20:00:00Z', 25],
		['2026-11-20T20:00:00Z', 24],
	])('knows that the day of %s has %i hours at YouTube', async (now, hours) => {
		const [{ countsAfter, resetsAt }] = (await boundsOf('calendar-day:America/Los_Angeles', [
			new Date(now),
		])) as [Bounds];
		expect((resetsAt.getTime() - countsAfter.getTime()) / 3_600_000).toBe(hours);
	});

	it('opens no budget for a client whose clock is wrong by days', async () => {
		const request = { platform: 'youtube', accountId: 'skewed', windows: [daily(1), rolling(5)] } as const;
		await reserve(database.pool, request);
		const realNow = Date.now;
		try {
			for (const days of [-40, -1, 1, 40]) {
				Date.now = () => realNow() + days * 86_400_000;
				const refused = await reserve(database.pool, request);
				expect(refused).toMatchObject({ allowed: false, full: [{ endpoint: 'daily' }] });
			}
		} finally {
			Date.now = realNow;
		}
		expect(await limitStatus(database.pool, request)).toMatchObject([{ remaining: 0 }, { remaining: 4 }]);
	});

	it('reopens no day when the clock of the database is set back over midnight', async () => {
		const request = {
			platform: 'linkedin',
			accountId: 'back',
			windows: [{ ...daily(2), scope: 'account' as const }],
		} as const;
		await reserve(database.pool, request);
		// It has been tomorrow already: what is reserved now belongs to that day.
		await database.pool.query(
			`update stackkraft.rate_limits set window_started_at = now() + interval '1 hour', used = 0
			 where scope_key = 'account:back'`,
		);
		await database.pool.query(
			`delete from stackkraft.rate_reservations using stackkraft.rate_limits l
			 where l.limit_id = rate_reservations.limit_id and l.scope_key = 'account:back'`,
		);
		const results = [];
		for (let call = 0; call < 3; call++) results.push(await reserve(database.pool, request));
		expect(results.map(({ allowed }) => allowed)).toEqual([true, true, false]);
		const { rows } = await database.pool.query(
			`select bool_and(reserved_at > window_started_at) as is_counted_out_later
			 from stackkraft.rate_reservations join stackkraft.rate_limits using (limit_id)
			 where scope_key = 'account:back'`,
		);
		expect(rows).toEqual([{ is_counted_out_later: true }]);
	});
});
