import { connect, type NatsConnection } from 'nats';
import { consumerLag, customPlan, ensureConsumer, ensureStreams, publishMessage } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { jetStreamManager } from '../../../lib/queue/set-up';
import { startNats, type TestNats } from '../../support/nats';
import { connectTo, emptyStreams, messagesIn, observeLoop, until } from './support';

const extract = streams.extract.name;

let nats: TestNats;
let client: NatsConnection;

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

const message = (messageId: string, payload: unknown = {}) => ({
	subject: 'content.extract.talk',
	payload: JSON.stringify(payload),
	messageId,
});

describe('publishing', () => {
	it('stores a message id once, however often and from how many connections it is sent', async () => {
		const other = await connectTo(nats.url, 'other');
		const sent = await Promise.all(
			[client, other, client, other].map((from) => publishMessage(from, message('m1'))),
		);
		await other.close();
		expect(sent.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1);
		expect(new Set(sent.map(({ sequence }) => sequence)).size).toBe(1);
		expect(await messagesIn(client, extract)).toBe(1);
	});

	it('still knows the message id after the server was killed and restarted', async () => {
		await publishMessage(client, message('m2'));
		await nats.kill();
		await nats.restart();
		const again = await publishMessage(client, message('m2'), { deadlineMs: 20_000 });
		expect(again.isDuplicate).toBe(true);
	});

	it('goes through a server that is away for a moment', async () => {
		await nats.kill();
		const sending = publishMessage(client, message('m3'), { deadlineMs: 20_000 });
		await nats.restart();
		await sending;
		expect(await messagesIn(client, extract)).toBe(1);
	});

	it('says what to do when the message is too large, and sends nothing', async () => {
		const large = message('m4', 'x'.repeat(2 * 1024 * 1024));
		await expect(publishMessage(client, large)).rejects.toMatchObject({ code: 'too-large' });
		expect(await messagesIn(client, extract)).toBe(0);
	});

	it('says what to do when no stream takes the subject', async () => {
		const lost = { ...message('m5'), subject: 'nobody.listens' };
		await expect(publishMessage(client, lost)).rejects.toMatchObject({
			code: 'no-stream',
			remedy: expect.stringContaining('Set Up Streams'),
		});
	});

	it('ends when it is stopped instead of waiting for its deadline', async () => {
		await nats.kill();
		const stop = new AbortController();
		const sending = publishMessage(client, message('m6'), { deadlineMs: 60_000, signal: stop.signal });
		stop.abort();
		await expect(sending).rejects.toMatchObject({ code: 'stopped' });
		await nats.restart();
		await until('the client is back', () =>
			client.flush().then(
				() => true,
				() => false,
			),
		);
	});

	it('refuses what would become another header or another command', async () => {
		const injected = { ...message('m7\r\nNats-Rollup: all') };
		await expect(publishMessage(client, injected)).rejects.toMatchObject({ code: 'invalid' });
		const header = { ...message('m8'), headers: { 'X-A': 'b\r\nNats-Rollup: all' } };
		await expect(publishMessage(client, header)).rejects.toMatchObject({ code: 'invalid' });
	});
});

describe('setting up', () => {
	it('changes nothing the second time, also when several do it at once', async () => {
		await emptyStreams(client);
		await Promise.all([ensureStreams(client), ensureStreams(client), ensureStreams(client)]);
		const again = await ensureStreams(client);
		expect(again.map(({ action }) => action)).toEqual(['unchanged', 'unchanged', 'unchanged']);
	});

	it('leaves what an operator tuned and restores only what we need', async () => {
		const manager = await jetStreamManager(client);
		const { config } = await manager.streams.info(extract);
		const tuned = { ...config, max_bytes: 1_000_000, subjects: ['mine.>'], duplicate_window: 120e9 };
		await manager.streams.update(extract, tuned);
		const [first] = await ensureStreams(client);
		expect(first?.action).toBe('updated');
		const { config: after } = await manager.streams.info(extract);
		expect(after.max_bytes).toBe(1_000_000);
		expect(after.subjects?.sort()).toEqual(['content.extract.>', 'mine.>']);
		expect(after.duplicate_window).toBe(config.duplicate_window);
	});

	it('tells the sender that a stream is full and keeps every accepted message', async () => {
		const manager = await jetStreamManager(client);
		const { config } = await manager.streams.info(extract);
		await manager.streams.update(extract, { ...config, max_msgs: 2 });
		await publishMessage(client, message('f1'));
		await publishMessage(client, message('f2'));
		await expect(publishMessage(client, message('f3'))).rejects.toMatchObject({ code: 'conflict' });
		expect(await messagesIn(client, extract)).toBe(2);
	});

	it('explains why a second consumer cannot take the same messages', async () => {
		const plan = { stream: extract, ackWaitMs: 60_000 };
		await ensureConsumer(client, { ...plan, durable: 'one' });
		await expect(ensureConsumer(client, { ...plan, durable: 'two' })).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('Another consumer'),
		});
	});

	it('adjusts a consumer whose settings changed, and not while another uses its name for other messages', async () => {
		const watched = await observeLoop(nats.url, { durable: 'shared', filterSubject: 'content.extract.a' });
		const plan = { stream: extract, durable: 'shared', ackWaitMs: 2_000 };
		const other = { ...plan, filterSubject: 'content.extract.b' };
		await until('it listens', async () => {
			const [lag] = await consumerLag(client, { stream: extract, durable: 'shared' });
			return lag?.openPulls === 1;
		});
		await expect(ensureConsumer(client, other)).rejects.toMatchObject({ code: 'conflict' });
		await watched.loop.stop({ deadlineMs: 0 });
		const { action } = await ensureConsumer(client, other);
		expect(action).toBe('updated');
	});

	it('explains that two streams cannot have the same subjects', async () => {
		const rival = customPlan('RIVAL', ['content.extract.>']);
		await expect(ensureStreams(client, [rival])).rejects.toMatchObject({
			message: expect.stringContaining('Another stream already takes these subjects'),
		});
	});
});

describe('lag', () => {
	it('counts what waits and what is in work', async () => {
		let release = (): void => undefined;
		const held = new Promise<void>((resolve) => (release = resolve));
		const watched = await observeLoop(nats.url, {
			durable: 'lagging',
			handle: async () => {
				await held;
				return { kind: 'done' };
			},
		});
		for (const id of ['l1', 'l2', 'l3']) await publishMessage(client, message(id));
		await until('one is in work', () => watched.deliveries.length === 1);
		const [lag] = await consumerLag(client, { stream: extract });
		expect(lag).toMatchObject({ durable: 'lagging', waiting: 2, unacknowledged: 1, streamMessages: 3 });
		release();
		await watched.loop.stop({ deadlineMs: 5_000 });
		await expect(consumerLag(client, { stream: 'NOWHERE' })).rejects.toMatchObject({ code: 'no-stream' });
	});
});

it('leaves no connection open on the server when a loop has stopped', async () => {
	const watched = await observeLoop(nats.url);
	await watched.loop.stop({ deadlineMs: 0 });
	const probe = await connect({ servers: nats.url });
	expect(watched.connection().isClosed()).toBe(true);
	await probe.close();
});
