// `dead-letters redrive` for letters about posts, against a real database: the post goes on its way again, once.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import { createPosts, listPostEvents, PostgresJournal, relayOutbox } from '../../../lib/database';
import { ensureStreams, publishMessage } from '../../../lib/queue';
import { streams } from '../../../lib/queue/messages';
import { startNats, type TestNats } from '../../support/nats';
import { claimAgain, makeClip, openTestPool, openWakeUps, stateOf, type TestPool } from '../database/support';
import { connectTo, deadLetters, emptyStreams, messagesIn } from '../queue/support';

const root = join(__dirname, '../../..');

let nats: TestNats;
let client: NatsConnection;
let database: TestPool;

beforeAll(async () => {
	[nats, database] = await Promise.all([startNats(), openTestPool()]);
	client = await connectTo(nats.url);
});

afterAll(async () => {
	await client.close();
	await Promise.all([nats.stop(), database.close()]);
});

beforeEach(async () => {
	await emptyStreams(client);
	await ensureStreams(client);
});

interface Ended {
	readonly code: number | null;
	readonly output: string;
}

function redrive(choice: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
	const command = ['--import', 'tsx', 'lib/command-line/main.ts', 'dead-letters', 'redrive', ...choice];
	const child = spawn(process.execPath, command, {
		cwd: root,
		env: { PATH: process.env['PATH'], NATS_URL: nats.url, STACKKRAFT_DATABASE_URL: database.url, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	}
	return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/** Sends what is due to JetStream, as the dispatcher does. */
async function relay(): Promise<void> {
	await relayOutbox({
		pool: database.pool,
		publish: async ({ subject, payload, outboxId }) => {
			await publishMessage(client, { subject, payload, messageId: outboxId });
		},
	});
}

/** A post that failed for that reason, whose letter lies in the stream of dead letters. */
async function failedPost(errorClass: 'validation' | 'auth'): Promise<string> {
	const { pool } = database;
	const { posts } = await createPosts({
		pool,
		requestId: randomUUID(),
		clips: [makeClip()],
		targets: [{ platform: 'x', accountId: 'main' }],
	});
	const postId = posts[0]?.post.postId ?? '';
	const { epoch } = await claimAgain(pool, postId);
	const error = { class: errorClass, message: 'on purpose' };
	await new PostgresJournal({ pool, postId, epoch }).recordDecision({ kind: 'failed', error });
	await relay();
	return postId;
}

/** What the relay finds to send for posts, beside the first messages of the posts. */
async function sentAgain(): Promise<number> {
	const before = await messagesIn(client, streams.publish.name);
	await relay();
	return (await messagesIn(client, streams.publish.name)) - before;
}

async function expectOnItsWayOnce(postId: string): Promise<void> {
	expect(await stateOf(database.pool, postId)).toBe('pending');
	expect(await openWakeUps(database.pool, postId)).toBe(1);
	const story = await listPostEvents(database.pool, postId);
	expect(story.filter(({ fromState }) => fromState === 'failed')).toHaveLength(1);
}

it('puts the post of one letter on its way again exactly once, and a second run finds nothing to do', async () => {
	const [postId, other] = [await failedPost('validation'), await failedPost('validation')];
	expect(await redrive(['1'])).toMatchObject({
		code: 0,
		output: expect.stringContaining('1 redriven, 0 left'),
	});
	await expectOnItsWayOnce(postId);
	expect(await stateOf(database.pool, other)).toBe('failed');
	expect(await deadLetters(client)).toMatchObject([{ postId: other }]);
	expect((await redrive(['1'])).code).toBe(1);
	await expectOnItsWayOnce(postId);
	expect(await sentAgain()).toBe(1);
});

it('redrives all of a class and leaves the others, and all of them, each post once however often it is run', async () => {
	const [first, second] = [await failedPost('validation'), await failedPost('validation')];
	const other = await failedPost('auth');
	expect((await redrive(['--class', 'validation'])).output).toContain('2 redriven, 0 left');
	for (const postId of [first, second]) await expectOnItsWayOnce(postId);
	expect(await stateOf(database.pool, other)).toBe('failed');
	expect((await redrive(['--all'])).output).toContain('1 redriven, 0 left');
	expect(await redrive(['--all'])).toMatchObject({
		code: 0,
		output: expect.stringContaining('0 redriven, 0 left'),
	});
	for (const postId of [first, second, other]) await expectOnItsWayOnce(postId);
	expect(await sentAgain()).toBe(3);
});

it('makes no second post of two runs at the same time', async () => {
	const posts = [await failedPost('auth'), await failedPost('auth')];
	await Promise.all([redrive(['--all']), redrive(['--all'])]);
	for (const postId of posts) await expectOnItsWayOnce(postId);
	expect(await sentAgain()).toBe(posts.length);
});

it('leaves the letter of a post that is no longer failed, and says why', async () => {
	const postId = await failedPost('auth');
	await database.pool.query(`update stackkraft.posts set state = 'cancelled' where post_id = $1`, [postId]);
	const { code, output } = await redrive(['--all']);
	expect(code).toBe(1);
	expect(output).toMatch(/1 {2}left {2}.*cancelled/);
	expect(await deadLetters(client)).toMatchObject([{ postId }]);
	expect(await openWakeUps(database.pool, postId)).toBe(0);
});

it('leaves letters about posts where they are when it knows no database', async () => {
	const postId = await failedPost('auth');
	const { code, output } = await redrive(['--all'], { STACKKRAFT_DATABASE_URL: '' });
	expect(code).toBe(1);
	expect(output).toContain('STACKKRAFT_DATABASE_URL');
	expect(await stateOf(database.pool, postId)).toBe('failed');
	expect(await sentAgain()).toBe(0);
});
