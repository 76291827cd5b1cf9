// The trigger at work: one consumer loop whose handler is an execution.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'n8n-workflow';
import {
	connectNats,
	startConsumerLoop,
	type ConsumerLoop,
	type LoopEvent,
	type NatsSettings,
} from '../../lib/queue';
import { runWorkflow, type TriggerHost } from './execution';
import type { TriggerSettings } from './settings';

/** n8n waits for this when a workflow is switched off or saved. */
const closeWaitMs = 5_000;

export interface Listening {
	readonly loop: ConsumerLoop;
	close(): Promise<void>;
}

export async function listen(
	host: TriggerHost & { readonly logger: Logger },
	nats: NatsSettings,
	settings: TriggerSettings,
): Promise<Listening> {
	const { giveUpMinutes, ...loopSettings } = settings;
	const loop = await startConsumerLoop(
		{
			...loopSettings,
			connect: async (signal) => await connectNats(nats, { signal }),
			handle: async (delivery, signal) => await runWorkflow(host, delivery, { giveUpMinutes, signal }),
			onEvent: (event) => report(event, host.logger),
		},
		new AbortController().signal,
	);
	return {
		loop,
		async close() {
			// The executions go on when the trigger is closed. Handing their messages back now would run them
			// twice, so heartbeats continue until they end; if the whole process ends, the ack wait hands back.
			const stopped = loop.stop({ deadlineMs: giveUpMinutes * 60_000 });
			// A shutdown closes one trigger after the other, within one window for all of n8n. Waiting for an
			// execution here would use up that window and leave the last triggers pulling new work until the end.
			if (loop.running > 0) return;
			const patience = new AbortController();
			await Promise.race([
				stopped.finally(() => patience.abort()),
				sleep(closeWaitMs, undefined, { signal: patience.signal }).catch(() => undefined),
			]);
		},
	};
}

function report(event: LoopEvent, logger: Logger): void {
	switch (event.kind) {
		case 'trouble':
			logger.warn(`NATS JetStream Trigger: ${event.reason}`);
			return;
		case 'repaired':
			logger.info('NATS JetStream Trigger: connected again, work goes on.');
			return;
		case 'repeated':
			logger.debug('NATS JetStream Trigger: a message came again and was not run twice.', {
				...event.delivery,
			});
			return;
		case 'handed-back':
			logger.info('NATS JetStream Trigger: handed a message back to the stream.', { ...event.delivery });
			return;
		case 'settled':
			reportSettled(event, logger);
			return;
		default:
			event satisfies never;
	}
}

function reportSettled({ delivery, as }: Extract<LoopEvent, { kind: 'settled' }>, logger: Logger): void {
	const fields = { ...delivery, ...as };
	switch (as.kind) {
		case 'done':
			logger.debug('NATS JetStream Trigger: message done.', fields);
			return;
		case 'unconfirmed':
			logger.warn('NATS JetStream Trigger: message done, but NATS did not confirm it.', fields);
			return;
		case 'retry':
			logger.warn(`NATS JetStream Trigger: comes again in ${as.delayMs} ms: ${as.reason}`, fields);
			return;
		case 'dead':
			logger.error(`NATS JetStream Trigger: moved to the dead letters: ${as.reason}`, fields);
			return;
		case 'kept':
			logger.error(`NATS JetStream Trigger: could not write the dead letter: ${as.reason}`, fields);
			return;
		default:
			as satisfies never;
	}
}
