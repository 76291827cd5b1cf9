// What anybody may write onto the subjects of due posts: it ends as a dead letter with a reason, and never stops
// the work on the messages around it.
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { headers as newHeaders, type NatsConnection } from 'nats';
import { consumeSettings, ensureStreams, ownPlans } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { findFreePort } from '../../../scripts/stack/ports';
import { startChild, untilReady, type Child } from '../../../scripts/stack/processes/child';
import { ensureNatsServer } from '../../../scripts/stack/runtimes/nats-server';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder';
import { connectTo, deadLetters, emptyStreams, messagesIn, observeLoop, until } from './support';

const mebibyte = 1024 * 1024;
const subject = 'content.publish.x.main';
const good = () => ({ version: 1, postId: randomUUID(), platform: 'x', accountId: 'main' });
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

interface BadKind {
	readonly name: string;
	readonly make: () => Uint8Array;
	readonly reason: RegExp;
}

const badKinds: readonly BadKind[] = [
	{ name: 'no JSON', make: () => new TextEncoder().encode('due: everything'), reason: /not JSON/ },
	{ name: 'nothing at all', make: () => new Uint8Array(), reason: /not JSON/ },
	{ name: 'no text', make: () => Uint8Array.from([0xff, 0xfe, 0x00, 0xc0]), reason: /not UTF-8/ },
	{ name: 'JSON of another shape', make: () => text([1, 2]), reason: /schema/ },
	{ name: 'another version', make: () => text({ ...good(), version: 2 }), reason: /version/ },
	{ name: 'an unknown platform', make: () => text({ ...good(), platform: 'myspace' }), reason: /platform/ },
	{ name: 'an id that is none', make: () => text({ ...good(), postId: '1; drop' }), reason: /postId/ },
	{
		name: '2 MB of JSON',
		make: () => text({ ...good(), version: 'x'.repeat(2 * mebibyte) }),
		reason: /bytes|version/,
	},
	{ name: '2 MB of bytes', make: () => new Uint8Array(2 * mebibyte).fill(0xfe), reason: /bytes|UTF-8/ },
];

let folder: TemporaryFolder;
let server: Child;
let url: string;
let connection: NatsConnection;

/** The usual server takes no message beyond 1 MB; an operator may have raised that. */
beforeAll(async () => {
	folder = createTemporaryFolder('nats-large');
	const port = await findFreePort();
	const store = join(folder.path, 'store');
	mkdirSync(store);
	const config = join(folder.path, 'nats.conf');
	writeFileSync(
		config,
		`listen: "127.0.0.1:${port}"\nmax_payload: 8MB\njetstream { store_dir: "${store}" }\n`,
	);
	server = await startChild({
		name: 'nats-server',
		command: (await ensureNatsServer()).path,
		args: ['-c', config],
		cwd: folder.path,
		env: { PATH: process.env['PATH'] },
		logPath: join(folder.path, 'nats.log'),
	});
	await untilReady(server, () => isListening(port), 30_000);
	url = `nats://127.0.0.1:${port}`;
	connection = await connectTo(url);
});

afterAll(async () => {
	await connection?.close();
	await server?.stop();
	folder?.remove();
});

function isListening(port: number): Promise<true | undefined> {
	return new Promise((resolve) => {
		const socket = connectSocket({ port, host: '127.0.0.1' });
		socket.once('connect', () => (socket.destroy(), resolve(true)));
		socket.once('error', () => resolve(undefined));
	});
}

async function publish(payload: Uint8Array, messageId: string): Promise<void> {
	const headers = newHeaders();
	headers.set('Nats-Msg-Id', messageId);
	await connection.jetstream().publish(subject, payload, { headers });
}

/** The publisher workflow's own settings. */
function ofThePublisher() {
	const { stream, reading, retry } = consumeSettings({
		streamName: streams.publish.name,
		durable: 'publisher',
		filterSubject: '',
		concurrency: 4,
		format: 'json',
		ackWaitSec: 60,
		checkMessages: true,
		createStream: true,
		firstDelaySec: 5,
		maxAttempts: 8,
	});
	return { stream, reading, retry, concurrency: 4 };
}

it('makes a dead letter with a reason of every bad message, in whatever order they come, and hands on every good one once per id', async () => {
	const order = fc.array(fc.integer({ min: 0, max: badKinds.length + 1 }), { minLength: 1, maxLength: 14 });
	await fc.assert(
		fc.asyncProperty(order, async (sent) => {
			await emptyStreams(connection);
			await ensureStreams(connection, ownPlans);
			const observed = await observeLoop(url, ofThePublisher());
			try {
				const wantedReasons: RegExp[] = [];
				const wantedPosts: string[] = [];
				for (const [index, choice] of [...sent, badKinds.length].entries()) {
					const kind = badKinds[choice];
					const message = good();
					await publish(kind ? kind.make() : text(message), `m-${index}`);
					// JetStream drops the copy: it has the id already.
					if (choice > badKinds.length) await publish(text(message), `m-${index}`);
					if (kind) wantedReasons.push(kind.reason);
					else wantedPosts.push(message.postId);
				}
				await until(
					'nothing is left',
					async () => (await messagesIn(connection, streams.publish.name)) === 0,
				);
				const handled = observed.deliveries.map(({ payload }) => (payload as { postId: string }).postId);
				expect(handled.sort()).toEqual(wantedPosts.sort());
				const letters = await deadLetters(connection);
				expect(letters).toHaveLength(wantedReasons.length);
				for (const reason of wantedReasons) {
					expect(letters.filter((letter) => reason.test(letter.reason)).length).toBeGreaterThan(0);
				}
				expect(new Set(letters.map(({ errorClass }) => errorClass)).size).toBeLessThanOrEqual(1);
			} finally {
				await observed.loop.stop({ deadlineMs: 1_000 });
			}
		}),
		{ numRuns: 8, examples: [[badKinds.map((_kind, index) => index)]] },
	);
});

it('keeps of a message of 2 MB as much as a letter holds, and says how large it was', async () => {
	await emptyStreams(connection);
	const observed = await observeLoop(url, ofThePublisher());
	try {
		await publish(text({ ...good(), version: 'x'.repeat(2 * mebibyte) }), 'large');
		await until('it is a letter', async () => (await deadLetters(connection)).length === 1);
		const [letter] = await deadLetters(connection);
		expect(letter?.cutFromBytes).toBeGreaterThan(2 * mebibyte);
		expect(letter?.payload.length).toBeLessThanOrEqual(64 * 1024);
	} finally {
		await observed.loop.stop({ deadlineMs: 1_000 });
	}
});
