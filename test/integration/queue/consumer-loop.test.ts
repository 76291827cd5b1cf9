import type { NatsConnection } from 'nats';
import { publishMessage, setUpDefaults, type Outcome } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { ensureStreams, jetStreamManager, ownPlans } from '../../../lib/queue/set-up';
import { startNats, type TestNats } from '../../support/nats';
import {
	connectTo,
	deadLetters,
	emptyStreams,
	messagesIn,
	observeLoop,
	startAwakeClock,
	until,
	untilMs,
	type ObservedLoop,
} from './support';

const extract = streams.extract.name;

let nats: TestNats;
let client: NatsConnection;
const loops: ObservedLoop[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeAll(async () => {
	process.on('unhandledRejection', onUnhandled);
	nats = await startNats();
	client = await connectTo(nats.url, 'client');
});

afterAll(async () => {
	await client.close();
	await nats.stop();
	process.off('unhandledRejection', onUnhandled);
});

beforeEach(async () => {
	await emptyStreams(client);
	await ensureStreams(client);
});

afterEach(async () => {
	for (const { loop } of loops.splice(0)) await loop.stop({ deadlineMs: 0 });
	expect(unhandled).toEqual([]);
});

async function observed(overrides: Parameters<typeof observeLoop>[1] = {}): Promise<ObservedLoop> {
	const loop = await observeLoop(nats.url, overrides);
	loops.push(loop);
	return loop;
}

async function send(name: string, payload: unknown = { name }, headers: Record<string, string> = {}) {
	const bytes = typeof payload === 'string' ? payload : JSON.stringify(payload);
	return await publishMessage(client, {
		subject: `content.extract.${name}`,
		payload: bytes,
		messageId: `${name}-${Math.random()}`,
		headers,
	});
}

/** A handler that stands still until the test lets it go on. */
function gate(): { readonly open: (outcome?: Outcome) => void; readonly passed: Promise<Outcome> } {
	let open: (outcome?: Outcome) => void = () => undefined;
	const passed = new Promise<Outcome>((resolve) => {
		open = (outcome = { kind: 'done' }) => resolve(outcome);
	});
	return { open, passed };
}

describe('a message that is worked on', () => {
	it('leaves the stream only after its handler has said done', async () => {
		const held = gate();
		const watched = await observed({ handle: () => held.passed });
		await send('talk');
		await until('the handler has it', () => watched.deliveries.length === 1);
		expect(await messagesIn(client, extract)).toBe(1);
		held.open();
		await until('it is gone', async () => (await messagesIn(client, extract)) === 0);
		expect(watched.settledAs('done')).toHaveLength(1);
	});

	it('is not delivered again while its handler runs far beyond the ack wait', async () => {
		const held = gate();
		// Two heartbeats of three may be late: a machine that stands still for a moment is no trouble of ours.
		const watched = await observed({ ackWaitMs: 4_500, concurrency: 3, handle: () => held.passed });
		await send('long');
		await until('the handler has it', () => watched.deliveries.length === 1);
		const startedAtMs = Date.now();
		await until('nearly three ack waits have passed', () => Date.now() - startedAtMs > 12_600);
		expect(watched.deliveries).toHaveLength(1);
		expect(watched.events.filter((event) => event.kind === 'repeated')).toEqual([]);
		held.open();
		await until('it is gone', async () => (await messagesIn(client, extract)) === 0);
	});

	it('comes back to another worker when its own is killed in the middle', async () => {
		const never = gate();
		const killed = await observed({ ackWaitMs: 700, handle: () => never.passed });
		await send('orphan');
		await until('the first worker has it', () => killed.deliveries.length === 1);
		// What a killed process looks like from outside: its connection and its heartbeats are gone.
		killed.connection().reconnect = () => Promise.resolve();
		await killed.connection().close();
		const second = await observed({ ackWaitMs: 700, durable: 'test-loop' });
		await until('the second worker did it', () => second.settledAs('done').length === 1);
		expect(second.deliveries[0]).toMatchObject({ payload: { name: 'orphan' } });
		expect(second.deliveries[0]?.deliveryCount).toBeGreaterThan(1);
		expect(await messagesIn(client, extract)).toBe(0);
		never.open();
	});

	it('keeps the order of arrival from deciding anything: a retried message does not hold up the others', async () => {
		const order: string[] = [];
		const watched = await observed({
			retry: { maxAttempts: 1_000, firstDelayMs: 100, maxDelayMs: 100 },
			handle: async ({ payload }) => {
				const { name } = payload as { name: string };
				if (name === 'slow' && order.length < 2) return { kind: 'retry', reason: 'not yet', delayMs: 100 };
				order.push(name);
				return { kind: 'done' };
			},
		});
		await send('slow');
		await send('one');
		await send('two');
		await until('all are done', () => watched.settledAs('done').length === 3);
		expect(order).toEqual(['one', 'two', 'slow']);
	});
});

describe('a message that fails', () => {
	it('comes back with delays that grow, and after the last attempt is a dead letter with all it held', async () => {
		const watched = await observed({
			retry: { maxAttempts: 4, firstDelayMs: 100, maxDelayMs: 5_000 },
			// By chance a delay at its longest is as long as the next one at its shortest.
			random: () => 0.5,
			handle: async () => ({ kind: 'retry', reason: 'no disk', errorClass: 'disk' }),
		});
		await send('failing', { name: 'failing', n: 1 }, { 'X-Origin': 'test' });
		await until('it is dead', () => watched.settledAs('dead').length === 1);
		const delays = watched.events.flatMap((event) =>
			event.kind === 'settled' && event.as.kind === 'retry' ? [event.as.delayMs] : [],
		);
		expect(delays).toHaveLength(3);
		expect(delays[1]).toBeGreaterThan(delays[0] as number);
		expect(delays[2]).toBeGreaterThan(delays[1] as number);
		const [letter, ...others] = await deadLetters(client);
		expect(others).toEqual([]);
		expect(letter).toMatchObject({
			subject: 'content.extract.failing',
			errorClass: 'disk',
			reason: 'no disk',
			attempts: 4,
			headers: { 'X-Origin': 'test' },
		});
		expect(JSON.parse(letter?.payload ?? '')).toEqual({ name: 'failing', n: 1 });
		expect(await messagesIn(client, extract)).toBe(0);
	});

	it('is tried again when its handler throws instead of answering', async () => {
		const watched = await observed({
			handle: async ({ deliveryCount }) => {
				if (deliveryCount === 1) throw new Error('boom');
				return { kind: 'done' };
			},
		});
		await send('thrown');
		await until('it is done', () => watched.settledAs('done').length === 1);
		expect(watched.deliveries).toHaveLength(2);
	});

	it('becomes a dead letter without being handled once it has killed its worker too often', async () => {
		const watched = await observed({
			retry: { maxAttempts: 1, firstDelayMs: 10, maxDelayMs: 10 },
			ackWaitMs: 60_000,
			handle: () => gate().passed,
		});
		await send('killer');
		await until('first delivery', () => watched.deliveries.length === 1);
		await watched.loop.stop({ deadlineMs: 0 });
		const second = await observed({
			retry: { maxAttempts: 1, firstDelayMs: 10, maxDelayMs: 10 },
			ackWaitMs: 60_000,
			handle: () => gate().passed,
		});
		await until('second delivery', () => second.deliveries.length === 1);
		await second.loop.stop({ deadlineMs: 0 });
		const third = await observed({ retry: { maxAttempts: 1, firstDelayMs: 10, maxDelayMs: 10 } });
		await until('it is dead', () => third.settledAs('dead').length === 1);
		expect(third.deliveries).toEqual([]);
		expect((await deadLetters(client))[0]).toMatchObject({ errorClass: 'never-finished', attempts: 3 });
	});
});

describe('poison', () => {
	it('waits in its own stream while the dead letters are full, and the event says what to do about it', async () => {
		const manager = await jetStreamManager(client);
		await manager.streams.update(streams.dead.name, { max_bytes: 1 });
		const watched = await observed();
		await send('bad', '{"cut');
		await until('it is kept', () => watched.settledAs('kept').length === 1);
		expect(watched.settledAs('kept')[0]).toMatchObject({
			as: { reason: expect.stringMatching(/The stream is full\. .*purge.*more room/) },
		});
		expect(await messagesIn(client, streams.extract.name)).toBe(1);
	});

	it('ends in the dead letters with its bytes and headers, and the good message behind it is done', async () => {
		const watched = await observed({ reading: { format: 'json', maxBytes: 500_000 } });
		await send('bad', '{"cut', { 'X-Trace': '7' });
		await client.jetstream().publish('content.extract.binary', Uint8Array.of(0xff, 0xfe, 0x00, 0x80));
		await client.jetstream().publish('content.extract.large', `"${'ä'.repeat(300_000)}"`);
		await send('good');
		await until('the good one is done', () => watched.settledAs('done').length === 1);
		const letters = await deadLetters(client);
		expect(letters.map(({ errorClass }) => errorClass)).toEqual(['poison', 'poison', 'poison']);
		expect(letters[0]).toMatchObject({ payload: '{"cut', headers: { 'X-Trace': '7' }, attempts: 1 });
		expect(Buffer.from(letters[1]?.payload ?? '', 'base64')).toEqual(Buffer.from([0xff, 0xfe, 0x00, 0x80]));
		expect(letters[2]?.cutFromBytes).toBe(600_002);
		expect(letters[2]?.payload.endsWith('ä')).toBe(true);
		expect(watched.deliveries).toHaveLength(1);
	});

	it('makes one dead letter when the worker dies between sending the letter and taking the message off', async () => {
		const watched = await observed({ ackWaitMs: 500 });
		const term = jest.spyOn(watched.connection(), 'request').mockImplementation(async (subject, ...rest) => {
			if (subject.startsWith('$JS.ACK')) throw new Error('killed here');
			return await Object.getPrototypeOf(watched.connection()).request.call(
				watched.connection(),
				subject,
				...rest,
			);
		});
		await send('bad', 'not json');
		await until('the letter is there', async () => (await deadLetters(client)).length === 1);
		expect(await messagesIn(client, extract)).toBe(1);
		await watched.connection().close();
		await watched.loop.stop({ deadlineMs: 0 });
		term.mockRestore();
		const next = await observed({ ackWaitMs: 500 });
		await until('the next worker buried it', () => next.settledAs('dead').length === 1);
		expect(await deadLetters(client)).toHaveLength(1);
		expect(await messagesIn(client, extract)).toBe(0);
	});

	it('in the dead letters themselves makes no further dead letters', async () => {
		const plan = ownPlans.find(({ name }) => name === streams.dead.name);
		const watched = await observed({ ...(plan && { stream: plan }), durable: 'test-dead' });
		await client.jetstream().publish('content.dead.extract', 'not json');
		await until('it is given up', () => watched.settledAs('dead').length === 1);
		expect(await messagesIn(client, streams.dead.name)).toBe(1);
	});
});

describe('trouble', () => {
	it('of a broker that is killed and restarted is over by itself, without a lost or doubled message', async () => {
		const held = gate();
		const done: string[] = [];
		const watched = await observed({
			concurrency: 2,
			handle: async ({ payload }) => {
				const { name } = payload as { name: string };
				if (name === 'held') await held.passed;
				done.push(name);
				return { kind: 'done' };
			},
		});
		await send('held');
		await until('it is in work', () => watched.deliveries.length === 1);
		await nats.kill();
		await nats.restart();
		await until('our own client is back', () =>
			client.flush().then(
				() => true,
				() => false,
			),
		);
		await send('after');
		await until('the new one is done', () => done.includes('after'));
		held.open();
		await until('all is gone', async () => (await messagesIn(client, extract)) === 0);
		expect(done.sort()).toEqual(['after', 'held']);
	});

	it('of a broker that comes back is over within a second: work does not wait for a long pause to end', async () => {
		const watched = await observed({ concurrency: 3 });
		await nats.kill();
		await nats.restart();
		const sinceBack = startAwakeClock();
		const sender = await connectTo(nats.url, 'sender');
		const message = { subject: 'content.extract.soon', payload: {}, messageId: 'soon' };
		await publishMessage(sender, message);
		await until('it is done', () => watched.settledAs('done').length === 1);
		expect(sinceBack.stop()).toBeLessThan(1_000);
		await sender.close();
	});

	it('of a wiped store is over by itself: streams and consumer are made again and work goes on', async () => {
		const watched = await observed();
		await nats.kill();
		nats.wipeStore();
		await nats.restart();
		await until('the stream is back', () =>
			messagesIn(client, extract).then(
				() => true,
				() => false,
			),
		);
		await send('reborn');
		await until('it is done', () => watched.settledAs('done').length === 1);
		expect(watched.events.some(({ kind }) => kind === 'repaired')).toBe(true);
	});

	it.each([
		[
			'consumer',
			(name: string) => jetStreamManager(client).then((m) => m.consumers.delete(name, 'test-loop')),
		],
		['stream', (name: string) => jetStreamManager(client).then((m) => m.streams.delete(name))],
	])('of a deleted %s is over by itself', async (_what, remove) => {
		const watched = await observed();
		await remove(extract);
		await until('it is repaired', () => watched.events.some(({ kind }) => kind === 'repaired'));
		await send('again');
		await until('it is done', () => watched.settledAs('done').length === 1);
	});

	it('of a connection that was closed under the loop is over by itself', async () => {
		const watched = await observed();
		await watched.connection().close();
		await send('reconnected');
		await until('it is done', () => watched.settledAs('done').length === 1);
	});

	it('of an acknowledgement that never arrived does not run the same work twice', async () => {
		const held = gate();
		const watched = await observed({ ackWaitMs: 1_000, handle: () => held.passed });
		await send('unsure');
		await until('it is in work', () => watched.deliveries.length === 1);
		await nats.kill();
		held.open();
		await nats.restart();
		await until(
			'it is settled',
			() => watched.settledAs('done').length + watched.settledAs('unconfirmed').length > 0,
		);
		await until('it is gone', async () => (await messagesIn(client, extract).catch(() => 1)) === 0);
		expect(watched.deliveries).toHaveLength(1);
	});
});

describe('stopping', () => {
	it('lets running work finish, takes nothing new and leaves the rest to others', async () => {
		const held = gate();
		const watched = await observed({ handle: () => held.passed });
		await send('running');
		await send('waiting');
		await until('one is in work', () => watched.deliveries.length === 1);
		const stopped = watched.loop.stop({ deadlineMs: 10_000 });
		held.open();
		await stopped;
		expect(watched.settledAs('done')).toHaveLength(1);
		expect(watched.deliveries).toHaveLength(1);
		expect(await messagesIn(client, extract)).toBe(1);
		expect(watched.connection().isClosed()).toBe(true);
	});

	it('hands work back that does not finish by the deadline, and tells its handler', async () => {
		let wasTold = false;
		const watched = await observed({
			ackWaitMs: 60_000,
			handle: async (_delivery, signal) => {
				await new Promise((resolve) => signal.addEventListener('abort', resolve));
				wasTold = true;
				return { kind: 'done' };
			},
		});
		await send('stuck');
		await until('it is in work', () => watched.deliveries.length === 1);
		await watched.loop.stop({ deadlineMs: 50 });
		expect(wasTold).toBe(true);
		expect(watched.events.map(({ kind }) => kind)).toContain('handed-back');
		const next = await observed({ ackWaitMs: 60_000 });
		await until('another worker does it at once', () => next.settledAs('done').length === 1);
		expect(setUpDefaults.ackWaitMs).toBeGreaterThan(untilMs);
	});
});
