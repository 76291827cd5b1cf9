// The broker loses its files while work is running: what the worker still says is about messages of a stream that
// is no more, and the new stream numbers its own messages from 1 again.
import type { NatsConnection } from 'nats';
import { ensureStreams, publishMessage, type Outcome } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { startNats, type TestNats } from '../../support/nats';
import { connectTo, deadLetters, messagesIn, observeLoop, until, type ObservedLoop } from './support';

const extract = streams.extract.name;

let nats: TestNats;
let client: NatsConnection;
const loops: ObservedLoop[] = [];

beforeEach(async () => {
	nats = await startNats();
	client = await connectTo(nats.url, 'client');
	await ensureStreams(client);
});

afterEach(async () => {
	for (const { loop } of loops.splice(0)) await loop.stop({ deadlineMs: 0 });
	await client.close();
	await nats.stop();
});

async function observed(overrides: Parameters<typeof observeLoop>[1]): Promise<ObservedLoop> {
	const loop = await observeLoop(nats.url, overrides);
	loops.push(loop);
	return loop;
}

async function send(name: string, payload: unknown = { name }) {
	const subject = `content.extract.${name}`;
	return await publishMessage(client, { subject, payload: JSON.stringify(payload), messageId: name });
}

/** A handler that stands still until the test lets it go on. */
function gate(): { readonly open: (outcome?: Outcome) => void; readonly passed: Promise<Outcome> } {
	let open: (outcome?: Outcome) => void = () => undefined;
	const passed = new Promise<Outcome>((resolve) => {
		open = (outcome = { kind: 'done' }) => resolve(outcome);
	});
	return { open, passed };
}

it('takes no new message off for an old one: the same number is another message now', async () => {
	const held = gate();
	const done: unknown[] = [];
	const watched = await observed({
		handle: async ({ payload }) => {
			done.push((payload as { name: string }).name);
			return done.length === 1 ? await held.passed : { kind: 'done' };
		},
	});
	await send('old');
	await until('it is in work', () => watched.deliveries.length === 1);
	await nats.kill();
	nats.wipeStore();
	await nats.restart();
	await until('the streams are there again', () =>
		messagesIn(client, extract).then(
			() => true,
			() => false,
		),
	);
	expect((await send('new')).sequence).toBe(watched.deliveries[0]?.streamSequence);
	held.open();
	await until('the new one was worked on', () => done.length === 2);
	await until('it is gone', async () => (await messagesIn(client, extract)) === 0);
	expect(done).toEqual(['old', 'new']);
});

it('leaves a dead letter of work that fails then, because nothing else remembers it', async () => {
	const held = gate();
	const watched = await observed({ handle: () => held.passed });
	await send('lost', { name: 'lost', n: 1 });
	await until('it is in work', () => watched.deliveries.length === 1);
	await nats.kill();
	nats.wipeStore();
	await nats.restart();
	await until('the streams are there again', () =>
		messagesIn(client, extract).then(
			() => true,
			() => false,
		),
	);
	held.open({ kind: 'retry', reason: 'no disk' });
	await until('it is dead', () => watched.settledAs('dead').length === 1);
	const [letter] = await deadLetters(client);
	expect(letter).toMatchObject({ errorClass: 'stream-lost', subject: 'content.extract.lost' });
	expect(JSON.parse(letter?.payload ?? '')).toEqual({ name: 'lost', n: 1 });
});
