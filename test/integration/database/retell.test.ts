// NATS can lose its store between "the dead letter is sent" and "the dead letter is written down".
import {
	claimPost,
	PostgresJournal,
	recordDeadLetter,
	redrivePost,
	relayOutbox,
	retellFailures,
} from '../../../lib/database';
import { deadLetterSchema } from '../../../lib/queue/messages';
import { openTestPool, plannedPost, type TestPool } from './support';

let database: TestPool;
beforeEach(async () => {
	database = await openTestPool();
});
afterEach(() => database.close());

/** One failed post whose letter the courier has confirmed. */
async function failedPost(): Promise<string> {
	const { pool } = database;
	const { postId } = await plannedPost(pool);
	const claim = await claimPost({ pool, postId, leaseMs: 60_000 });
	if (!claim.claimed) throw new Error('not claimed');
	const journal = new PostgresJournal({ pool, postId, epoch: claim.post.epoch });
	await journal.recordDecision({ kind: 'failed', error: { class: 'auth', message: 'over' } });
	await relay();
	return postId;
}

async function relay(): Promise<readonly unknown[]> {
	const letters: unknown[] = [];
	await relayOutbox({
		pool: database.pool,
		publish: async ({ kind, payload }) => {
			if (kind === 'dead-letter') letters.push(payload);
		},
	});
	return letters;
}

it('sends a dead letter again that was sent and never written down', async () => {
	const postId = await failedPost();
	expect(await retellFailures({ pool: database.pool, underWayMs: 0 })).toEqual({ retold: 1 });
	expect(await relay()).toEqual([expect.objectContaining({ postId, errorClass: 'auth' })]);
});

it('waits while the letter may still be under way', async () => {
	await failedPost();
	expect(await retellFailures({ pool: database.pool })).toEqual({ retold: 0 });
});

it('is silent once the letter is written down, and about a post that was redriven', async () => {
	const { pool } = database;
	const written = await failedPost();
	await retellFailures({ pool, underWayMs: 0 });
	const [letter] = await relay();
	await recordDeadLetter(pool, deadLetterSchema.parse(letter));
	expect(await retellFailures({ pool, underWayMs: 0 })).toEqual({ retold: 0 });
	await redrivePost(pool, written);
	await redrivePost(pool, await failedPost());
	expect(await retellFailures({ pool, underWayMs: 0 })).toEqual({ retold: 0 });
});

it('ends where nobody reads the dead letters', async () => {
	await failedPost();
	let times = 0;
	for (let tick = 0; tick < 20; tick++) {
		times += (await retellFailures({ pool: database.pool, underWayMs: 0 })).retold;
		await relay();
	}
	expect(times).toBe(6);
});

it('tells it again as often when minutes without NATS came before', async () => {
	const { pool } = database;
	const { postId } = await plannedPost(pool);
	const claim = await claimPost({ pool, postId, leaseMs: 60_000 });
	if (!claim.claimed) throw new Error('not claimed');
	const journal = new PostgresJournal({ pool, postId, epoch: claim.post.epoch });
	await journal.recordDecision({ kind: 'failed', error: { class: 'auth', message: 'over' } });
	for (let time = 0; time < 10; time++) {
		await relayOutbox({ pool, publish: () => Promise.reject(new Error('no NATS')) });
		await pool.query('update stackkraft.outbox set available_at = now() where sent_at is null');
	}
	expect(await relay()).toHaveLength(1);
	let times = 0;
	for (let tick = 0; tick < 20; tick++) {
		times += (await retellFailures({ pool, underWayMs: 0 })).retold;
		await relay();
	}
	expect(times).toBe(6);
});

it('is not silenced by an older letter of a worker whose clock is ahead', async () => {
	const { pool } = database;
	const postId = await failedPost();
	await recordDeadLetter(pool, {
		version: 1,
		subject: 'content.publish.x.main',
		payload: '{}',
		headers: {},
		errorClass: 'workflow-error',
		reason: 'an earlier attempt',
		attempts: 8,
		failedAt: new Date(Date.now() + 3_600_000).toISOString(),
		postId,
	});
	expect(await retellFailures({ pool, underWayMs: 0 })).toEqual({ retold: 1 });
});
