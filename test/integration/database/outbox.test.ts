import {
	cancelPost,
	createPool,
	relayOutbox,
	reschedulePost,
	wakeStranded,
	type OutboxRow,
} from '../../../lib/database';
import {
	anHourAgo,
	claimAgain,
	claimed,
	endLease,
	inAnHour,
	openTestPool,
	openWakeUps,
	plannedPost,
	stateOf,
	type TestPool,
} from './support';

/** A courier that keeps each message id once, as JetStream does within its window. */
class Courier {
	readonly ids = new Set<string>();
	readonly sent: OutboxRow[] = [];
	publish = async (row: OutboxRow): Promise<void> => {
		this.sent.push(row);
		this.ids.add(row.outboxId);
	};
}

describe('outbox and relay', () => {
	let database: TestPool;
	beforeEach(async () => {
		database = await openTestPool(8);
	});
	afterEach(() => database.close());

	it('sends what is due, leaves what is not, and calls its posts queued', async () => {
		const { pool } = database;
		const due = await plannedPost(pool, anHourAgo());
		const later = await plannedPost(pool, inAnHour());
		const courier = new Courier();
		expect(await relayOutbox({ pool, publish: courier.publish })).toEqual({
			relayed: 1,
			failed: 0,
			firstError: null,
		});
		expect(courier.sent).toMatchObject([
			{
				postId: due.postId,
				subject: 'content.publish.x.main',
				payload: { version: 1, postId: due.postId, platform: 'x', accountId: 'main' },
			},
		]);
		expect(await stateOf(pool, due.postId)).toBe('queued');
		expect(await stateOf(pool, later.postId)).toBe('pending');
		expect(await relayOutbox({ pool, publish: courier.publish })).toMatchObject({ relayed: 0 });
	});

	it('sends a row again under the same id when the relay dies between the courier and the commit', async () => {
		const { pool } = database;
		const { postId } = await plannedPost(pool);
		const courier = new Courier();
		const relay = createPool(database.url, { maxConnections: 1 });
		const dying = relayOutbox({
			pool: relay,
			publish: async (row) => {
				await courier.publish(row);
				// The connection that holds the transaction is gone, as if the process had been killed here.
				await pool.query(
					`select pg_terminate_backend(pid) from pg_stat_activity
					 where datname = current_database() and state = 'idle in transaction'`,
				);
			},
		});
		await expect(dying).rejects.toThrow();
		await relay.end();
		expect(await stateOf(pool, postId)).toBe('pending');
		await relayOutbox({ pool, publish: courier.publish });
		expect(courier.sent).toHaveLength(2);
		expect(courier.ids.size).toBe(1);
		expect(await stateOf(pool, postId)).toBe('queued');
	});

	it('does not let a row that cannot be sent block the others, and does not lose it', async () => {
		const { pool } = database;
		const posts = [];
		for (let index = 0; index < 5; index++) posts.push(await plannedPost(pool));
		const poison = posts[0]!.postId;
		const courier = new Courier();
		const refusing = async (row: OutboxRow): Promise<void> => {
			if (row.postId === poison) throw new Error('no \u0000 stream');
			await courier.publish(row);
		};
		expect(await relayOutbox({ pool, publish: refusing })).toMatchObject({ relayed: 4, failed: 1 });
		expect(await openWakeUps(pool, poison)).toBe(1);
		expect(await relayOutbox({ pool, publish: refusing })).toMatchObject({ relayed: 0, failed: 0 });
		await pool.query('update stackkraft.outbox set available_at = now() where sent_at is null');
		expect(await relayOutbox({ pool, publish: courier.publish })).toMatchObject({ relayed: 1 });
		expect(await stateOf(pool, poison)).toBe('queued');
	});

	it('sends each row once although many relays run at once', async () => {
		const { pool } = database;
		for (let index = 0; index < 30; index++) await plannedPost(pool);
		const courier = new Courier();
		const results = await Promise.all(
			Array.from({ length: 5 }, () => relayOutbox({ pool, publish: courier.publish })),
		);
		expect(results.reduce((sum, { relayed }) => sum + relayed, 0)).toBe(30);
		expect(courier.sent).toHaveLength(30);
	});

	it('never waits for a post that a worker holds while the relay holds its row', async () => {
		const { pool } = database;
		const { postId } = await plannedPost(pool);
		await relayOutbox({
			pool,
			// The message is with a worker before the relay has written that it was sent.
			publish: async () => {
				await claimAgain(pool, postId);
			},
		});
		expect(await stateOf(pool, postId)).toBe('publishing');
		expect(await openWakeUps(pool, postId)).toBe(0);
	});

	it('wakes a post whose worker died, once, however often the tick comes', async () => {
		const { pool } = database;
		const { postId } = await claimed(pool);
		expect(await wakeStranded({ pool })).toEqual({ woken: 0 });
		await endLease(pool, postId);
		const ticks = await Promise.all(Array.from({ length: 6 }, () => wakeStranded({ pool })));
		expect(ticks.reduce((sum, { woken }) => sum + woken, 0)).toBe(1);
		const courier = new Courier();
		await relayOutbox({ pool, publish: courier.publish });
		// Rung a moment ago: the next tick leaves it alone.
		expect(await wakeStranded({ pool })).toEqual({ woken: 0 });
		expect(await wakeStranded({ pool, quietMs: 0 })).toEqual({ woken: 1 });
		expect(courier.sent).toHaveLength(1);
	});

	it('wakes a queued post whose message was lost with its store', async () => {
		const { pool } = database;
		const { postId } = await plannedPost(pool);
		await relayOutbox({ pool, publish: new Courier().publish });
		expect(await wakeStranded({ pool })).toEqual({ woken: 0 });
		await pool.query(`update stackkraft.outbox set sent_at = now() - interval '10 minutes'`);
		expect(await wakeStranded({ pool, queuedForMs: 0 })).toEqual({ woken: 1 });
		expect(await openWakeUps(pool, postId)).toBe(1);
	});

	it('leaves alone what waits for its time, what is done and what needs a person', async () => {
		const { pool } = database;
		await plannedPost(pool, inAnHour());
		await cancelPost(pool, (await plannedPost(pool)).postId, 'changed my mind');
		expect(await wakeStranded({ pool, queuedForMs: 0, quietMs: 0 })).toEqual({ woken: 0 });
	});

	it('moves the one wake-up of a post that is rescheduled, and removes it when it is cancelled', async () => {
		const { pool } = database;
		const { postId } = await plannedPost(pool);
		await reschedulePost(pool, postId, inAnHour());
		await reschedulePost(pool, postId, inAnHour());
		expect(await openWakeUps(pool, postId)).toBe(1);
		const courier = new Courier();
		expect(await relayOutbox({ pool, publish: courier.publish })).toMatchObject({ relayed: 0 });
		await cancelPost(pool, postId, 'changed my mind');
		expect(await openWakeUps(pool, postId)).toBe(0);
	});
});
