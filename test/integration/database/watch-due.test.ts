// Due posts leave on time: who looks, when, and how often something is started for them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { pruneOutbox, relayOutbox, watchDue, type OldestUnsent } from '../../../lib/database';
import { eventually } from '../../support/eventually';
import {
	claimed,
	endLease,
	inAnHour,
	openTestPool,
	openWakeUps,
	plannedPost,
	type TestPool,
} from './support';

interface Watch {
	readonly runs: { readonly atMs: number; readonly oldest: OldestUnsent }[];
	readonly troubles: unknown[];
	readonly repairs: number;
	stop(): Promise<void>;
}

const timing = { lookMs: 50, reapMs: 100, firstPauseMs: 40, maxPauseMs: 400 };

function startWatch(
	pool: Pool,
	dispatch: () => Promise<boolean>,
	changes: Partial<typeof timing> = {},
): Watch {
	const stopping = new AbortController();
	const runs: Watch['runs'] = [];
	const troubles: unknown[] = [];
	let repairs = 0;
	const watching = watchDue({
		pool,
		dispatch: async (oldest) => {
			runs.push({ atMs: Date.now(), oldest });
			return await dispatch();
		},
		onTrouble: (error) => troubles.push(error),
		onRepaired: () => (repairs += 1),
		signal: stopping.signal,
		timing: { ...timing, ...changes },
	});
	return {
		runs,
		troubles,
		get repairs() {
			return repairs;
		},
		stop: async () => {
			stopping.abort();
			await watching;
		},
	};
}

describe('the watch over due posts', () => {
	let database: TestPool;
	let watch: Watch | undefined;
	beforeEach(async () => {
		database = await openTestPool(8);
	});
	afterEach(async () => {
		await watch?.stop();
		watch = undefined;
		await database.close();
	});

	const relay = async (): Promise<boolean> => {
		await relayOutbox({ pool: database.pool, publish: async () => undefined });
		return true;
	};

	it('starts one run at the time of a planned post and none before, however seldom it looks', async () => {
		const { pool } = database;
		const at = new Date(Date.now() + 1_500);
		await plannedPost(pool, at);
		await plannedPost(pool, inAnHour());
		// Goes off as late as a timer does in a machine that stands still for a moment.
		const alarm = sleep(at.getTime() - Date.now()).then(() => Date.now());
		watch = startWatch(pool, relay, { lookMs: 60_000 });
		const { runs } = watch;
		await eventually('the post is sent', () => runs.length > 0);
		const atMs = runs[0]?.atMs ?? 0;
		expect(atMs).toBeGreaterThanOrEqual(at.getTime());
		expect(atMs - (await alarm)).toBeLessThan(1_000);
		await watch.stop();
		expect(runs).toHaveLength(1);
	});

	it('sees a post that is planned for now after its last look', async () => {
		const { pool } = database;
		watch = startWatch(pool, relay);
		const { runs } = watch;
		const { postId } = await plannedPost(pool);
		await eventually('the post is sent', async () => (await openWakeUps(pool, postId)) === 0);
		expect(runs).toHaveLength(1);
	});

	it('sends what became due during hours in which nobody watched, in one run', async () => {
		const { pool } = database;
		for (let index = 0; index < 20; index += 1)
			await plannedPost(pool, new Date(Date.now() - index * 600_000));
		watch = startWatch(pool, relay);
		const { runs } = watch;
		await eventually('all are sent', async () => {
			const { rows } = await pool.query('select 1 from stackkraft.outbox where sent_at is null');
			return rows.length === 0;
		});
		expect(runs).toHaveLength(1);
	});

	it('sends nothing twice when two watch at the same time', async () => {
		const { pool } = database;
		const sent: string[] = [];
		const courier = async (): Promise<boolean> => {
			await relayOutbox({ pool, publish: async ({ outboxId }) => void sent.push(outboxId) });
			return true;
		};
		const second = startWatch(pool, courier);
		watch = startWatch(pool, courier);
		for (let index = 0; index < 10; index += 1) await plannedPost(pool);
		await eventually('all are sent', () => sent.length >= 10);
		await Promise.all([second.stop(), watch.stop()]);
		expect(new Set(sent).size).toBe(10);
		expect(sent).toHaveLength(10);
	});

	it('wakes what a dead worker left behind', async () => {
		const { pool } = database;
		const { postId } = await claimed(pool);
		await endLease(pool, postId);
		watch = startWatch(pool, relay);
		await eventually('it is rung', async () => {
			const { rows } = await pool.query(
				'select 1 from stackkraft.outbox where post_id = $1 and sent_at is not null',
				[postId],
			);
			return rows.length === 1;
		});
	});

	it.each([
		['fail', false],
		['succeed and send nothing', true],
	])('lets growing pauses pass between runs that %s', async (_name, answer) => {
		const { pool } = database;
		await plannedPost(pool);
		watch = startWatch(pool, async () => answer);
		const { runs } = watch;
		await eventually('six runs', () => runs.length >= 6);
		const pauses = runs.slice(1).map(({ atMs }, index) => atMs - (runs[index]?.atMs ?? 0));
		expect(Math.min(...pauses.slice(3))).toBeGreaterThanOrEqual(150);
	});

	it('goes on watching when the database could not be asked, and says so once', async () => {
		const { pool } = database;
		await pool.query('alter table stackkraft.outbox rename to hidden');
		watch = startWatch(pool, relay, { lookMs: 20 });
		const { troubles, runs } = watch;
		await eventually('trouble', () => troubles.length > 0);
		await pool.query('alter table stackkraft.hidden rename to outbox');
		await plannedPost(pool);
		await eventually('the post is sent, and the repair told', () => runs.length > 0 && watch?.repairs === 1);
		expect(troubles).toHaveLength(1);
	});
});

it('keeps the outbox as small as the work of a day, and never forgets what is not sent', async () => {
	const database = await openTestPool();
	try {
		const { pool } = database;
		for (let index = 0; index < 4; index += 1) await plannedPost(pool);
		await relayOutbox({ pool, publish: async () => undefined, limit: 3 });
		await pool.query(
			`update stackkraft.outbox set available_at = now() - interval '9 days' where sent_at is null`,
		);
		await pool.query(
			`update stackkraft.outbox set sent_at = now() - interval '25 hours'
			 where outbox_id in (select outbox_id from stackkraft.outbox where sent_at is not null limit 2)`,
		);
		expect(await pruneOutbox({ pool, limit: 1 })).toEqual({ pruned: 1 });
		expect(await pruneOutbox({ pool })).toEqual({ pruned: 1 });
		expect(await pruneOutbox({ pool })).toEqual({ pruned: 0 });
		const { rows } = await pool.query('select sent_at is null as is_open from stackkraft.outbox order by 1');
		expect(rows).toEqual([{ is_open: false }, { is_open: true }]);
	} finally {
		await database.close();
	}
});
