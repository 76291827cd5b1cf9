import type { NatsConnection } from 'nats';
import { startBridge, type Bridge } from '../../../lib/bridge';
import { UndiciClient } from '../../../lib/http/undici-client';
import { consumeSettings, ensureStreams, publishMessage } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { jetStreamManager } from '../../../lib/queue/set-up';
import { startNats, type TestNats } from '../../support/nats';
import { connectTo, deadLetters, emptyStreams, messagesIn, until } from '../queue/support';
import { finished, secret, startWebhook, type TestWebhook } from './webhook';

const extract = streams.extract.name;

let nats: TestNats;
let client: NatsConnection;
let webhook: TestWebhook;
let lines: string[];
const http = new UndiciClient();
const bridges: Bridge[] = [];

beforeAll(async () => {
	nats = await startNats();
	client = await connectTo(nats.url, 'client');
});

afterAll(async () => {
	await client.close();
	await nats.stop();
	await http.close();
});

beforeEach(async () => {
	lines = [];
	webhook = await startWebhook();
	await emptyStreams(client);
	await ensureStreams(client);
});

afterEach(async () => {
	for (const bridge of bridges.splice(0)) await bridge.stop({ deadlineMs: 0 });
	await webhook.stop();
	// Neither secrets, nor payloads, nor the address that anybody could call, whatever a test went through.
	expect(lines.join('\n')).not.toMatch(/pl4nted/);
});

interface Wish {
	readonly concurrency?: number;
	readonly ackWaitSec?: number;
	readonly maxAttempts?: number;
	readonly deadlineMs?: number;
	readonly checkMessages?: boolean;
}

async function bridged(wish: Wish = {}): Promise<Bridge> {
	const line = (text: string): void => void lines.push(text);
	const bridge = await startBridge(
		{
			nats: { servers: [nats.url], authentication: { kind: 'none' }, name: 'bridge' },
			consume: consumeSettings({
				streamName: extract,
				filterSubject: '',
				durable: 'bridge',
				concurrency: wish.concurrency ?? 1,
				ackWaitSec: wish.ackWaitSec ?? 2,
				maxAttempts: wish.maxAttempts ?? 3,
				firstDelaySec: 0.1,
				format: 'json',
				checkMessages: wish.checkMessages ?? false,
				createStream: true,
			}),
			webhook: { url: webhook.url, secret, deadlineMs: wish.deadlineMs ?? 20_000 },
		},
		{
			http,
			log: { debug: line, info: line, warn: line, error: line },
			signal: AbortSignal.timeout(30_000),
			pauses: { firstMs: 20, maxMs: 100 },
		},
	);
	bridges.push(bridge);
	return bridge;
}

async function send(name: string): Promise<void> {
	const payload = { name, about: 'pl4nted payload' };
	await publishMessage(client, { subject: `content.extract.${name}`, payload, messageId: name });
}

async function allGone(): Promise<void> {
	await until('the stream is empty', async () => (await messagesIn(client, extract)) === 0);
}

describe('a message that is forwarded', () => {
	it('leaves the stream only after the workflow has finished', async () => {
		webhook.rule = () => 'hold';
		const bridge = await bridged();
		await send('talk');
		const call = await webhook.call(1);
		expect(await messagesIn(client, extract)).toBe(1);
		call.answer();
		await allGone();
		expect(bridge.health()).toMatchObject({ status: 'ok', done: 1, running: 0 });
	});

	it('is signed, and says which message it is', async () => {
		await bridged();
		await send('talk');
		const { isSigned, headers } = await webhook.call(1);
		expect(isSigned).toBe(true);
		expect(headers['x-stackkraft-message-id']).toMatch(/^CONTENT_EXTRACT:\d+:\d+$/);
	});

	it('is not sent a second time while its workflow runs far beyond the ack wait', async () => {
		webhook.rule = () => 'hold';
		await bridged({ ackWaitSec: 1, concurrency: 3 });
		await send('long');
		const call = await webhook.call(1);
		await until('three ack waits have passed', () => Date.now() - call.arrivedAtMs > 3_200);
		expect(webhook.names()).toEqual(['long']);
		call.answer();
		await allGone();
	});

	it('runs beside as many others as were asked for, and no more', async () => {
		webhook.rule = () => 'hold';
		await bridged({ concurrency: 3 });
		for (const name of ['a', 'b', 'c', 'd', 'e']) await send(name);
		const third = await webhook.call(3);
		expect(webhook.calls).toHaveLength(3);
		third.answer();
		await webhook.call(4);
		expect(webhook.calls).toHaveLength(4);
		webhook.rule = () => finished;
		for (const call of webhook.calls) call.answer();
		await allGone();
		expect(webhook.names().sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
	});
});

describe('a workflow that fails', () => {
	it('is tried again under the same message id, and after the last attempt the message is a dead letter', async () => {
		webhook.rule = () => ({ status: 500, body: '{"message":"Error in workflow: pl4nted"}' });
		await bridged({ maxAttempts: 3 });
		await send('failing');
		await allGone();
		expect(webhook.calls.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 2, 3]);
		expect(new Set(webhook.calls.map(({ headers }) => headers['x-stackkraft-message-id'])).size).toBe(1);
		expect(await deadLetters(client)).toMatchObject([
			{ errorClass: 'workflow-error', attempts: 3, subject: 'content.extract.failing' },
		]);
	});

	it('for good, by its own word, makes a dead letter at once', async () => {
		webhook.rule = () => ({ status: 422, body: '{}' });
		await bridged();
		await send('hopeless');
		await allGone();
		expect(webhook.calls).toHaveLength(1);
		expect(await deadLetters(client)).toMatchObject([{ errorClass: 'rejected' }]);
	});

	it('to answer by the deadline is tried again, and the request is not left open', async () => {
		webhook.rule = ({ deliveryCount }) => (deliveryCount === 1 ? 'hold' : finished);
		await bridged({ deadlineMs: 3_000 });
		await send('hanging');
		await allGone();
		expect(webhook.calls).toHaveLength(2);
		expect(webhook.calls[0]?.isCut()).toBe(true);
	});

	it('is held apart from one that was never started: n8n says success there, and the message comes again', async () => {
		const noRun = '{"message":"Workflow executed successfully but no data was returned"}';
		webhook.rule = ({ deliveryCount }) => (deliveryCount === 1 ? { status: 200, body: noRun } : finished);
		await bridged();
		await send('unstarted');
		await allGone();
		expect(webhook.calls).toHaveLength(2);
	});
});

describe('an answer that is lost after the work', () => {
	it('brings the message again under the same id, so that the workflow can know it', async () => {
		webhook.rule = ({ deliveryCount }) => (deliveryCount === 1 ? 'cut' : finished);
		await bridged();
		await send('unsure');
		await allGone();
		const ids = webhook.calls.map(({ headers }) => headers['x-stackkraft-message-id']);
		expect(ids).toHaveLength(2);
		expect(new Set(ids).size).toBe(1);
		expect(await deadLetters(client)).toEqual([]);
	});
});

describe('a webhook that is away', () => {
	it('uses up no attempts however long it lasts, and every message is done once when it is back', async () => {
		await webhook.goAway();
		const bridge = await bridged({ maxAttempts: 2, concurrency: 2 });
		for (const name of ['a', 'b', 'c']) await send(name);
		await until('it is known', () => bridge.health().status === 'trouble');
		const sinceMs = Date.now();
		await until('several ack waits have passed', () => Date.now() - sinceMs > 4_500);
		expect(bridge.health()).toMatchObject({ running: 2, retried: 0, dead: 0 });
		await webhook.comeBack();
		await allGone();
		expect(webhook.names().sort()).toEqual(['a', 'b', 'c']);
		expect(webhook.calls.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 1, 1]);
		expect(bridge.health()).toMatchObject({ status: 'ok', troubles: [] });
		expect(await deadLetters(client)).toEqual([]);
	});

	it('makes no dead letter of a message that nobody tried, however often the bridge is started meanwhile', async () => {
		await webhook.goAway();
		await send('untried');
		for (let starts = 0; starts < 5; starts += 1) {
			const bridge = await bridged({ maxAttempts: 1, ackWaitSec: 60 });
			await until('it is held', () => bridge.health().status === 'trouble');
			await bridge.stop({ deadlineMs: 0 });
		}
		await webhook.comeBack();
		await bridged({ maxAttempts: 1, ackWaitSec: 60 });
		await allGone();
		expect(webhook.calls).toMatchObject([{ name: 'untried', deliveryCount: 6 }]);
		expect(await deadLetters(client)).toEqual([]);
	});

	it.each([404, 429, 503, 502])('answers %i and keeps the attempts of the message', async (status) => {
		webhook.rule = () => (webhook.calls.length < 6 ? { status } : finished);
		await bridged({ maxAttempts: 2 });
		await send('patient');
		await allGone();
		expect(webhook.calls).toHaveLength(6);
		expect(new Set(webhook.calls.map(({ deliveryCount }) => deliveryCount))).toEqual(new Set([1]));
	});

	it('is waited for as long as it asks', async () => {
		const wait = { status: 429, headers: { 'retry-after': '1' } };
		webhook.rule = () => (webhook.calls.length < 2 ? wait : finished);
		await bridged();
		await send('polite');
		await allGone();
		const [first, second] = webhook.calls;
		expect((second?.arrivedAtMs ?? 0) - (first?.arrivedAtMs ?? 0)).toBeGreaterThanOrEqual(950);
	});
});

describe('a webhook that answers before the work is done', () => {
	it.each([
		['n8n’s immediate answer', { status: 200, body: '{"message":"Workflow was started"}' }],
		['an empty answer', { status: 200, body: '' }],
	])('is refused with the repair in the sentence on %s, and nothing is lost', async (_what, answer) => {
		webhook.rule = () => answer;
		const bridge = await bridged();
		await send('first');
		await send('second');
		expect(await bridge.refused).toContain('When Last Node Finishes');
		await bridge.stop({ deadlineMs: 1_000 });
		expect(await messagesIn(client, extract)).toBe(2);
		expect(await deadLetters(client)).toEqual([]);
	});
});

describe('poison', () => {
	it('never reaches the webhook and does not hold up the good message behind it', async () => {
		await bridged();
		await client.jetstream().publish('content.extract.bad', '{"cut');
		await send('good');
		await allGone();
		expect(webhook.names()).toEqual(['good']);
		expect(await deadLetters(client)).toMatchObject([{ errorClass: 'poison' }]);
	});

	it('is also what does not fit the schema of its stream', async () => {
		await bridged({ checkMessages: true });
		await send('no-extract-request');
		await allGone();
		expect(webhook.calls).toEqual([]);
		expect(await deadLetters(client)).toMatchObject([{ errorClass: 'poison' }]);
	});
});

describe('a broker', () => {
	it('that is killed while a workflow runs delivers again, and the workflow runs once', async () => {
		webhook.rule = ({ name }) => (name === 'held' ? 'hold' : finished);
		await bridged({ concurrency: 2 });
		await send('held');
		const call = await webhook.call(1);
		await nats.kill();
		await nats.restart();
		await until('our own client is back', () =>
			client.flush().then(
				() => true,
				() => false,
			),
		);
		await send('after');
		await until('the next one is done', () => webhook.names().includes('after'));
		const backAtMs = Date.now();
		await until('the ack wait is over', () => Date.now() - backAtMs > 2_500);
		call.answer();
		await allGone();
		expect(webhook.names().sort()).toEqual(['after', 'held']);
	});

	it('that delivers one message twice at the same time meets one workflow', async () => {
		webhook.rule = () => 'hold';
		await bridged({ concurrency: 2, ackWaitSec: 60 });
		await send('twice');
		const call = await webhook.call(1);
		// What a lost acknowledgement state does: the consumer is made anew and starts from the first message.
		const manager = await jetStreamManager(client);
		await manager.consumers.delete(extract, 'bridge');
		await until('the bridge made its consumer again, and it delivered', async () => {
			const info = await manager.consumers.info(extract, 'bridge').catch(() => undefined);
			return info?.num_ack_pending === 1;
		});
		expect(webhook.names()).toEqual(['twice']);
		call.answer();
		await allGone();
		expect(webhook.names()).toEqual(['twice']);
	});
});

describe('stopping', () => {
	it('lets a running workflow finish and takes nothing new', async () => {
		webhook.rule = () => 'hold';
		const bridge = await bridged();
		await send('running');
		await send('waiting');
		const call = await webhook.call(1);
		const stopped = bridge.stop({ deadlineMs: 10_000 });
		expect(bridge.health().status).toBe('stopping');
		call.answer();
		await stopped;
		expect(webhook.names()).toEqual(['running']);
		expect(await messagesIn(client, extract)).toBe(1);
	});

	it('hands back what does not finish by the deadline, and another bridge does it at once', async () => {
		webhook.rule = () => (webhook.calls.length < 2 ? 'hold' : finished);
		const bridge = await bridged({ ackWaitSec: 60 });
		await send('slow');
		const call = await webhook.call(1);
		await bridge.stop({ deadlineMs: 50 });
		await until('the request was given up', () => call.isCut());
		await bridged({ ackWaitSec: 60 });
		await webhook.call(2);
		await allGone();
	});

	it('does not wait for a webhook that is away: held messages go back at once', async () => {
		await webhook.goAway();
		const bridge = await bridged({ ackWaitSec: 60 });
		await send('held');
		await until('it is held', () => bridge.health().status === 'trouble');
		const startedAtMs = Date.now();
		const deadlineMs = 20_000;
		await bridge.stop({ deadlineMs });
		expect(Date.now() - startedAtMs).toBeLessThan(deadlineMs);
		await webhook.comeBack();
		await bridged({ ackWaitSec: 60 });
		await allGone();
		expect(webhook.names()).toEqual(['held']);
	});
});
