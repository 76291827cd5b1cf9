import { databaseClock } from '../../../lib/database';
import type { Clock } from '../../../lib/publishing/ports';
import { openTestPool, type TestPool } from './support';

let database: TestPool;
beforeAll(async () => {
	database = await openTestPool();
});
afterAll(() => database.close());

const hourMs = 3_600_000;

it.each([-12 * hourMs, -60_000, 0, hourMs])(
	'gives the time of the server to a worker whose clock is off by %i ms',
	async (skewMs) => {
		const wrong: Clock = { now: () => new Date(Date.now() + skewMs), sleep: async () => undefined };
		const clock = await databaseClock(database.pool, wrong);
		const { rows } = await database.pool.query<{ at: Date }>('select clock_timestamp() as at');
		// Server and test share one machine here: what is left is the time that the questions took.
		expect(Math.abs(clock.now().getTime() - Number(rows[0]?.at.getTime()))).toBeLessThan(5_000);
	},
);

it('goes on with the worker’s own clock from there', async () => {
	let nowMs = 0;
	const clock = await databaseClock(database.pool, {
		now: () => new Date(nowMs),
		sleep: async () => undefined,
	});
	const beforeMs = clock.now().getTime();
	nowMs += hourMs;
	expect(clock.now().getTime() - beforeMs).toBe(hourMs);
});

it('sleeps as the worker’s own clock does', async () => {
	const slept: number[] = [];
	const own: Clock = { now: () => new Date(), sleep: async (delayMs) => void slept.push(delayMs) };
	const clock = await databaseClock(database.pool, own);
	await clock.sleep(17, new AbortController().signal);
	expect(slept).toEqual([17]);
});
