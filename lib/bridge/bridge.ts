// NATS → webhook: the consumer loop of the trigger, with an HTTP request where the trigger starts an execution.
import type { HttpClient } from '../publishing/ports';
import {
	connectNats,
	reportLoopEvent,
	startConsumerLoop,
	type ConsumerLoop,
	type EventLog,
	type LoopEvent,
} from '../queue';
import { createForwarder, type ForwarderOptions } from './forward';
import type { BridgeHealth } from './health';
import type { BridgeSettings } from './settings';

export interface Bridge {
	/** Resolves with the reason when going on would run workflows without knowing how they end. */
	readonly refused: Promise<string>;
	health(): BridgeHealth;
	/** No new work; what runs may finish until the deadline, and is handed back to the stream then. */
	stop(options: { readonly deadlineMs: number }): Promise<void>;
}

export interface BridgePorts {
	readonly http: HttpClient;
	readonly log: EventLog;
	readonly signal: AbortSignal;
	readonly pauses?: ForwarderOptions['pauses'];
}

const who = 'bridge';

/**
 * A delivery without a verdict is mostly a restart while the webhook was away, which says nothing about the
 * message: work dies in n8n here, and that is a verdict. Not for ever: something may kill the bridge itself.
 */
const mostDeliveries = 1_000;

export async function startBridge(
	{ nats, consume, webhook }: BridgeSettings,
	{ http, log, signal, pauses }: BridgePorts,
): Promise<Bridge> {
	const stopping = new AbortController();
	const counts = { done: 0, retried: 0, dead: 0 };
	const troubles = createTroubles(log);
	let refuse: (reason: string) => void = () => undefined;
	const refused = new Promise<string>((resolve) => (refuse = resolve));
	const handle = createForwarder({
		http,
		webhook,
		stopping: stopping.signal,
		onUnavailable: (reason) => troubles.begin('webhook', reason),
		onAvailable: () => troubles.end('webhook'),
		onMisconfigured: refuse,
		...(pauses && { pauses }),
	});
	const loop: ConsumerLoop = await startConsumerLoop(
		{
			...consume,
			mostDeliveries,
			connect: async (ended) => await connectNats(nats, { signal: ended }),
			handle,
			onEvent: (event) => {
				count(event, counts);
				if (event.kind === 'trouble') troubles.note('nats', event.reason);
				if (event.kind === 'repaired') troubles.end('nats');
				reportLoopEvent(event, log, who);
			},
		},
		signal,
	);
	return {
		refused,
		health: () => ({
			status: stopping.signal.aborted ? 'stopping' : troubles.current.length > 0 ? 'trouble' : 'ok',
			running: loop.running,
			...counts,
			troubles: troubles.current,
		}),
		async stop(options) {
			stopping.abort();
			await loop.stop(options);
		},
	};
}

function count(event: LoopEvent, counts: { done: number; retried: number; dead: number }): void {
	if (event.kind !== 'settled') return;
	if (event.as.kind === 'done' || event.as.kind === 'unconfirmed') counts.done += 1;
	if (event.as.kind === 'retry') counts.retried += 1;
	if (event.as.kind === 'dead') counts.dead += 1;
}

/** One line when a trouble begins or changes and one when it ends, however many lanes and attempts meet it. */
function createTroubles(log: EventLog) {
	const present = new Map<string, string>();
	return {
		get current() {
			return [...present.values()];
		},
		note: (what: string, reason: string) => void present.set(what, reason),
		begin(what: string, reason: string) {
			if (present.get(what) !== reason) log.warn(`${who}: ${reason} Messages wait in their stream.`);
			present.set(what, reason);
		},
		end(what: string) {
			if (present.delete(what) && what === 'webhook') log.info(`${who}: the webhook answers again.`);
		},
	};
}
