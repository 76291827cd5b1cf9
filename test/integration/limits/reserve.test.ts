import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { limitStatus, release, reserve, type Reservation } from '../../../lib/limits';
import { createPool } from '../../../lib/database';
import { openTestPool, type TestPool } from '../database/support';
import { age, daily, expectAfter, noonZone, rolling, timed, usedAndRows, type Span } from './support';

const granted = (results: readonly Reservation[]): number => results.filter(({ allowed }) => allowed).length;

describe('reservations', () => {
	let database: TestPool;
	beforeEach(async () => {
		database = await openTestPool(64);
	});
	afterEach(() => database.close());

	it('never lets 64 clients together take more than the windows hold', async () => {
		const { pool } = database;
		const windows = [rolling(50), daily(70)];
		const accounts = ['left', 'right'];
		const results = await Promise.all(
			Array.from({ length: 64 }, async (_none, client) => {
				const taken: Reservation[] = [];
				for (let call = 0; call < 3; call++) {
					const accountId = accounts[client % 2]!;
					taken.push(await reserve(pool, { platform: 'x', accountId, windows }));
				}
				return taken;
			}),
		);
		// 192 asked; each account has 50, the app they share has 70.
		expect(granted(results.flat())).toBe(70);
		const { rows } = await pool.query(
			`select scope_key, sum(cost)::int as used from stackkraft.rate_reservations
			 join stackkraft.rate_limits using (limit_id) group by scope_key order by scope_key`,
		);
		const used = Object.fromEntries(rows.map(({ scope_key: key, used: sum }) => [key, sum])) as Record<
			string,
			number
		>;
		expect(used['app:default']).toBe(70);
		expect(used['account:left']! + used['account:right']!).toBe(70);
		expect(Math.max(used['account:left']!, used['account:right']!)).toBeLessThanOrEqual(50);
	});

	it('never lets processes that know nothing of each other take more than there is, nor block each other', async () => {
		// A pool is what a process has: calls of one pool are decided together, pools meet at the locks alone.
		const pools = Array.from({ length: 4 }, () => createPool(database.url, { maxConnections: 4 }));
		const windows = [rolling(60), daily(90), rolling(200, { endpoint: 'other' })];
		const clientOf = async (index: number): Promise<readonly Reservation[]> => {
			const client = pools[index % 4]!;
			const mine = index % 3 === 0 ? [...windows].reverse() : windows;
			const request = { platform: 'x', accountId: `account-${index % 2}`, windows: mine } as const;
			const kept: Reservation[] = [];
			for (let call = 0; call < 8; call++) {
				const taken = await reserve(client, request);
				if (taken.allowed && call % 4 === 3) {
					expect(await release(pools[(index + 1) % 4]!, taken.reservationId)).toEqual({ released: true });
				} else kept.push(taken);
			}
			return kept;
		};
		try {
			const kept = await Promise.all(Array.from({ length: 32 }, (_none, index) => clientOf(index)));
			expect(granted(kept.flat())).toBeLessThanOrEqual(90);
			expect(granted(kept.flat())).toBeGreaterThan(60);
			expect(await usedAndRows(database.pool)).toEqual([]);
			const { rows } = await database.pool.query<{ is_over: boolean }>(
				'select bool_or(used > limit_total) as is_over from stackkraft.rate_limits',
			);
			expect(rows).toEqual([{ is_over: false }]);
		} finally {
			await Promise.all(pools.map((pool) => pool.end()));
		}
	});

	it('gives a reservation back once, however many ask for it at the same time', async () => {
		const { pool } = database;
		const request = { platform: 'x', accountId: 'main', windows: [rolling(5), daily(5)], cost: 3 } as const;
		const taken = await reserve(pool, request);
		if (!taken.allowed) throw new Error('the window was empty');
		const answers = await Promise.all(Array.from({ length: 10 }, () => release(pool, taken.reservationId)));
		expect(answers.filter(({ released }) => released)).toHaveLength(1);
		expect(await limitStatus(pool, request)).toMatchObject([{ remaining: 5 }, { remaining: 5 }]);
		expect(await usedAndRows(pool)).toEqual([]);
	});

	it('makes a client wait for one that is taking the last call, and then refuses it', async () => {
		const { pool } = database;
		const request = { platform: 'x', accountId: 'main', windows: [rolling(2)] } as const;
		await reserve(pool, request);
		const first = await pool.connect();
		await first.query('begin');
		expect(await reserve(first, request)).toMatchObject({ allowed: true });
		let hasAnswered = false;
		const second = reserve(pool, request).finally(() => {
			hasAnswered = true;
		});
		const isWaiting = async (): Promise<boolean> => {
			const { rowCount } = await pool.query(
				`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
			);
			return (rowCount ?? 0) > 0;
		};
		while (!hasAnswered && !(await isWaiting()));
		expect(hasAnswered).toBe(false);
		await first.query('commit');
		first.release();
		expect(await second).toMatchObject({ allowed: false });
	});

	it('takes from every window or from none', async () => {
		const { pool } = database;
		const request = { platform: 'x', accountId: 'main', windows: [rolling(5), daily(1)] } as const;
		expect(await reserve(pool, request)).toMatchObject({ allowed: true });
		const refused = await reserve(pool, request);
		expect(refused).toMatchObject({ allowed: false, full: [{ endpoint: 'daily', remaining: 0 }] });
		const status = await limitStatus(pool, request);
		expect(status.find(({ endpoint }) => endpoint === 'POST /posts')).toMatchObject({ remaining: 4 });
	});

	it('names the moment at which there is room again, and there is', async () => {
		const { pool } = database;
		const request = { platform: 'x', accountId: 'main', windows: [rolling(3)] } as const;
		const [, first] = await timed(async () => await reserve(pool, request));
		await age(pool, 300);
		const [, second] = await timed(async () => await reserve(pool, { ...request, cost: 2 }));
		const early = await reserve(pool, request);
		const both = await reserve(pool, { ...request, cost: 2 });
		if (early.allowed || both.allowed) throw new Error('the window was full');
		expectAfter(early.until, first, 600);
		expectAfter(both.until, second, 900);
		await age(pool, 601);
		expect(await reserve(pool, request)).toMatchObject({ allowed: true });
		expect(await reserve(pool, request)).toMatchObject({ allowed: false });
	});

	it('waits for midnight where the network counts days', async () => {
		const { pool } = database;
		const request = { platform: 'youtube', accountId: 'main', windows: [daily(1)] } as const;
		await reserve(pool, request);
		const refused = await reserve(pool, request);
		if (refused.allowed) throw new Error('the window was full');
		const local = new Intl.DateTimeFormat('en-GB', {
			timeZone: noonZone,
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23',
		});
		expect(local.format(refused.until)).toBe('00:00');
		expect(refused.until.getTime()).toBeGreaterThan(Date.now());
	});

	it('gives back what was not used, once', async () => {
		const { pool } = database;
		const request = { platform: 'x', accountId: 'main', windows: [rolling(1), daily(1)] } as const;
		const first = await reserve(pool, request);
		if (!first.allowed) throw new Error('the window was empty');
		expect(await release(pool, first.reservationId)).toEqual({ released: true });
		expect(await release(pool, first.reservationId)).toEqual({ released: false });
		expect(await release(pool, randomUUID())).toEqual({ released: false });
		expect(await reserve(pool, request)).toMatchObject({ allowed: true });
	});

	it('warns when less than a fifth is left', async () => {
		const { pool } = database;
		const request = { platform: 'x', accountId: 'main', windows: [rolling(10)] } as const;
		expect(await reserve(pool, { ...request, cost: 8 })).toMatchObject({ isLow: false });
		expect(await reserve(pool, request)).toMatchObject({ isLow: true, windows: [{ remaining: 1 }] });
	});

	it('says that a call never fits instead of making it wait for ever', async () => {
		const request = { platform: 'x', accountId: 'main', windows: [rolling(3)], cost: 4 } as const;
		await expect(reserve(database.pool, request)).rejects.toThrow('never fits');
		await expect(reserve(database.pool, { ...request, cost: 0 })).rejects.toThrow('whole number');
	});

	it('never has more in a rolling window than it holds, for any calls at any times', async () => {
		const { pool } = database;
		const call = fc.record({
			pauseSec: fc.integer({ min: 0, max: 500 }),
			cost: fc.integer({ min: 1, max: 4 }),
		});
		await fc.assert(
			fc.asyncProperty(
				fc.array(call, { maxLength: 15 }),
				fc.integer({ min: 4, max: 8 }),
				async (calls, limit) => {
					const accountId = randomUUID();
					const taken: { atSec: number; cost: number; span: Span }[] = [];
					let nowSec = 0;
					for (const { pauseSec, cost } of calls) {
						await age(pool, pauseSec);
						nowSec += pauseSec;
						const request = { platform: 'x', accountId, windows: [rolling(limit)], cost } as const;
						const [result, span] = await timed(async () => await reserve(pool, request));
						// The time of the test itself passes too: who is near the end of the window may be in it or not.
						const usedBy = (isStillIn: (item: (typeof taken)[number]) => boolean): number =>
							taken.filter(isStillIn).reduce((sum, item) => sum + item.cost, 0);
						const mostSec = ({ atSec, span: { fromMs } }: (typeof taken)[number]): number =>
							nowSec - atSec + (span.toMs - fromMs) / 1_000;
						const most = usedBy(({ atSec }) => nowSec - atSec <= 900);
						const least = usedBy((item) => mostSec(item) < 900);
						if (most + cost <= limit) expect(result.allowed).toBe(true);
						if (least + cost > limit) expect(result.allowed).toBe(false);
						if (result.allowed) taken.push({ atSec: nowSec, cost, span });
					}
					expect(await usedAndRows(pool)).toEqual([]);
				},
			),
			{ numRuns: 40 },
		);
	});
});
