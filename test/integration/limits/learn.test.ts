import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { learn, limitStatus, release, reserve, type Reservation } from '../../../lib/limits';
import { openTestPool, type TestPool } from '../database/support';
import { age, expectAfter, rolling, timed, usedAndRows } from './support';

describe('what the network says of a window', () => {
	let database: TestPool;
	beforeEach(async () => {
		database = await openTestPool();
	});
	afterEach(() => database.close());

	const soon = (): Date => new Date(Date.now() + 120_000);

	it('holds until its reset when it is less than we count', async () => {
		const { pool } = database;
		const window = rolling(100);
		const request = { platform: 'x', accountId: 'main', windows: [window] } as const;
		const resetAt = soon();
		await reserve(pool, request);
		const seen = { platform: 'x', accountId: 'main', window, limitRemaining: 2, resetAt } as const;
		expect(await learn(pool, seen)).toEqual({ learned: true });
		expect((await reserve(pool, request)).allowed).toBe(true);
		expect((await reserve(pool, request)).allowed).toBe(true);
		expect(await reserve(pool, request)).toMatchObject({ allowed: false, until: resetAt });
		await age(pool, 121);
		expect((await reserve(pool, request)).allowed).toBe(true);
	});

	it('is not believed when it is more than we count, nor when it is older than the last', async () => {
		const { pool } = database;
		const seen = { platform: 'x', accountId: 'main', window: rolling(2), resetAt: soon() } as const;
		await learn(pool, { ...seen, limitRemaining: 1_000, limitTotal: 1_000 });
		expect(await learn(pool, { ...seen, limitRemaining: 0, ageMs: 60_000 })).toEqual({ learned: false });
		const request = { platform: 'x', accountId: 'main', windows: [rolling(2)] } as const;
		const results: Reservation[] = [];
		for (let call = 0; call < 3; call++) results.push(await reserve(pool, request));
		expect(results.map(({ allowed }) => allowed)).toEqual([true, true, false]);
	});

	it('can be a wait alone, in seconds, and a mistaken one ends within weeks', async () => {
		const { pool } = database;
		const window = rolling(10);
		const request = { platform: 'x', accountId: 'main', windows: [window] } as const;
		const seen = { ...request, window, limitRemaining: 0, resetAt: { afterSec: 90 } };
		const [, learned] = await timed(async () => await learn(pool, seen));
		const refused = await reserve(pool, request);
		if (refused.allowed) throw new Error('the network asked to wait');
		expectAfter(refused.until, learned, 90);
		await learn(pool, { ...seen, resetAt: new Date('2999-01-01') });
		const waiting = await reserve(pool, request);
		if (waiting.allowed) throw new Error('the network asked to wait');
		expect(waiting.until.getTime() - Date.now()).toBeLessThan(36 * 86_400_000);
	});

	it('never gives more than the network said until its reset, for any calls, releases and late answers', async () => {
		const step = fc.oneof(
			fc.record({ kind: fc.constant('reserve' as const), cost: fc.integer({ min: 1, max: 3 }) }),
			fc.record({ kind: fc.constant('release' as const), which: fc.nat(10) }),
			// How much of what the network counted a late answer does not show yet.
			fc.record({ kind: fc.constant('answer' as const), missing: fc.nat(4) }),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(step, { maxLength: 15 }),
				fc.integer({ min: 0, max: 8 }),
				async (steps, remaining) => {
					const { pool } = database;
					const accountId = randomUUID();
					const window = rolling(12);
					const request = { platform: 'x', accountId, windows: [window] } as const;
					const seen = { platform: 'x', accountId, window, resetAt: soon() } as const;
					await learn(pool, { ...seen, limitRemaining: remaining });
					const open = new Map<string, number>();
					const taken = (): number => [...open.values()].reduce((sum, cost) => sum + cost, 0);
					for (const next of steps) {
						if (next.kind === 'answer') {
							const limitRemaining = Math.min(remaining, remaining - taken() + next.missing);
							await learn(pool, { ...seen, limitRemaining });
						} else if (next.kind === 'reserve') {
							const result = await reserve(pool, { ...request, cost: next.cost });
							if (result.allowed) open.set(result.reservationId, next.cost);
						} else {
							const [id] = [...open.keys()].slice(next.which);
							if (id) expect(await release(pool, id)).toEqual({ released: open.delete(id) });
						}
						expect(taken()).toBeLessThanOrEqual(remaining);
					}
					const [status] = await limitStatus(pool, request);
					expect(status!.remaining).toBeLessThanOrEqual(remaining - taken());
					expect(await usedAndRows(pool)).toEqual([]);
				},
			),
			{ numRuns: 40 },
		);
	});
});

describe('people', () => {
	let database: TestPool;
	beforeEach(async () => {
		database = await openTestPool();
	});
	afterEach(() => database.close());

	const alerts = async (): Promise<unknown[]> => {
		const { rows } = await database.pool.query<Record<string, unknown>>(
			`select message, occurrences, resolved_at is null as is_open from stackkraft.alerts order by first_seen_at`,
		);
		return rows;
	};

	it('are told once per window when less than a fifth is left, and that it is over when it is', async () => {
		const { pool } = database;
		const request = { platform: 'x', accountId: 'main', windows: [rolling(10)] } as const;
		await reserve(pool, { ...request, cost: 8 });
		expect(await alerts()).toEqual([]);
		for (let call = 0; call < 4; call++) await reserve(pool, request);
		const first = { message: 'POST /posts (account:main): 1 of 10 left.', occurrences: 1 };
		expect(await alerts()).toEqual([{ ...first, is_open: true }]);
		await age(pool, 901);
		await reserve(pool, { ...request, cost: 9 });
		expect(await alerts()).toEqual([{ ...first, occurrences: 2, is_open: true }]);
		await age(pool, 901);
		await reserve(pool, request);
		expect(await alerts()).toEqual([{ ...first, occurrences: 2, is_open: false }]);
	});
});
