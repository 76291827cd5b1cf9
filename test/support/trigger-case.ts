// One stream, one consumer and one workflow in a real n8n: trigger → HTTP Request to the gate. Each test has
// its own, so that no two meet whatever order they run in.
import type { ConsumerInfo, NatsConnection } from 'nats';
import { z } from 'zod';

import { publishMessage } from '../../lib/queue';
import { deadLetterSchema, streams, type DeadLetter } from '../../lib/queue/messages';
import { jetStreamManager } from '../../lib/queue/set-up';
import { callN8n, type N8nAnswer, type N8nCall } from '../../scripts/stack/n8n/http';
import type { Stack } from '../../scripts/stack/stack';
import { eventually } from './eventually';
import type { Gate, GateCall } from './gate';

export interface TriggerRig {
	readonly stack: Stack;
	readonly gate: Gate;
	readonly nats: NatsConnection;
	/** Id of the NATS credential inside n8n. */
	readonly credentialId: string;
}

export interface CaseOptions {
	readonly concurrency?: number;
	/** The trigger's own options. */
	readonly options?: Readonly<Record<string, unknown>>;
	/** The workflow's settings, e.g. `executionTimeout` in seconds. */
	readonly settings?: Readonly<Record<string, unknown>>;
	/** Nodes between the trigger and the gate, in one line. */
	readonly before?: ReadonlyArray<{
		readonly name: string;
		readonly type: string;
		readonly typeVersion: number;
		readonly parameters: Readonly<Record<string, unknown>>;
		readonly webhookId?: string;
	}>;
}

export interface Execution {
	readonly id: string;
	readonly status: string;
}

export interface TriggerCase {
	readonly name: string;
	readonly workflowId: string;
	publish(message?: string): Promise<void>;
	call(number: number, deadlineMs?: number): Promise<GateCall>;
	consumer(): Promise<ConsumerInfo>;
	/** Messages that the stream still holds: acknowledged ones are gone. */
	stored(): Promise<number>;
	/** Waits until the stream is empty. */
	emptied(deadlineMs?: number): Promise<void>;
	executions(): Promise<Execution[]>;
	/** Waits until that many executions have ended with that status. */
	ended(status: string, count?: number): Promise<void>;
	letters(): Promise<DeadLetter[]>;
	stopExecution(id: string): Promise<void>;
	deactivate(): Promise<void>;
	activate(): Promise<void>;
}

const idSchema = z.looseObject({ id: z.string() });
const executionsSchema = z.object({
	data: z.array(z.looseObject({ id: z.coerce.string(), status: z.string() })),
});

const ACTIVATION_DEADLINE_MS = 30_000;

async function callApi(stack: Stack, call: Omit<N8nCall, 'url'> & { path: string }): Promise<N8nAnswer> {
	const { path, ...rest } = call;
	const headers = { 'X-N8N-API-KEY': stack.n8n.apiKey };
	const answer = await callN8n({ ...rest, url: `${stack.n8n.url}/api/v1${path}`, headers });
	if (answer.status < 300) return answer;
	throw new Error(`${call.method} ${path}: HTTP ${answer.status} ${answer.text.slice(0, 500)}`);
}

export async function createNatsCredential(stack: Stack, servers: string): Promise<string> {
	const body = { name: 'NATS of the test', type: 'stackKraftNatsApi', data: { servers } };
	return idSchema.parse((await callApi(stack, { method: 'POST', path: '/credentials', body })).body).id;
}

function workflowOf(name: string, rig: TriggerRig, options: CaseOptions): object {
	const trigger = {
		name: 'Trigger',
		type: 'n8n-nodes-stackkraft.natsJetStreamTrigger',
		typeVersion: 1,
		parameters: {
			stream: 'custom',
			streamName: `CASE_${name}`,
			filterSubject: `case.${name}`,
			durable: name,
			concurrency: options.concurrency ?? 5,
			options: { ackWaitSec: 5, firstDelaySec: 0.1, ...options.options },
		},
		credentials: { stackKraftNatsApi: { id: rig.credentialId, name: 'NATS of the test' } },
	};
	const seen = "$('Trigger').item.json";
	const gate = {
		name: 'Gate',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			url: `=${rig.gate.url}/${name}/{{ ${seen}.message.name }}/{{ ${seen}.deliveryCount }}/{{ $execution.id }}`,
			options: { timeout: 180_000 },
		},
	};
	const nodes = [trigger, ...(options.before ?? []), gate].map((node, index) => ({
		id: `${name}-${index}`,
		position: [index * 200, 0],
		...node,
	}));
	const wires = nodes.slice(0, -1).map(({ name: from }, index) => {
		const to = { node: nodes[index + 1]?.name, type: 'main', index: 0 };
		return [from, { main: [[to]] }];
	});
	const settings = { executionOrder: 'v1', ...options.settings };
	return { name: `case ${name}`, nodes, connections: Object.fromEntries(wires), settings };
}

/** Resolves when the trigger listens. */
export async function startCase(
	rig: TriggerRig,
	name: string,
	options: CaseOptions = {},
): Promise<TriggerCase> {
	const { stack, nats, gate } = rig;
	const manager = await jetStreamManager(nats);
	const stream = `CASE_${name}`;
	const body = workflowOf(name, rig, options);
	const created = await callApi(stack, { method: 'POST', path: '/workflows', body });
	const workflowId = idSchema.parse(created.body).id;
	const post = async (path: string) => void (await callApi(stack, { method: 'POST', path, body: {} }));
	const consumer = async () => await manager.consumers.info(stream, name);
	const stored = async () => (await manager.streams.info(stream)).state.messages;
	const executions = async () => {
		const path = `/executions?workflowId=${workflowId}&limit=100`;
		return executionsSchema.parse((await callApi(stack, { method: 'GET', path })).body).data;
	};
	const activate = async () => {
		await post(`/workflows/${workflowId}/activate`);
		const isListening = async () => (await consumer().catch(() => undefined))?.num_waiting;
		await eventually(
			`${name} listens`,
			async () => (await isListening()) || undefined,
			ACTIVATION_DEADLINE_MS,
		);
	};
	await activate();
	return {
		name,
		workflowId,
		publish: async (message = 'only') => {
			const payload = { name: message };
			await publishMessage(nats, { subject: `case.${name}`, payload, messageId: `${name}-${message}` });
		},
		call: async (number, deadlineMs) => await gate.call(name, number, deadlineMs),
		consumer,
		stored,
		emptied: async (deadlineMs) => {
			await eventually(`${stream} is empty`, async () => (await stored()) === 0, deadlineMs);
		},
		executions,
		ended: async (status, count = 1) => {
			await eventually(`${count} executions of ${name} ended as ${status}`, async () => {
				const found = (await executions()).filter((execution) => execution.status === status);
				return found.length === count;
			});
		},
		letters: async () => await lettersAbout(nats, `case.${name}`),
		stopExecution: async (id) => await post(`/executions/${id}/stop`),
		deactivate: async () => await post(`/workflows/${workflowId}/deactivate`),
		activate,
	};
}

async function lettersAbout(nats: NatsConnection, subject: string): Promise<DeadLetter[]> {
	const manager = await jetStreamManager(nats);
	const { state } = await manager.streams.info(streams.dead.name);
	const letters: DeadLetter[] = [];
	for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
		const stored = await manager.streams.getMessage(streams.dead.name, { seq }).catch(() => undefined);
		if (stored) letters.push(deadLetterSchema.parse(JSON.parse(stored.string())));
	}
	return letters.filter((letter) => letter.subject === subject);
}
