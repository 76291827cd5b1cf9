// One worker's life: intake, the dispatcher's tick, the consumer of due posts and the one of dead letters. The
// same calls in the same order as the nodes of the shipped workflows make them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import type { Pool } from 'pg';
import { createPool, recordDeadLetter, relayOutbox, retellFailures, wakeStranded } from '../../lib/database';
import {
	connectNats,
	consumeDefaults,
	consumeSettings,
	ensureStreams,
	publishMessage,
	startConsumerLoop,
	type ConsumerLoop,
	type Delivery,
	type Outcome,
} from '../../lib/queue';
import { deadLetterSchema, publishRequestSchema, streams } from '../../lib/queue/messages';
import { Edges, watchedNats, watchedPool, type Edge } from './edges';
import { takeIn } from './intake';
import type { IntakePost, OpenOrder, Tally } from './messages';
import { publisherOf, type Publisher } from './publisher';

export interface Work {
	intake(posts: readonly IntakePost[]): Promise<readonly string[]>;
	tick(offsetMs: number): Promise<unknown>;
	/** Resolves when nothing is in work and nothing waits to be delivered. */
	settle(): Promise<void>;
	setTime(offsetMs: number): void;
	tally(): Tally;
	close(): Promise<void>;
}

const ackWaitSec = 2;
const settlePollMs = 10;
const settleDeadlineMs = 20_000;

type Handle = (delivery: Delivery, signal: AbortSignal) => Promise<Outcome>;

async function startLoop(
	connect: () => Promise<NatsConnection>,
	streamName: string,
	{ concurrency, handle }: { readonly concurrency: number; readonly handle: Handle },
): Promise<ConsumerLoop> {
	const settings = consumeSettings({
		streamName,
		filterSubject: '',
		durable: `worker-${streamName.toLowerCase()}`,
		concurrency,
		ackWaitSec,
		maxAttempts: consumeDefaults.maxAttempts,
		firstDelaySec: 1,
		format: 'json',
		checkMessages: true,
		createStream: true,
	});
	// Seconds of patience become milliseconds; what is tested is what happens, not how long it takes.
	const retry = { ...settings.retry, firstDelayMs: 50, maxDelayMs: 500 };
	return await startConsumerLoop({ ...settings, retry, connect, handle }, new AbortController().signal);
}

export async function openWork(order: OpenOrder, halt: (edge: Edge) => Promise<void>): Promise<Work> {
	const edges = new Edges(new Set(order.haltAt), halt);
	const plainPool = createPool(order.postgresUrl, { connectTimeoutMs: 5_000, statementTimeoutMs: 5_000 });
	const pool = watchedPool(plainPool, edges);
	const publisher = publisherOf(order, pool, edges);
	const settings = { servers: [order.natsUrl], authentication: { kind: 'none' }, name: 'worker' } as const;
	const connect = async (): Promise<NatsConnection> => watchedNats(await connectNats(settings), edges);
	const relay = await connect();
	await ensureStreams(relay);
	const loops = await startLoops(connect, { pool, publisher, edges, concurrency: order.concurrency });
	return {
		intake: async (posts) => await takeIn(pool, posts),
		tick: async (offsetMs) => {
			publisher.time.setOffset(offsetMs);
			return await tick(pool, relay);
		},
		settle: async () => await settle(order.natsUrl, loops),
		setTime: (offsetMs) => publisher.time.setOffset(offsetMs),
		tally: () => ({ passed: edges.passed, httpCalls: edges.httpCalls }),
		close: async () => {
			await Promise.all(loops.map(async (loop) => loop.stop({ deadlineMs: 0 })));
			await relay.close();
			await publisher.close();
			await plainPool.end();
		},
	};
}

async function startLoops(
	connect: () => Promise<NatsConnection>,
	{
		pool,
		publisher,
		edges,
		concurrency,
	}: { pool: Pool; publisher: Publisher; edges: Edges; concurrency: number },
): Promise<readonly ConsumerLoop[]> {
	const publish: Handle = async ({ payload }, signal) => {
		await edges.pass('message of a due post');
		await publisher.publish(publishRequestSchema.parse(payload).postId, signal);
		return { kind: 'done' };
	};
	const bury: Handle = async ({ payload }) => {
		await edges.pass('message of a dead letter');
		await recordDeadLetter(pool, deadLetterSchema.parse(payload));
		return { kind: 'done' };
	};
	return [
		await startLoop(connect, streams.publish.name, { concurrency, handle: publish }),
		await startLoop(connect, streams.dead.name, { concurrency: 1, handle: bury }),
	];
}

/** Post Queue → Dispatch Due. Everything that is due was due a moment ago: the supervisor makes time pass. */
async function tick(pool: Pool, relay: NatsConnection): Promise<unknown> {
	const { woken } = await wakeStranded({ pool });
	await retellFailures({ pool });
	const relayed = await relayOutbox({
		pool,
		publish: async ({ outboxId, subject, payload }) => {
			await publishMessage(relay, { subject, payload, messageId: outboxId }, { deadlineMs: 5_000 });
		},
	});
	if (relayed.failed > 0) await ensureStreams(relay);
	return { woken, ...relayed };
}

async function settle(natsUrl: string, loops: readonly ConsumerLoop[]): Promise<void> {
	const connection = await connectNats({
		servers: [natsUrl],
		authentication: { kind: 'none' },
		name: 'settle',
	});
	try {
		const manager = await connection.jetstreamManager({ checkAPI: false });
		const isQuiet = async (): Promise<boolean> => {
			for (const { name } of [streams.publish, streams.dead]) {
				const { num_pending: waiting } = await manager.consumers.info(name, `worker-${name.toLowerCase()}`);
				if (waiting > 0) return false;
			}
			return loops.every(({ running }) => running === 0);
		};
		let quietLooks = 0;
		for (let left = settleDeadlineMs / settlePollMs; left > 0 && quietLooks < 2; left--) {
			quietLooks = (await isQuiet().catch(() => false)) ? quietLooks + 1 : 0;
			await sleep(settlePollMs);
		}
	} finally {
		await connection.close();
	}
}
