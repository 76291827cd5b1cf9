// A real n8n with the packed package, a NATS server that may be killed, and a gate: what the trigger's tests
// need in either mode of n8n.
import { AckPolicy, nanos, type NatsConnection } from 'nats';

import { connectNats } from '../../lib/queue';
import { jetStreamManager } from '../../lib/queue/set-up';
import { startGate } from './gate';
import { bootN8n, type TestStack } from './n8n';
import { startNats, type TestNats } from './nats';
import { createNatsCredential, type TriggerRig } from './trigger-case';

export interface RunningRig extends TriggerRig {
	readonly server: TestNats;
	stop(): Promise<void>;
}

/** What stands between the trigger and its message coming again, as `startCase` sets it. */
const ACK_WAIT_MS = 5_000;

export async function startTriggerRig(
	n8nEnvironment: Readonly<Record<string, string>> = {},
): Promise<RunningRig> {
	const stops: Array<() => Promise<void>> = [];
	const stop = async () => {
		for (const end of stops.splice(0).reverse()) await end();
	};
	const keep = <T>(thing: T, end: (thing: T) => Promise<void>): T => {
		stops.push(async () => await end(thing));
		return thing;
	};
	try {
		const server = keep(await startNats(), (started) => started.stop());
		const settings = { servers: [server.url], authentication: { kind: 'none' }, name: 'test' } as const;
		const nats = keep(await connectNats(settings), (connection) => connection.close());
		const gate = keep(await startGate(), (started) => started.stop());
		const booted: TestStack = await bootN8n({ isPrepared: false, withSandbox: false, n8nEnvironment });
		const { stack } = keep(booted, (started) => started.stop());
		const credentialId = await createNatsCredential(stack, server.url);
		return { server, nats, gate, stack, credentialId, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/**
 * Resolves when the server itself has delivered a message again that nobody acknowledged nor kept alive, and
 * that was first delivered after this was called: by the server's own clock the ack wait has passed.
 */
export async function ackWaitPassed(nats: NatsConnection): Promise<void> {
	const manager = await jetStreamManager(nats);
	const name = `CLOCK_${Date.now()}`;
	await manager.streams.add({ name, subjects: [name] });
	const clock = { durable_name: name, ack_policy: AckPolicy.Explicit, ack_wait: nanos(ACK_WAIT_MS) };
	await manager.consumers.add(name, clock);
	await nats.jetstream().publish(name);
	const consumer = await nats.jetstream().consumers.get(name, name);
	for (const delivery of [1, 2]) {
		const message = await consumer.next({ expires: 3 * ACK_WAIT_MS });
		if (message?.info.deliveryCount !== delivery) throw new Error(`delivery ${delivery} did not come`);
	}
	await manager.streams.delete(name);
}
