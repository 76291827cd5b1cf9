// The trigger at work: one consumer loop whose handler is an execution.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'n8n-workflow';
import {
	connectNats,
	reportLoopEvent,
	startConsumerLoop,
	type ConsumerLoop,
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
			onEvent: (event) => reportLoopEvent(event, host.logger, 'NATS JetStream Trigger'),
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
