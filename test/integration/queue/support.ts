// One loop with everything observable, and waiting for conditions instead of time.
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import {
	connectNats,
	startConsumerLoop,
	type ConsumerLoop,
	type ConsumerLoopOptions,
	type Delivery,
	type LoopEvent,
} from '../../../lib/queue';
import { deadLetterSchema, streams, type DeadLetter } from '../../../lib/queue/messages';
import { jetStreamManager, ownPlans } from '../../../lib/queue/set-up';

export const untilMs = 45_000;

export async function until(
	what: string,
	isTrue: () => boolean | Promise<boolean>,
	withinMs = untilMs,
): Promise<void> {
	const endsAtMs = Date.now() + withinMs;
	while (!(await isTrue())) {
		if (Date.now() > endsAtMs) throw new Error(`Not within ${withinMs} ms: ${what}`);
		await sleep(10);
	}
}

/** Counts the time in which this process runs: how long the machine stands still says nothing about our speed. */
export function startAwakeClock(): { stop(): number } {
	const tickMs = 10;
	let [lastMs, awakeMs] = [performance.now(), 0];
	const count = (): void => {
		const nowMs = performance.now();
		awakeMs += Math.min(nowMs - lastMs, 3 * tickMs);
		lastMs = nowMs;
	};
	const timer = setInterval(count, tickMs);
	return {
		stop: () => {
			clearInterval(timer);
			count();
			return awakeMs;
		},
	};
}

export function planOf(name: string) {
	const plan = ownPlans.find((candidate) => candidate.name === name);
	if (!plan) throw new Error(`No plan for ${name}`);
	return plan;
}

export async function connectTo(url: string, name = 'test'): Promise<NatsConnection> {
	return await connectNats({ servers: [url], authentication: { kind: 'none' }, name });
}

export interface ObservedLoop {
	readonly loop: ConsumerLoop;
	readonly deliveries: Delivery[];
	readonly events: LoopEvent[];
	connection(): NatsConnection;
	settledAs(kind: string): LoopEvent[];
}

type Overrides = Partial<ConsumerLoopOptions>;

export async function observeLoop(url: string, overrides: Overrides = {}): Promise<ObservedLoop> {
	const deliveries: Delivery[] = [];
	const events: LoopEvent[] = [];
	let connection: NatsConnection | undefined;
	const { handle = async () => ({ kind: 'done' as const }), ...rest } = overrides;
	const loop = await startConsumerLoop(
		{
			connect: async () => (connection = await connectTo(url, 'loop')),
			stream: planOf(streams.extract.name),
			createStream: true,
			durable: 'test-loop',
			concurrency: 1,
			ackWaitMs: 2_000,
			retry: { maxAttempts: 4, firstDelayMs: 50, maxDelayMs: 5_000 },
			reading: { format: 'json' },
			onEvent: (event) => void events.push(event),
			...rest,
			handle: async (delivery, signal) => {
				deliveries.push(delivery);
				return await handle(delivery, signal);
			},
		},
		AbortSignal.timeout(30_000),
	);
	return {
		loop,
		deliveries,
		events,
		connection: () => {
			if (!connection) throw new Error('not connected yet');
			return connection;
		},
		settledAs: (kind) => events.filter((event) => event.kind === 'settled' && event.as.kind === kind),
	};
}

export async function messagesIn(connection: NatsConnection, stream: string): Promise<number> {
	const manager = await jetStreamManager(connection);
	return (await manager.streams.info(stream)).state.messages;
}

export async function deadLetters(connection: NatsConnection): Promise<DeadLetter[]> {
	const manager = await jetStreamManager(connection);
	const { state } = await manager.streams.info(streams.dead.name);
	const letters: DeadLetter[] = [];
	for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
		const stored = await manager.streams.getMessage(streams.dead.name, { seq }).catch(() => undefined);
		if (stored) letters.push(deadLetterSchema.parse(JSON.parse(stored.string())));
	}
	return letters;
}

/** Every test begins with empty streams of its own server; the server is shared by the file. */
export async function emptyStreams(connection: NatsConnection): Promise<void> {
	const manager = await jetStreamManager(connection);
	for (const { name } of ownPlans) await manager.streams.delete(name).catch(() => undefined);
}
