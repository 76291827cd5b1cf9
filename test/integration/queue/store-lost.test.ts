// NATS loses everything it knew. What must be published stands in PostgreSQL, so nothing may be lost with it.
import type { NatsConnection } from 'nats';
import type { Pool } from 'pg';
import { claimPost, PostgresJournal, relayOutbox, wakeStranded, type OutboxRow } from '../../../lib/database';
import { ensureStreams, publishMessage, type Delivery, type Outcome } from '../../../lib/queue';
import { publishRequestSchema, streams } from '../../../lib/queue/messages';
import { startNats, type TestNats } from '../../support/nats';
import { openTestPool, plannedPost, type TestPool } from '../database/support';
import { connectTo, messagesIn, observeLoop, planOf, until, type ObservedLoop } from './support';

const publish = streams.publish.name;

let database: TestPool;
let pool: Pool;
let nats: TestNats;
let client: NatsConnection;
let sent: string[];
const workers: ObservedLoop[] = [];

beforeEach(async () => {
	database = await openTestPool();
	({ pool } = database);
	nats = await startNats();
	client = await connectTo(nats.url, 'relay');
	sent = [];
});

afterEach(async () => {
	for (const { loop } of workers.splice(0)) await loop.stop({ deadlineMs: 0 });
	await client.close();
	await nats.stop();
	await database.close();
});

/** The dispatcher's tick. Of the reaper only the patience is shorter. */
async function tick(): Promise<void> {
	await wakeStranded({ pool, queuedForMs: 0, quietMs: 0 });
	await relayOutbox({
		pool,
		publish: async ({ outboxId, subject, payload }: OutboxRow) => {
			await ensureStreams(client);
			await publishMessage(client, { subject, payload, messageId: outboxId }, { deadlineMs: 5_000 });
		},
	});
}

/** A publisher whose network is a list: what stands in it twice was posted twice. */
async function work({ payload }: Delivery): Promise<Outcome> {
	const { postId } = publishRequestSchema.parse(payload);
	const claim = await claimPost({ pool, postId, leaseMs: 60_000 });
	if (!claim.claimed) return { kind: 'done' };
	sent.push(postId);
	const journal = new PostgresJournal({ pool, postId, epoch: claim.post.epoch });
	await journal.recordLive({ platformPostId: postId, url: `https://x/${postId}` });
	return { kind: 'done' };
}

async function startWorker(handle = work): Promise<ObservedLoop> {
	const worker = await observeLoop(nats.url, {
		stream: planOf(publish),
		durable: 'publisher',
		concurrency: 3,
		handle,
	});
	workers.push(worker);
	return worker;
}

async function loseTheStore(): Promise<void> {
	await nats.kill();
	nats.wipeStore();
	await nats.restart();
	await until('the relay is connected again', () =>
		client.flush().then(
			() => true,
			() => false,
		),
	);
}

async function postedCount(): Promise<number> {
	const { rows } = await pool.query<{ count: number }>(
		`select count(*)::int as count from stackkraft.posts where state = 'posted'`,
	);
	return rows[0]?.count ?? 0;
}

async function plan(count: number): Promise<string[]> {
	const ids: string[] = [];
	for (let n = 0; n < count; n += 1) ids.push((await plannedPost(pool)).postId);
	return ids.sort();
}

it('loses no post whose wake-up was sent and lay in the store, and posts none twice', async () => {
	const ids = await plan(12);
	await tick();
	expect(await messagesIn(client, publish)).toBe(12);
	await loseTheStore();
	await tick();
	const worker = await startWorker();
	await until('all are posted', async () => (await postedCount()) === 12);
	await worker.loop.stop({ deadlineMs: 5_000 });
	expect(sent.sort()).toEqual(ids);
});

it('loses and doubles none when the store goes while workers are in the middle of it', async () => {
	const ids = await plan(30);
	await tick();
	let release = (): void => undefined;
	const released = new Promise<void>((resolve) => (release = resolve));
	const worker = await startWorker(async (delivery) => {
		if (sent.length >= 10) await released;
		return await work(delivery);
	});
	await until(
		'a third is posted and the lanes are full',
		() => worker.loop.running === 3 && sent.length >= 10,
	);
	await loseTheStore();
	release();
	await until('the dispatcher has brought the rest', async () => {
		await tick();
		return (await postedCount()) === 30;
	});
	await worker.loop.stop({ deadlineMs: 5_000 });
	expect(sent.sort()).toEqual(ids);
});

it('takes a wake-up that comes again after all for what it is: a repetition', async () => {
	const ids = await plan(3);
	await tick();
	// The courier only seemed to have lost them.
	await tick();
	expect(await messagesIn(client, publish)).toBe(6);
	const worker = await startWorker();
	await until('all are taken off', async () => (await messagesIn(client, publish)) === 0);
	await worker.loop.stop({ deadlineMs: 5_000 });
	expect(sent.sort()).toEqual(ids);
	expect(await postedCount()).toBe(3);
});
