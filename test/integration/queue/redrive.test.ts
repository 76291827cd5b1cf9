import type { NatsConnection } from 'nats';
import { ensureStreams, publishMessage, redriveDeadLetters } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import type { RedrivePost } from '../../../lib/queue/redrive';
import { startNats, type TestNats } from '../../support/nats';
import { connectTo, deadLetters, emptyStreams, messagesIn, observeLoop, until } from './support';

const extract = streams.extract.name;
const dead = streams.dead.name;

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

/** Sends the messages and lets each die with the class that stands in it. */
async function die(
	...messages: ReadonlyArray<{ readonly name: string; readonly errorClass: string }>
): Promise<void> {
	const watched = await observeLoop(nats.url, {
		durable: 'killer',
		handle: async ({ payload }) => {
			const { errorClass } = payload as { errorClass: string };
			return { kind: 'dead', errorClass, reason: 'on purpose' };
		},
	});
	const before = await messagesIn(client, dead);
	for (const message of messages) {
		await publishMessage(client, {
			subject: `content.extract.${message.name}`,
			payload: message,
			messageId: `${message.name}-${Math.random()}`,
			headers: { 'X-Name': message.name },
		});
	}
	await until('all are dead', async () => (await messagesIn(client, dead)) === before + messages.length);
	await watched.loop.stop({ deadlineMs: 5_000 });
}

it('sends a letter back as it was, takes it out of the dead letters, and the work is done this time', async () => {
	await die({ name: 'one', errorClass: 'disk' });
	const { redriven } = await redriveDeadLetters(client, { kind: 'one', sequence: 1 });
	expect(redriven).toHaveLength(1);
	expect(await messagesIn(client, dead)).toBe(0);
	const watched = await observeLoop(nats.url, { durable: 'killer' });
	await until('it is done', () => watched.settledAs('done').length === 1);
	await watched.loop.stop({ deadlineMs: 0 });
	expect(watched.deliveries[0]).toMatchObject({
		subject: 'content.extract.one',
		payload: { name: 'one' },
		deliveryCount: 1,
	});
	expect(watched.deliveries[0]?.headers['X-Name']).toBe('one');
});

it('chooses by class and leaves the others', async () => {
	await die(
		{ name: 'a', errorClass: 'disk' },
		{ name: 'b', errorClass: 'net' },
		{ name: 'c', errorClass: 'disk' },
	);
	const { redriven } = await redriveDeadLetters(client, { kind: 'class', errorClass: 'disk' });
	expect(redriven.map(({ letter }) => letter.subject)).toEqual(['content.extract.a', 'content.extract.c']);
	expect((await deadLetters(client)).map(({ errorClass }) => errorClass)).toEqual(['net']);
});

it('sends all of them and stops at the limit', async () => {
	await die({ name: 'a', errorClass: 'x' }, { name: 'b', errorClass: 'x' }, { name: 'c', errorClass: 'x' });
	expect((await redriveDeadLetters(client, { kind: 'all' }, { limit: 2 })).redriven).toHaveLength(2);
	expect((await redriveDeadLetters(client, { kind: 'all' })).redriven).toHaveLength(1);
	expect(await messagesIn(client, extract)).toBe(3);
});

it('stores the message once when the redrive dies before it removed the letter and is run again', async () => {
	await die({ name: 'twice', errorClass: 'x' });
	const real = client.request.bind(client);
	const deletion = jest.spyOn(client, 'request').mockImplementation(async (subject, ...rest) => {
		if (subject.includes('STREAM.MSG.DELETE')) throw new Error('killed here');
		return await real(subject, ...rest);
	});
	await expect(redriveDeadLetters(client, { kind: 'all' })).rejects.toThrow(/Removing the dead letter/);
	deletion.mockRestore();
	expect(await messagesIn(client, dead)).toBe(1);
	await redriveDeadLetters(client, { kind: 'all' });
	expect(await messagesIn(client, extract)).toBe(1);
	expect(await messagesIn(client, dead)).toBe(0);
});

it('keeps a letter whose payload was cut or that it cannot read, and says why', async () => {
	const letter = {
		version: 1,
		subject: 'content.extract.big',
		payload: 'xxx',
		cutFromBytes: 100_000,
		headers: {},
		errorClass: 'poison',
		reason: 'too large',
		attempts: 1,
		failedAt: new Date().toISOString(),
	};
	await client.jetstream().publish('content.dead.extract', JSON.stringify(letter));
	await client.jetstream().publish('content.dead.extract', 'not json');
	const { redriven, skipped } = await redriveDeadLetters(client, { kind: 'all' });
	expect(redriven).toEqual([]);
	expect(skipped.map(({ reason }) => reason)).toEqual([
		expect.stringContaining('was cut'),
		expect.stringContaining('not a dead letter'),
	]);
	expect(await messagesIn(client, dead)).toBe(2);
});

it('gets past any number of letters that have to stay, and counts only what was redriven', async () => {
	for (let n = 0; n < 5; n += 1) await client.jetstream().publish('content.dead.extract', 'not json');
	await die({ name: 'a', errorClass: 'x' }, { name: 'b', errorClass: 'x' });
	const first = await redriveDeadLetters(client, { kind: 'all' }, { limit: 1 });
	expect(first.redriven.map(({ letter }) => letter.subject)).toEqual(['content.extract.a']);
	expect(first.skipped).toHaveLength(5);
	const second = await redriveDeadLetters(client, { kind: 'all' }, { limit: 1 });
	expect(second.redriven.map(({ letter }) => letter.subject)).toEqual(['content.extract.b']);
});

it('says so when there is no such letter', async () => {
	await expect(redriveDeadLetters(client, { kind: 'one', sequence: 77 })).rejects.toMatchObject({
		code: 'invalid',
	});
});

describe('a letter about a post', () => {
	const postId = '0b7e2f7e-6f43-4b0f-9d1c-5a3f1f2b7c11';

	async function letterAboutPost(): Promise<void> {
		await publishMessage(client, {
			subject: 'content.dead.publish',
			payload: {
				version: 1,
				subject: 'content.publish.x.main',
				payload: '{}',
				headers: {},
				errorClass: 'auth',
				reason: 'reconnect',
				attempts: 8,
				failedAt: '2026-11-20T10:00:00.000Z',
				postId,
			},
			messageId: `about-${Math.random()}`,
		});
	}

	it('sets the post back instead of sending a message that would wake nobody', async () => {
		await letterAboutPost();
		const setBack: string[] = [];
		const redrivePost: RedrivePost = async ({ postId: id }) => {
			setBack.push(id);
			return { kind: 'redriven' };
		};
		const { redriven } = await redriveDeadLetters(client, { kind: 'all' }, { redrivePost });
		expect(redriven).toHaveLength(1);
		expect(setBack).toEqual([postId]);
		expect(await messagesIn(client, streams.publish.name)).toBe(0);
		expect(await messagesIn(client, dead)).toBe(0);
	});

	it('stays where it is while the post cannot be set back, with the reason', async () => {
		await letterAboutPost();
		const redrivePost: RedrivePost = async () => ({
			kind: 'stays',
			reason: 'The post is being published.',
		});
		const { redriven, skipped } = await redriveDeadLetters(client, { kind: 'all' }, { redrivePost });
		expect(redriven).toEqual([]);
		expect(skipped).toMatchObject([{ reason: 'The post is being published.' }]);
		expect(await messagesIn(client, dead)).toBe(1);
	});

	it('stays where it is when nobody can set the post back: its message would be run and change nothing', async () => {
		await letterAboutPost();
		const { redriven, skipped } = await redriveDeadLetters(client, { kind: 'all' });
		expect(redriven).toEqual([]);
		expect(skipped).toMatchObject([{ reason: expect.stringContaining('Post Queue → Redrive') }]);
		expect(await messagesIn(client, streams.publish.name)).toBe(0);
		expect(await messagesIn(client, dead)).toBe(1);
	});

	it('is taken out, and nothing is sent, when the post went on without it', async () => {
		await letterAboutPost();
		const redrivePost: RedrivePost = async () => ({ kind: 'obsolete', reason: 'The post is posted.' });
		const result = await redriveDeadLetters(client, { kind: 'all' }, { redrivePost });
		expect(result).toMatchObject({ redriven: [], skipped: [] });
		expect(result.removed).toMatchObject([{ sequence: 1, reason: 'The post is posted.' }]);
		expect(await messagesIn(client, streams.publish.name)).toBe(0);
		expect(await messagesIn(client, dead)).toBe(0);
	});
});
