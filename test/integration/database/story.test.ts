// One command tells the story of a post, to its end, in order, and tells no secret.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import {
	createPosts,
	PostgresJournal,
	raiseAlert,
	recordDeadLetter,
	redrivePost,
	relayOutbox,
} from '../../../lib/database';
import { claimAgain, makeClip, openTestPool, type TestPool } from './support';

const root = join(__dirname, '../../..');
const secret = 'https://upload.example/session/very-secret';

let database: TestPool;
let postId: string;
let otherId: string;

beforeAll(async () => {
	database = await openTestPool();
	const { pool } = database;
	const clips = [makeClip(), makeClip()];
	const targets = [{ platform: 'x' as const, accountId: 'main' }];
	const { posts } = await createPosts({ pool, requestId: 'told', clips, targets });
	[postId, otherId] = posts.map(({ post }) => post.postId) as [string, string];
	await relayOutbox({ pool, publish: async () => undefined });
	const { epoch } = await claimAgain(pool, postId);
	const first = new PostgresJournal({ pool, postId, epoch });
	await first.saveHandle({ uploadUrl: secret });
	await first.note('looked', {
		accessToken: 'very-secret',
		link: 'https://upload.example/video?sig=very-secret',
	});
	await first.recordDecision({ kind: 'failed', error: { class: 'validation', message: 'Too long.' } });
	await recordDeadLetter(pool, {
		version: 1,
		subject: 'content.publish.x.main',
		payload: '{}',
		headers: {},
		errorClass: 'validation',
		reason: 'Too long.',
		attempts: 1,
		failedAt: new Date().toISOString(),
		postId,
	});
	await raiseAlert(pool, { severity: 'warning', title: 'Given up', message: `The post ${postId}` });
	await redrivePost(pool, postId);
	const again = await claimAgain(pool, postId);
	const second = new PostgresJournal({ pool, postId, epoch: again.epoch });
	await second.saveHandle({ uploadUrl: secret });
	await second.armCommit({ armedAt: new Date(), checks: 0 });
	await second.recordLive({ platformPostId: '77', url: 'https://x.example/77' });
	await pool.query(
		`insert into stackkraft.analytics (post_id, hour_slot, fetched_at, age_seconds, views)
		 values ($1, date_trunc('hour', now()), now(), 0, 12)`,
		[postId],
	);
});

afterAll(() => database.close());

function story(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
	const env = { PATH: process.env['PATH'], STACKKRAFT_DATABASE_URL: database.url };
	const command = ['--import', 'tsx', 'scripts/story.ts', ...args];
	return new Promise((resolve) => {
		execFile(process.execPath, command, { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
			resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
		});
	});
}

it('tells every change, attempt, message, dead letter, alert and number of a post in the order of time', async () => {
	const { code, stdout } = await story(postId);
	expect(code).toBe(0);
	const wanted = [
		'created pending',
		'wake-up sent to content.publish.x.main',
		'pending → queued',
		'queued → publishing (epoch 1)',
		'publishing → failed',
		'given up: validation after 1 attempts: Too long.',
		'warning alert: Given up',
		'failed → pending',
		'pending → publishing (epoch 2)',
		'commit-armed',
		'publishing → posted (epoch 2)',
		'numbers: views 12',
	];
	const places = wanted.map((text) => stdout.indexOf(text));
	expect(Object.fromEntries(wanted.map((text, index) => [text, (places[index] ?? -1) >= 0]))).toEqual(
		Object.fromEntries(wanted.map((text) => [text, true])),
	);
	const times = [...stdout.matchAll(/^ {2}(\d{4}-\S+Z) /gm)].map(([, at]) => at);
	expect(times).toEqual([...times].sort());
	expect(stdout).toContain('https://x.example/77');
});

it('tells no value of a handle and no token, as text or as JSON', async () => {
	for (const args of [[postId], [postId, '--json']]) {
		const { stdout } = await story(...args);
		expect(stdout).toContain('uploadUrl');
		expect(stdout).not.toContain('very-secret');
	}
});

it('tells the posts of a request one after the other', async () => {
	const { code, stdout } = await story('told', '--json');
	expect(code).toBe(0);
	const told = stdout
		.trim()
		.split('\n')
		.map((line) => (JSON.parse(line) as { post: { postId: string } }).post.postId);
	expect(told.sort()).toEqual([postId, otherId].sort());
});

it('says so when there is no such post, and how it is used', async () => {
	expect(await story('5f0c9e9a-6c1b-4d0f-9d57-0d7c2a5f1e11')).toMatchObject({ code: 1 });
	expect(await story('nobody')).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody') });
	expect(await story()).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage') });
});
