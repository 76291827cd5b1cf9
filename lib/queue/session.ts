// A connection with its stream and consumer, replaced when any of the three is gone. However many lanes run
// into the same trouble, one repair runs.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, NatsConnection } from 'nats';
import { backoffMs } from '../publishing/decide';
import { toQueueError } from './errors';
import { deadPlan, ensureConsumer, ensureStreams, type ConsumerPlan, type StreamPlan } from './set-up';

export interface Session {
	readonly connection: NatsConnection;
	readonly consumer: Consumer;
	/** Aborts when the connection is closed for good; a cut that is being repaired does not count. */
	readonly ended: AbortSignal;
}

export interface SessionPlan {
	readonly connect: (signal: AbortSignal) => Promise<NatsConnection>;
	readonly stream: StreamPlan;
	readonly createStream: boolean;
	readonly consumer: ConsumerPlan;
}

export interface SessionKeeper {
	readonly current: Session;
	/** Resolves with a session other than the broken one; rejects only when `signal` aborts. */
	replace(broken: Session, reason: unknown, signal: AbortSignal): Promise<Session>;
}

export interface RepairEvents {
	readonly onTrouble: (reason: string) => void;
	readonly onRepaired: () => void;
}

const repairPauses = { firstMs: 100, maxMs: 10_000 } as const;

export async function openSession(plan: SessionPlan, signal: AbortSignal): Promise<Session> {
	const connection = await plan.connect(signal);
	try {
		return await prepare(plan, connection);
	} catch (error) {
		await connection.close();
		throw error;
	}
}

/** The dead letters' stream belongs to the set-up: the first poison must find its place. */
async function prepare(plan: SessionPlan, connection: NatsConnection): Promise<Session> {
	const plans =
		plan.createStream && plan.stream.name !== deadPlan.name ? [plan.stream, deadPlan] : [deadPlan];
	await ensureStreams(connection, plans);
	const { info } = await ensureConsumer(connection, plan.consumer);
	const consumer = connection.jetstream().consumers.getPullConsumerFor(info);
	const ended = new AbortController();
	void connection.closed().then(() => ended.abort());
	return { connection, consumer, ended: ended.signal };
}

export function keepSession(plan: SessionPlan, first: Session, events: RepairEvents): SessionKeeper {
	let current = first;
	let repairing: Promise<Session> | undefined;
	reportCuts(first.connection, events);

	const repair = async (signal: AbortSignal): Promise<Session> => {
		for (let count = 0; ; count += 1) {
			await sleep(backoffMs(count, repairPauses, Math.random()), undefined, { signal });
			try {
				if (current.connection.isClosed()) {
					current = await openSession(plan, signal);
					reportCuts(current.connection, events);
				} else {
					current = await prepare(plan, current.connection);
				}
				events.onRepaired();
				return current;
			} catch (error) {
				signal.throwIfAborted();
				events.onTrouble(sentence(error));
			}
		}
	};

	return {
		get current() {
			return current;
		},
		async replace(broken, reason, signal) {
			if (broken !== current) return current;
			if (!repairing) {
				events.onTrouble(sentence(reason));
				repairing = repair(signal).finally(() => {
					repairing = undefined;
				});
			}
			return await repairing;
		},
	};
}

/** The client repairs a cut by itself; whoever reads the log should still see it. Ends with the connection. */
function reportCuts(connection: NatsConnection, events: RepairEvents): void {
	const watch = async (): Promise<void> => {
		for await (const { type } of connection.status()) {
			if (type === 'disconnect') events.onTrouble('The connection to NATS broke; it is being restored.');
			if (type === 'reconnect') events.onRepaired();
		}
	};
	watch().catch(() => undefined);
}

function sentence(error: unknown): string {
	return toQueueError(error, 'The queue is in trouble').message;
}
