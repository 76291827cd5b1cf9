import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { NatsConnection } from 'nats';
import { ensureStreams } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { closePooledConnections } from '../../../lib/queue/connection-pool';
import { NatsJetStream } from '../../../nodes/NatsJetStream/NatsJetStream.node';
import { startNats, type TestNats } from '../../support/nats';
import { connectTo, deadLetters, emptyStreams, messagesIn } from './support';

const extract = streams.extract.name;

let nats: TestNats;
let client: NatsConnection;

beforeAll(async () => {
	nats = await startNats();
	client = await connectTo(nats.url);
});

afterAll(async () => {
	await closePooledConnections();
	await client.close();
	await nats.stop();
});

beforeEach(async () => await emptyStreams(client));

interface Run {
	readonly items?: readonly IDataObject[];
	/** A function gives each item its own value, as an expression does. */
	readonly parameters: Record<string, unknown>;
	readonly continueOnFail?: boolean;
	readonly executionId?: string;
	readonly runIndex?: number;
}

async function execute({
	items = [{}],
	parameters,
	continueOnFail = false,
	executionId = '7',
	runIndex = 0,
}: Run) {
	const context = {
		getInputData: () => items.map((json) => ({ json })),
		getNodeParameter: (name: string, itemIndex: number, fallback?: unknown) => {
			const value = parameters[name] ?? fallback;
			return typeof value === 'function'
				? (value as (json?: IDataObject) => unknown)(items[itemIndex])
				: value;
		},
		getCredentials: async () => ({ servers: nats.url, authentication: 'none' }),
		getExecutionCancelSignal: () => undefined,
		getExecutionId: () => executionId,
		getInstanceId: () => 'instance',
		evaluateExpression: () => runIndex,
		getNode: () => ({ name: 'NATS', type: 't', typeVersion: 1, id: '1', position: [0, 0], parameters: {} }),
		continueOnFail: () => continueOnFail,
	} as unknown as IExecuteFunctions;
	const [output = []] = await new NatsJetStream().execute.call(context);
	return output;
}

const setUp = { resource: 'stream', operation: 'setUp', replicas: 1 };
const publishing = {
	resource: 'message',
	operation: 'publish',
	subject: 'content.extract.talk',
	payloadSource: 'item',
};

it('creates the streams once and says on the second run that nothing had to change', async () => {
	const actions = async () => (await execute({ parameters: setUp })).map(({ json }) => json['action']);
	expect(await actions()).toEqual(['created', 'created', 'created']);
	expect(await actions()).toEqual(['unchanged', 'unchanged', 'unchanged']);
});

it('publishes each item and pairs each answer with it', async () => {
	await execute({ parameters: setUp });
	const output = await execute({ items: [{ n: 1 }, { n: 2 }], parameters: publishing });
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	expect(output.map(({ json }) => json['isDuplicate'])).toEqual([false, false]);
	expect(await messagesIn(client, extract)).toBe(2);
});

it('stores nothing twice when the node is tried again, and does in the next round of a loop', async () => {
	await execute({ parameters: setUp });
	await execute({ parameters: publishing });
	const [again] = await execute({ parameters: publishing });
	expect(again?.json['isDuplicate']).toBe(true);
	await execute({ parameters: publishing, runIndex: 1 });
	await execute({ parameters: publishing, executionId: '8' });
	expect(await messagesIn(client, extract)).toBe(3);
});

it('gives a broken item an error and does the others when it should continue', async () => {
	await execute({ parameters: setUp });
	const parameters = { ...publishing, subject: (json?: IDataObject) => json?.['subject'] };
	const items = [{ subject: 'content.extract.a' }, { subject: 'a b' }, { subject: 'content.extract.c' }];
	const output = await execute({ items, parameters, continueOnFail: true });
	expect(output[1]?.json['error']).toContain('not a subject');
	expect(output[1]?.pairedItem).toEqual({ item: 1 });
	expect(await messagesIn(client, extract)).toBe(2);
	await expect(execute({ items, parameters })).rejects.toMatchObject({ context: { itemIndex: 1 } });
});

it.each([
	['JSON that is none', { payloadSource: 'json', payload: '{"a":' }, 'not JSON'],
	['a subject that no stream takes', { subject: 'nobody.listens' }, 'No stream takes this subject'],
	['a header that is none', { headers: { header: [{ name: 'a b', value: 'c' }] } }, 'cannot be sent'],
])('refuses %s with what to do about it', async (_what, parameters, sentence) => {
	await execute({ parameters: setUp });
	const failing = execute({ parameters: { ...publishing, ...parameters } });
	await expect(failing).rejects.toMatchObject({
		message: expect.stringContaining(sentence),
		description: expect.stringMatching(/\w/),
	});
});

it('shows the lag of all consumers of a stream', async () => {
	await execute({ parameters: setUp });
	const manager = await client.jetstreamManager();
	await manager.consumers.add(extract, { durable_name: 'n8n', ack_policy: 'explicit' as never });
	await execute({ parameters: publishing });
	const lag = { resource: 'consumer', operation: 'getInfo', streamName: extract, durable: '' };
	const [output] = await execute({ parameters: lag });
	expect(output?.json).toMatchObject({ durable: 'n8n', waiting: 1, streamMessages: 1 });
});

it('redrives a dead letter and tells which', async () => {
	await execute({ parameters: setUp });
	const letter = {
		version: 1,
		subject: 'content.extract.back',
		payload: '{"n":1}',
		headers: {},
		errorClass: 'timeout',
		reason: 'slow',
		attempts: 8,
		failedAt: new Date().toISOString(),
	};
	await client.jetstream().publish('content.dead.extract', JSON.stringify(letter));
	const parameters = { resource: 'deadLetter', operation: 'redrive', which: 'class', errorClass: 'timeout' };
	const [output] = await execute({ parameters });
	expect(output?.json).toMatchObject({ sequence: 1, isRedriven: true, subject: 'content.extract.back' });
	expect(await messagesIn(client, extract)).toBe(1);
	expect(await messagesIn(client, streams.dead.name)).toBe(0);
});

it('leaves a letter about a post where it is, and names the operation that redrives the post', async () => {
	await execute({ parameters: setUp });
	const letter = {
		version: 1,
		subject: 'content.publish.x.main',
		payload: '{}',
		headers: {},
		errorClass: 'workflow-error',
		reason: 'no disk left',
		attempts: 8,
		failedAt: new Date().toISOString(),
		postId: '0b7e2f7e-6f43-4b0f-9d1c-5a3f1f2b7c11',
	};
	await client.jetstream().publish('content.dead.publish', JSON.stringify(letter));
	const parameters = { resource: 'deadLetter', operation: 'redrive', which: 'one', sequence: 1 };
	const [output] = await execute({ parameters });
	expect(output?.json).toMatchObject({
		sequence: 1,
		isRedriven: false,
		reason: expect.stringContaining('Post Queue → Redrive'),
	});
	expect(await messagesIn(client, streams.publish.name)).toBe(0);
	expect(await messagesIn(client, streams.dead.name)).toBe(1);
});

it('moves a received message to the dead letters once, however often the run is repeated', async () => {
	const received = {
		message: { version: 1, requestId: 'talk' },
		subject: 'content.extract.demo',
		stream: extract,
		streamSequence: 3,
		deliveryCount: 1,
		headers: {},
		publishedAt: '2026-11-20T06:00:00.000Z',
	};
	const parameters = {
		resource: 'deadLetter',
		operation: 'move',
		received: JSON.stringify(received),
		reason: 'The video has no sound.',
		errorClass: 'validation',
	};
	await ensureStreams(client);
	const [first] = await execute({ parameters });
	const [second] = await execute({ parameters });
	expect(first?.json).toMatchObject({ subject: 'content.dead.extract', isDuplicate: false });
	expect(second?.json).toMatchObject({ sequence: first?.json['sequence'], isDuplicate: true });
	expect(await deadLetters(client)).toMatchObject([{ reason: 'The video has no sound.', attempts: 1 }]);
});
