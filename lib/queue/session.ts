// A connection with its stream and consumer, replaced when any of the three is gone. However many lanes run
// into the same trouble, one repair runs.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, NatsConnection } from 'nats';
import { backoffMs } from '../publishing/decide';
import { apiErrorNumber, toQueueError } from './errors';
import { deadPlan, ensureConsumer, ensureStreams, type ConsumerPlan, type StreamPlan } from './set-up';

export interface Session {
	readonly connection: NatsConnection;
	readonly consumer: Consumer;
	/** Aborts when the connection is closed for good; a cut that is being repaired does not count. */
	readonly ended: AbortSignal;
	/** When the stream was created, in the server's words: another text is another stream of the same name. */
	readonly streamCreated: string;
}

export interface SessionPlan {
	readonly connect: (signal: AbortSignal) => Promise<NatsConnection>;
	readonly stream: StreamPlan;
	readonly createStream: boolean;
	readonly consumer: ConsumerPlan;
}

export interface SessionKeeper {
	readonly current: Session;
	/** Resolves with a session other than the broken one; rejects only when the keeper is stopped. */
	replace(broken: Session, reason: unknown): Promise<Session>;
	/** Whether what was delivered from that stream is gone from the server, with the stream it lay in. */
	isLost(streamCreated: string): Promise<boolean>;
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
	const streamCreated = (await findCreated(connection, plan.stream.name)) ?? '';
	const ended = new AbortController();
	void connection.closed().then(() => ended.abort());
	return { connection, consumer, ended: ended.signal, streamCreated };
}

const streamNotFound = 10059;
/** Short: a question asked in the moment of a cut is never answered, and is asked again. */
const lookMs = 2_000;

/** `undefined`: there is no such stream. */
async function findCreated(connection: NatsConnection, stream: string): Promise<string | undefined> {
	try {
		const options = { checkAPI: false, timeout: lookMs };
		return (await (await connection.jetstreamManager(options)).streams.info(stream)).created;
	} catch (error) {
		if (apiErrorNumber(error) === streamNotFound) return undefined;
		throw error;
	}
}

export function keepSession(
	plan: SessionPlan,
	first: Session,
	{ signal, ...events }: RepairEvents & { readonly signal: AbortSignal },
): SessionKeeper {
	let current = first;
	let repairing: Promise<Session> | undefined;

	const repair = async (): Promise<Session> => {
		for (let count = 0; ; count += 1) {
			await sleep(backoffMs(count, repairPauses, Math.random()), undefined, { signal });
			try {
				if (current.connection.isClosed()) {
					current = await openSession(plan, signal);
					watchCuts(current.connection);
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
	const repairOnce = async (): Promise<Session> =>
		await (repairing ??= repair().finally(() => {
			repairing = undefined;
		}));

	const watchCuts = (connection: NatsConnection): void =>
		reportCuts(connection, events, () => void repairOnce().catch(() => undefined));
	watchCuts(first.connection);

	return {
		get current() {
			return current;
		},
		async replace(broken, reason) {
			if (broken !== current) return current;
			if (!repairing) events.onTrouble(sentence(reason));
			return await repairOnce();
		},
		async isLost(streamCreated) {
			const session = current;
			const created = await findCreated(session.connection, plan.stream.name);
			// Made anew without our seeing it: what comes from now on must be known as the new stream's.
			if (created !== session.streamCreated) repairOnce().catch(() => undefined);
			return created !== streamCreated;
		},
	};
}

/**
 * The client repairs a cut by itself; whoever reads the log should still see it. Behind the cut the server may
 * have lost stream and consumer, and lanes that are all at work would not notice. Ends with the connection.
 */
function reportCuts(connection: NatsConnection, events: RepairEvents, onReconnect: () => void): void {
	const watch = async (): Promise<void> => {
		for await (const { type } of connection.status()) {
			if (type === 'disconnect') events.onTrouble('The connection to NATS broke; it is being restored.');
			if (type === 'reconnect') onReconnect();
		}
	};
	watch().catch(() => undefined);
}

function sentence(error: unknown): string {
	return toQueueError(error, 'The queue is in trouble').message;
}
