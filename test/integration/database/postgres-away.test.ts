// PostgreSQL stays away until every message is used up: the letters of good posts are read before anything else.
import { randomUUID } from 'node:crypto';
import type { NatsConnection } from 'nats';
import type { Pool } from 'pg';
import {
	claimPost,
	createPool,
	listPosts,
	PostgresJournal,
	recordDeadLetter,
	relayOutbox,
} from '../../../lib/database';
import { migrateUp } from '../../../lib/database/migrate';
import {
	ensureStreams,
	publishMessage,
	type ConsumerLoop,
	type ConsumerLoopOptions,
	type Outcome,
} from '../../../lib/queue';
import { deadLetterSchema, publishRequestSchema, streams } from '../../../lib/queue/messages';
import { startNats, type TestNats } from '../../support/nats';
import { startPostgres, type TestPostgres } from '../../support/postgres';
import { connectTo, observeLoop, planOf, until, type ObservedLoop } from '../queue/support';
import { plannedPost } from './support';

const posts = 12;
const aBitAhead = (): Date => new Date(Date.now() + 10 * 60_000);

let nats: TestNats;
let postgres: TestPostgres;
let connection: NatsConnection;
let pool: Pool;
const loops: ConsumerLoop[] = [];
/** The irreversible calls. */
const sent: string[] = [];

beforeAll(async () => {
	[nats, postgres] = await Promise.all([startNats(), startPostgres()]);
	await migrateUp(postgres.url);
	pool = createPool(postgres.url);
	connection = await connectTo(nats.url);
	await ensureStreams(connection);
});

afterAll(async () => {
	await Promise.all(loops.map(async (loop) => loop.stop({ deadlineMs: 0 })));
	await connection?.close();
	await pool?.end();
	await Promise.all([nats?.stop(), postgres?.stop()]);
});

/** As n8n does it: what a node throws fails the execution. */
async function listen(stream: string, work: (payload: unknown) => Promise<void>): Promise<ObservedLoop> {
	const handle: ConsumerLoopOptions['handle'] = async ({ payload }): Promise<Outcome> => {
		try {
			await work(payload);
			return { kind: 'done' };
		} catch (error) {
			return { kind: 'retry', errorClass: 'workflow-error', reason: String(error) };
		}
	};
	const observed = await observeLoop(nats.url, {
		stream: planOf(stream),
		durable: `away-${stream.toLowerCase()}`,
		concurrency: 4,
		retry: { maxAttempts: 3, firstDelayMs: 20, maxDelayMs: 100 },
		// The worker's clock is ahead: by it no post went on after its letter.
		now: aBitAhead,
		handle,
	});
	loops.push(observed.loop);
	return observed;
}

async function publish(payload: unknown): Promise<void> {
	const { postId } = publishRequestSchema.parse(payload);
	const claim = await claimPost({ pool, postId, leaseMs: 60_000 });
	if (!claim.claimed) return;
	const journal = new PostgresJournal({ pool, postId, epoch: claim.post.epoch });
	await journal.armCommit({ armedAt: new Date(), checks: 0 });
	sent.push(postId);
	await journal.recordLive({ platformPostId: randomUUID(), url: 'https://x.example/1' });
}

async function relay(): Promise<void> {
	await relayOutbox({
		pool,
		publish: async ({ outboxId, subject, payload }) => {
			await publishMessage(connection, { subject, payload, messageId: outboxId });
		},
	});
}

it('posts everything once although every message was used up while PostgreSQL was away', async () => {
	for (let index = 0; index < posts; index++) await plannedPost(pool);
	await relay();
	await postgres.kill();
	const publisher = await listen(streams.publish.name, publish);
	await until('every message is given up', () => publisher.settledAs('dead').length === posts);
	await postgres.restart();
	const letters = await listen(streams.dead.name, async (payload) => {
		await recordDeadLetter(pool, deadLetterSchema.parse(payload));
	});
	await until('every letter is written down', () => letters.settledAs('done').length === posts);

	const after = await listPosts(pool);
	expect(after.map(({ state, retryCount }) => ({ state, retryCount }))).toEqual(
		Array.from({ length: posts }, () => ({ state: 'pending', retryCount: 1 })),
	);
	const { rows } = await pool.query('select 1 from stackkraft.dead_letters where resolved_at is null');
	expect(rows).toEqual([]);

	await pool.query('update stackkraft.posts set next_attempt_at = now()');
	await pool.query('update stackkraft.outbox set available_at = now() where sent_at is null');
	await relay();
	await until('everything is posted', async () =>
		(await listPosts(pool)).every(({ state }) => state === 'posted'),
	);
	expect(sent).toHaveLength(posts);
	expect(new Set(sent).size).toBe(posts);
});
