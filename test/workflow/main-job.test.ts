// What the demo claims is true: every row, id, file, execution and number behind its last line.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { createPool, listPosts } from '../../lib/database';
import type { Pool } from 'pg';
import { z } from 'zod';
import { request } from 'undici';
import { probe } from '../../lib/media';
import { runMainJob, type MainJobReport } from '../../scripts/demo/main-job';
import { silentProgress } from '../../scripts/stack/progress';
import { ffmpeg, halfMinuteTalk } from '../support/media';
import { bootDeadlineMs, bootN8n, type TestStack } from '../support/n8n';

let test: TestStack;
let pool: Pool;
let report: MainJobReport;

/** It takes one to two minutes on two cores. */
const jobDeadlineMs = 600_000;

jest.setTimeout(jobDeadlineMs);

const mainJob = async () =>
	await runMainJob(test.stack, {
		pool,
		videoPath: await halfMinuteTalk(),
		signal: AbortSignal.timeout(jobDeadlineMs),
		progress: silentProgress,
	});

beforeAll(async () => {
	test = await bootN8n();
	pool = createPool(test.stack.postgresUrl);
	report = await mainJob();
}, bootDeadlineMs + jobDeadlineMs);

afterAll(async () => {
	await pool?.end();
	await test?.stop();
});

async function postedPosts() {
	return await listPosts(pool, { states: ['posted'] });
}

const journalSchema = z.object({
	posts: z.array(z.object({ platformPostId: z.string(), url: z.string() })),
	unexpected: z.array(z.unknown()),
});

it('posts every clip on every network, and none twice', () => {
	expect(report).toMatchObject({ failed: 0, duplicated: 0, problems: [] });
	expect(report.posted).toBeGreaterThanOrEqual(2);
	expect(report.posted % Object.keys(test.stack.sandbox).length).toBe(0);
});

it('has for each post the id and the address that the network has for it, and a page opens there', async () => {
	const posts = await postedPosts();
	for (const [network, baseUrl] of Object.entries(test.stack.sandbox)) {
		const answer = await request(`${baseUrl}/_sandbox/journal?network=${network}`);
		const journal = journalSchema.parse(await answer.body.json());
		const ours = posts.filter(({ platform }) => platform === network).map(({ live }) => live);
		expect(journal.posts.map(({ platformPostId, url }) => ({ platformPostId, url }))).toEqual(
			expect.arrayContaining(ours),
		);
		expect(journal.posts).toHaveLength(ours.length);
		expect(journal.unexpected).toEqual([]);
	}
	for (const { live } of posts) {
		const page = await request(live!.url);
		await page.body.dump();
		expect(page.statusCode).toBe(200);
	}
});

it('made clips that play from the first frame to the last', async () => {
	const paths = new Set((await postedPosts()).flatMap(({ media }) => media.map(({ ref }) => ref)));
	expect(paths.size).toBeGreaterThanOrEqual(1);
	for (const clip of paths) {
		expect((await probe(clip)).video).toMatchObject({ width: 1080, height: 1920 });
		await ffmpeg(['-xerror', '-i', clip, '-f', 'null', '-']);
	}
});

it('has numbers for every post', async () => {
	const { rows } = await pool.query<{ post_id: string }>('select distinct post_id from stackkraft.analytics');
	const measured = rows.map((row) => row.post_id).sort();
	expect(measured).toEqual((await postedPosts()).map(({ postId }) => postId).sort());
});

it('tells the story of a post by one command, with the database of the folder of the stack', async () => {
	const [post] = await postedPosts();
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--import', 'tsx', 'scripts/story.ts', post!.postId],
		{
			cwd: path.join(__dirname, '../..'),
			env: { PATH: process.env['PATH'], STACKKRAFT_DATA_FOLDER: test.stack.dataFolder },
			timeout: 100_000,
		},
	);
	expect(stdout).toContain(`post ${post!.postId}`);
	expect(stdout).toContain('publishing → posted');
});

const executionsSchema = z.object({
	data: z.array(z.object({ workflowId: z.string(), status: z.string() })),
});

it('left only runs that succeeded in n8n, of each workflow that had work', async () => {
	const answer = await request(`${test.stack.n8n.url}/api/v1/executions?limit=250`, {
		headers: { 'X-N8N-API-KEY': test.stack.n8n.apiKey },
	});
	const { data } = executionsSchema.parse(await answer.body.json());
	expect(data.filter(({ status }) => status !== 'success')).toEqual([]);
	for (const name of ['Content Extraction', 'Publisher', 'Hourly Analytics']) {
		const [workflow] = await test.api.listWorkflows(`StackKraft – ${name}`);
		expect(data.filter(({ workflowId }) => workflowId === workflow!.id).length).toBeGreaterThan(0);
	}
});

it('meets the posts of the first request when the same video is sent again', async () => {
	const before = (await postedPosts()).map(({ postId }) => postId).sort();
	const again = await mainJob();
	expect(again).toMatchObject({ posted: report.posted, failed: 0, duplicated: 0, problems: [] });
	expect((await postedPosts()).map(({ postId }) => postId).sort()).toEqual(before);
});
