import type { IDataObject, IRun, ITriggerFunctions } from 'n8n-workflow';
import { ManualExecutionCancelledError } from 'n8n-workflow';
import type { NatsConnection } from 'nats';
import { ensureStreams } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { NatsJetStreamTrigger } from '../../../nodes/NatsJetStreamTrigger/NatsJetStreamTrigger.node';
import { startNats, type TestNats } from '../../support/nats';
import { connectTo, deadLetters, emptyStreams, messagesIn, until } from './support';

const extract = streams.extract.name;

let nats: TestNats;
let client: NatsConnection;
const closing: Array<() => Promise<void>> = [];

beforeAll(async () => {
	nats = await startNats();
	client = await connectTo(nats.url);
});

afterAll(async () => {
	await client.close();
	await nats.stop();
});

beforeEach(async () => {
	await emptyStreams(client);
	await ensureStreams(client);
});

afterEach(async () => {
	for (const close of closing.splice(0)) await close();
});

interface Execution {
	readonly json: IDataObject;
	end(status: IRun['status']): void;
	cancel(error: Error): void;
}

/** n8n as a trigger sees it: parameters, credential, emit with a promise of the end. */
function fakeN8n(parameters: Record<string, unknown> = {}, mode: 'trigger' | 'manual' = 'trigger') {
	const executions: Execution[] = [];
	const logged: string[] = [];
	const log = (text: string): void => void logged.push(text);
	const values: Record<string, unknown> = {
		stream: extract,
		durable: 'n8n',
		concurrency: 2,
		options: { checkMessages: false, firstDelaySec: 0.1, maxAttempts: 2 },
		...parameters,
	};
	const context = {
		getMode: () => mode,
		getNode: () => ({
			name: 'Trigger',
			type: 't',
			typeVersion: 1,
			id: '1',
			position: [0, 0],
			parameters: {},
		}),
		getNodeParameter: (name: string, fallback?: unknown) => values[name] ?? fallback,
		getCredentials: async () => ({ servers: nats.url, authentication: 'none' }),
		logger: { debug: log, info: log, warn: log, error: log },
		helpers: {
			createDeferredPromise: () => {
				const parts = {};
				const promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
				return Object.assign(parts, { promise });
			},
		},
		emit: (
			data: Array<Array<{ json: IDataObject }>>,
			_response: unknown,
			done?: { resolve(run: IRun): void; reject(error: Error): void },
		) => {
			executions.push({
				json: data[0]?.[0]?.json ?? {},
				end: (status) => done?.resolve({ status } as IRun),
				cancel: (error) => done?.reject(error),
			});
		},
	};
	return { context: context as unknown as ITriggerFunctions, executions, logged };
}

async function activate(n8n: ReturnType<typeof fakeN8n>) {
	const response = await new NatsJetStreamTrigger().trigger.call(n8n.context);
	const close = async (): Promise<void> => {
		// What still runs ends, or closing waits for it.
		for (const execution of n8n.executions) execution.end('success');
		await response.closeFunction?.();
	};
	closing.push(close);
	return response;
}

const publish = async (payload: unknown) =>
	await client.jetstream().publish('content.extract.talk', JSON.stringify(payload));

it('acknowledges after the workflow succeeded and not before', async () => {
	const n8n = fakeN8n();
	await activate(n8n);
	await publish({ requestId: 'r1' });
	await until('the workflow runs', () => n8n.executions.length === 1);
	expect(n8n.executions[0]?.json).toMatchObject({ message: { requestId: 'r1' }, deliveryCount: 1 });
	expect(await messagesIn(client, extract)).toBe(1);
	n8n.executions[0]?.end('success');
	await until('it is acknowledged', async () => (await messagesIn(client, extract)) === 0);
});

it('runs a failed workflow again and makes a dead letter after the last attempt', async () => {
	const n8n = fakeN8n();
	await activate(n8n);
	await publish({ requestId: 'r2' });
	await until('first run', () => n8n.executions.length === 1);
	n8n.executions[0]?.end('error');
	await until('second run', () => n8n.executions.length === 2);
	expect(n8n.executions[1]?.json).toMatchObject({ deliveryCount: 2 });
	n8n.executions[1]?.end('error');
	await until('it is dead', async () => (await deadLetters(client)).length === 1);
	expect((await deadLetters(client))[0]).toMatchObject({ errorClass: 'workflow-error', attempts: 2 });
	expect(await messagesIn(client, extract)).toBe(0);
});

it('does not start again what a person stopped, and keeps the message as a dead letter', async () => {
	const n8n = fakeN8n();
	await activate(n8n);
	await publish({ requestId: 'r3' });
	await until('it runs', () => n8n.executions.length === 1);
	n8n.executions[0]?.cancel(new ManualExecutionCancelledError('1'));
	await until('it is a dead letter', async () => (await deadLetters(client)).length === 1);
	expect(await messagesIn(client, extract)).toBe(0);
	expect(n8n.executions).toHaveLength(1);
});

it('starts no execution for a message that does not fit its schema', async () => {
	const n8n = fakeN8n({ options: {} });
	await activate(n8n);
	await publish({ version: 1, requestId: 'no targets' });
	await publish({
		version: 1,
		requestId: 'good',
		sourcePath: '/data/talk.mp4',
		targets: [{ platform: 'youtube', accountId: 'main' }],
	});
	await until('the good one runs', () => n8n.executions.length === 1);
	expect(n8n.executions[0]?.json).toMatchObject({ message: { requestId: 'good' } });
	expect((await deadLetters(client))[0]).toMatchObject({ errorClass: 'poison' });
});

it('closes without waiting for a running execution, and acknowledges it when it ends', async () => {
	const n8n = fakeN8n({ options: { checkMessages: false, ackWaitSec: 30 } });
	const response = await activate(n8n);
	await publish({ requestId: 'long' });
	await until('it runs', () => n8n.executions.length === 1);
	const startedAtMs = Date.now();
	await response.closeFunction?.();
	expect(Date.now() - startedAtMs).toBeLessThan(8_000);
	// Switched on again, as when a person saves the workflow: the running message must not run twice.
	const again = fakeN8n({ options: { checkMessages: false, ackWaitSec: 30 } });
	await activate(again);
	await publish({ requestId: 'next' });
	await until('the next one runs', () => again.executions.length === 1);
	expect(again.executions[0]?.json).toMatchObject({ message: { requestId: 'next' } });
	n8n.executions[0]?.end('success');
	again.executions[0]?.end('success');
	await until('both are done', async () => (await messagesIn(client, extract)) === 0);
	expect(again.executions).toHaveLength(1);
});

it('shows the editor the oldest message and takes nothing away from production', async () => {
	await publish({ requestId: 'shown' });
	const editor = fakeN8n({}, 'manual');
	const response = await activate(editor);
	await response.manualTriggerFunction?.();
	expect(editor.executions[0]?.json).toMatchObject({ message: { requestId: 'shown' } });
	expect(await messagesIn(client, extract)).toBe(1);
	const production = fakeN8n();
	await activate(production);
	await until('production has it', () => production.executions.length === 1);
	expect(production.executions[0]?.json).toMatchObject({ message: { requestId: 'shown' }, deliveryCount: 1 });
});

it('lets the editor wait for the next message, and stops waiting when the test is cancelled', async () => {
	const editor = fakeN8n({}, 'manual');
	const response = await activate(editor);
	const waiting = response.manualTriggerFunction?.();
	await publish({ requestId: 'later' });
	await waiting;
	expect(editor.executions[0]?.json).toMatchObject({ message: { requestId: 'later' } });
	await emptyStreams(client);
	const second = fakeN8n({}, 'manual');
	const cancelled = await activate(second);
	const ended = cancelled.manualTriggerFunction?.();
	await cancelled.closeFunction?.();
	await ended;
	expect(second.executions).toEqual([]);
});

it('refuses to be switched on with a sentence when NATS cannot be reached or a field is wrong', async () => {
	const wrongField = fakeN8n({ durable: 'a b' });
	await expect(new NatsJetStreamTrigger().trigger.call(wrongField.context)).rejects.toMatchObject({
		message: expect.stringContaining('not a durable name'),
		description: expect.stringContaining('letters'),
	});
});
