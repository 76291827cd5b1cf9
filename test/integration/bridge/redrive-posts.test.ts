// `dead-letters redrive` for letters about posts, against a real database: the post goes on its way again, once.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import {
	cancelPost,
	createPosts,
	listPostEvents,
	PostgresJournal,
	redrivePost,
	relayOutbox,
} from '../../../lib/database';
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
		output: expect.stringContaining('1 redriven, 0 removed, 0 left'),
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
	expect((await redrive(['--class', 'validation'])).output).toContain('2 redriven, 0 removed, 0 left');
	for (const postId of [first, second]) await expectOnItsWayOnce(postId);
	expect(await stateOf(database.pool, other)).toBe('failed');
	expect((await redrive(['--all'])).output).toContain('1 redriven, 0 removed, 0 left');
	expect(await redrive(['--all'])).toMatchObject({
		code: 0,
		output: expect.stringContaining('0 redriven, 0 removed, 0 left'),
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

it('takes out the letter of a cancelled post, says why, and does not wake the post', async () => {
	const postId = await failedPost('auth');
	await cancelPost(database.pool, postId, 'changed my mind');
	const { code, output } = await redrive(['--all']);
	expect(code).toBe(0);
	expect(output).toMatch(/1 {2}removed {2}.*cancelled/);
	expect(output).toContain('0 redriven, 1 removed, 0 left');
	expect(await deadLetters(client)).toEqual([]);
	expect(await stateOf(database.pool, postId)).toBe('cancelled');
	expect(await openWakeUps(database.pool, postId)).toBe(0);
});

it('takes out the letter of a post that was redriven elsewhere, and gives the post no second wake-up', async () => {
	const [elsewhere, other] = [await failedPost('auth'), await failedPost('auth')];
	await redrivePost(database.pool, elsewhere);
	const { code, output } = await redrive(['--all', '--limit', '1']);
	expect(code).toBe(0);
	expect(output).toContain('1 redriven, 1 removed, 0 left');
	expect(await deadLetters(client)).toEqual([]);
	for (const postId of [elsewhere, other]) await expectOnItsWayOnce(postId);
});

it('leaves a letter that is newer than its waiting post: the post has not been failed for it yet', async () => {
	const postId = await failedPost('auth');
	const [letter] = await deadLetters(client);
	await redrivePost(database.pool, postId);
	const failedAt = new Date(Date.now() + 60_000).toISOString();
	const payload = { ...letter, errorClass: 'timeout', failedAt };
	await publishMessage(client, { subject: 'content.dead.publish', payload, messageId: `newer-${postId}` });
	const { code, output } = await redrive(['--class', 'timeout']);
	expect(code).toBe(1);
	expect(output).toMatch(/2 {2}left {2}.*pending/);
	expect(await deadLetters(client)).toHaveLength(2);
	expect(await openWakeUps(database.pool, postId)).toBe(1);
});

it('leaves the letter of a post that this database does not know', async () => {
	const postId = randomUUID();
	const payload = {
		version: 1,
		subject: 'content.publish.x.main',
		payload: '{}',
		headers: {},
		errorClass: 'auth',
		reason: 'reconnect',
		attempts: 8,
		failedAt: '2026-11-20T10:00:00.000Z',
		postId,
	};
	await publishMessage(client, { subject: 'content.dead.publish', payload, messageId: `foreign-${postId}` });
	expect((await redrive(['--all'])).code).toBe(1);
	expect(await deadLetters(client)).toMatchObject([{ postId }]);
});

it('leaves letters about posts where they are when it knows no database', async () => {
	const postId = await failedPost('auth');
	const { code, output } = await redrive(['--all'], { STACKKRAFT_DATABASE_URL: '' });
	expect(code).toBe(1);
	expect(output).toContain('STACKKRAFT_DATABASE_URL');
	expect(await stateOf(database.pool, postId)).toBe('failed');
	expect(await sentAgain()).toBe(0);
});
