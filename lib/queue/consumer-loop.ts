// The loop behind the trigger and everything else that works off a stream. Each lane pulls one message, has it
// handled, settles it and pulls the next: concurrency is bounded by the number of lanes, and no message waits
// in a buffer while its ack wait runs down.
import type { ConsumerMessages, JsMsg, NatsConnection } from 'nats';
import { messageKey, readPayload, toDelivery, type Delivery, type Outcome, type Reading } from './delivery';
import { QueueError } from './errors';
import { createInFlight, type Work } from './in-flight';
import { keepSession, openSession, type Session } from './session';
import type { StreamPlan } from './set-up';
import { nak, settle, type RetryPolicy, type Settled } from './settle';

export interface ConsumerLoopOptions {
	readonly connect: (signal: AbortSignal) => Promise<NatsConnection>;
	readonly stream: StreamPlan;
	readonly createStream: boolean;
	readonly durable: string;
	readonly filterSubject?: string | undefined;
	readonly concurrency: number;
	readonly ackWaitMs: number;
	readonly retry: RetryPolicy;
	/** Deliveries after which a message that never got a verdict is a dead letter; twice the attempts when absent. */
	readonly mostDeliveries?: number;
	readonly reading: Reading;
	/**
	 * `signal` aborts when the loop is stopped and its patience is over. `undefined`: nothing was decided, the
	 * message goes back to the stream at once.
	 */
	readonly handle: (delivery: Delivery, signal: AbortSignal) => Promise<Outcome | undefined>;
	readonly onEvent?: (event: LoopEvent) => void;
	readonly random?: () => number;
	readonly now?: () => Date;
}

export type LoopEvent =
	| { readonly kind: 'trouble'; readonly reason: string }
	| { readonly kind: 'repaired' }
	/** The same message came again while it is in work, or after it was done. */
	| { readonly kind: 'repeated'; readonly delivery: DeliveryName }
	| { readonly kind: 'settled'; readonly delivery: DeliveryName; readonly as: Settled }
	| { readonly kind: 'handed-back'; readonly delivery: DeliveryName };

export type DeliveryName = Pick<Delivery, 'subject' | 'stream' | 'streamSequence' | 'deliveryCount'>;

export interface StopOptions {
	/** How long running work may go on; what is left then is aborted and handed back to the stream. */
	readonly deadlineMs: number;
}

export interface ConsumerLoop {
	readonly running: number;
	/** Resolves when no work runs any more and the connection is closed. */
	stop(options: StopOptions): Promise<void>;
}

export const loopDefaults = {
	/**
	 * Also how long a lane stays deaf when JetStream is not ready yet at the moment of a reconnect. Longer than
	 * three idle heartbeats: a pull that ends before they are missed never learns that its consumer is gone.
	 */
	pullMs: 10_000,
	/** Silence for twice this long makes the client look whether its consumer still exists. */
	idleHeartbeatMs: 2_000,
	/** Heartbeats per ack wait: two may be lost. */
	heartbeatsPerAckWait: 3,
	closeMs: 5_000,
} as const;

export async function startConsumerLoop(
	options: ConsumerLoopOptions,
	signal: AbortSignal,
): Promise<ConsumerLoop> {
	const { connect, stream, createStream, durable, filterSubject, ackWaitMs } = options;
	const consumer = { stream: stream.name, durable, filterSubject, ackWaitMs };
	const plan = { connect, stream, createStream, consumer };
	const first = await openSession(plan, signal);
	const emit = safely(options.onEvent);
	const stopping = new AbortController();
	const sessions = keepSession(plan, first, {
		onTrouble: (reason) => emit({ kind: 'trouble', reason }),
		onRepaired: () => emit({ kind: 'repaired' }),
		signal: stopping.signal,
	});
	const giveUp = new AbortController();
	const inFlight = createInFlight();
	const state: LoopState = {
		options,
		emit,
		inFlight,
		stopping: stopping.signal,
		giveUp: giveUp.signal,
		sessions,
	};
	const lanes = Array.from({ length: options.concurrency }, () => runLane(state));
	const ended = Promise.all(lanes).then(() => close(sessions.current.connection));
	return {
		get running() {
			return inFlight.size;
		},
		async stop({ deadlineMs }) {
			stopping.abort();
			const timer = setTimeout(() => giveUp.abort(), deadlineMs);
			await ended.finally(() => clearTimeout(timer));
		},
	};
}

interface LoopState {
	readonly options: ConsumerLoopOptions;
	readonly emit: (event: LoopEvent) => void;
	readonly inFlight: ReturnType<typeof createInFlight>;
	readonly sessions: ReturnType<typeof keepSession>;
	/** No more pulling. */
	readonly stopping: AbortSignal;
	/** Running work is handed back. */
	readonly giveUp: AbortSignal;
}

/** Never rejects: whatever breaks is repaired or reported, and only `stopping` ends it. */
async function runLane(state: LoopState): Promise<void> {
	while (!state.stopping.aborted) {
		const session = state.sessions.current;
		try {
			const message = await pullOne(session, state.stopping);
			if (message) await takeOn(message, session.streamCreated, state);
		} catch (error) {
			if (state.stopping.aborted) return;
			await state.sessions.replace(session, error).catch(() => undefined);
		}
	}
}

async function pullOne({ consumer, ended }: Session, stopping: AbortSignal): Promise<JsMsg | undefined> {
	const messages = await consumer.fetch({
		max_messages: 1,
		expires: loopDefaults.pullMs,
		idle_heartbeat: loopDefaults.idleHeartbeatMs,
	});
	const close = (): void => void closeQuietly(messages);
	// By hand: AbortSignal.any on two signals that live for months keeps something of every pull.
	for (const signal of [stopping, ended]) signal.addEventListener('abort', close, { once: true });
	if (stopping.aborted || ended.aborted) close();
	let pulled: JsMsg | undefined;
	try {
		for await (const message of messages) {
			// A pull that was repeated after a cut can be answered twice. There is one lane, so one goes back.
			if (pulled || stopping.aborted) nak(message, 0);
			else pulled = message;
		}
	} catch (error) {
		// It arrived before the trouble did; the trouble will be met again by the next pull.
		if (!pulled) throw error;
	} finally {
		for (const signal of [stopping, ended]) signal.removeEventListener('abort', close);
	}
	if (!pulled && ended.aborted) throw new QueueError('unreachable', 'The connection to NATS was closed.', '');
	return pulled;
}

async function closeQuietly(messages: ConsumerMessages): Promise<void> {
	await messages.close().catch(() => undefined);
}

async function takeOn(message: JsMsg, streamCreated: string, state: LoopState): Promise<void> {
	const key = messageKey(message);
	const work = state.inFlight.begin(key, message, streamCreated);
	if (!work) {
		state.emit({ kind: 'repeated', delivery: nameOf(message) });
		return;
	}
	const heartbeat = setInterval(
		() => beat(work),
		state.options.ackWaitMs / loopDefaults.heartbeatsPerAckWait,
	);
	try {
		await workOff(work, state);
	} finally {
		clearInterval(heartbeat);
		state.inFlight.end(work);
	}
}

async function workOff(work: Work, state: LoopState): Promise<void> {
	const { options, emit, inFlight, giveUp } = state;
	const wasDone = inFlight.isDone(work.key);
	if (wasDone) emit({ kind: 'repeated', delivery: nameOf(work.latest) });
	const outcome = wasDone ? ({ kind: 'done' } as const) : await handleOne(work.latest, state);
	if (outcome === undefined) {
		nak(work.latest, 0);
		emit({ kind: 'handed-back', delivery: nameOf(work.latest) });
		return;
	}
	const settled = await settle(outcome, {
		message: () => work.latest,
		connection: () => state.sessions.current.connection,
		isLost: async () => await state.sessions.isLost(work.streamCreated),
		policy: options.retry,
		random: options.random ?? Math.random,
		now: options.now ?? (() => new Date()),
		signal: giveUp,
	});
	if (settled.kind === 'unconfirmed') inFlight.rememberDone(work.key);
	emit({ kind: 'settled', delivery: nameOf(work.latest), as: settled });
}

/** `undefined`: the handler decided nothing, or the loop's patience ended before it did. */
async function handleOne(message: JsMsg, { options, giveUp }: LoopState): Promise<Outcome | undefined> {
	const { deliveryCount } = message.info;
	// Deliveries without any verdict are workers that died. Once is bad luck; this often it is the message.
	if (deliveryCount > (options.mostDeliveries ?? options.retry.maxAttempts * 2)) {
		const reason = `Delivered ${deliveryCount} times and never finished: its worker dies or loses its connection.`;
		return { kind: 'dead', errorClass: 'never-finished', reason };
	}
	const read = readPayload(message.data, options.reading);
	if (!read.isReadable) return { kind: 'dead', errorClass: 'poison', reason: read.reason };
	const handled = runHandler(toDelivery(message, read.payload), options, giveUp);
	let stopWaiting = (): void => undefined;
	const abandoned = new Promise<undefined>((resolve) => {
		stopWaiting = () => resolve(undefined);
		if (giveUp.aborted) stopWaiting();
		giveUp.addEventListener('abort', stopWaiting, { once: true });
	});
	try {
		return await Promise.race([handled, abandoned]);
	} finally {
		giveUp.removeEventListener('abort', stopWaiting);
	}
}

async function runHandler(
	delivery: Delivery,
	{ handle }: ConsumerLoopOptions,
	giveUp: AbortSignal,
): Promise<Outcome | undefined> {
	try {
		return await handle(delivery, giveUp);
	} catch (error) {
		return { kind: 'retry', reason: error instanceof Error ? error.message : String(error) };
	}
}

function beat(work: Work): void {
	try {
		work.latest.working();
	} catch {
		// The connection is being replaced; one of the next beats, or a new delivery, meets the work again.
	}
}

function nameOf(message: JsMsg): DeliveryName {
	const { subject, seq, info } = message;
	return { subject, stream: info.stream, streamSequence: seq, deliveryCount: info.deliveryCount };
}

/** An observer that throws must not cost a message. */
function safely(observer: ((event: LoopEvent) => void) | undefined): (event: LoopEvent) => void {
	return (event) => {
		try {
			observer?.(event);
		} catch {
			// Nothing to tell it to: it is the one that listens.
		}
	};
}

async function close(connection: NatsConnection): Promise<void> {
	const timer = setTimeout(() => void connection.close().catch(() => undefined), loopDefaults.closeMs);
	await connection.drain().catch(() => undefined);
	clearTimeout(timer);
	await connection.close().catch(() => undefined);
}
