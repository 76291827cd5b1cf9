// The imported workflows in a real n8n: what a person relies on when something goes wrong. The happy path with a
// real video is what `npm run demo` shows.
import { copyFile } from 'node:fs/promises';
import type { NatsConnection } from 'nats';
import type { Pool } from 'pg';
import { request } from 'undici';
import { z } from 'zod';
import { createPool, openPost } from '../../lib/database';
import { connectNats, publishMessage } from '../../lib/queue';
import { runWorkflow } from '../../scripts/demo/run-workflow';
import { waitFor } from '../../scripts/stack/wait-for';
import { readManifest } from '../../scripts/workflows/manifest';
import { videoWithoutSound } from '../support/media';
import { bootDeadlineMs, bootN8n, type TestStack } from '../support/n8n';

let test: TestStack;
let pool: Pool;
let nats: NatsConnection;

jest.setTimeout(300_000);

beforeAll(async () => {
	test = await bootN8n();
	pool = createPool({ connectionString: test.stack.postgresUrl });
	nats = await connectNats({
		servers: [test.stack.natsUrl],
		authentication: { kind: 'none' },
		name: 'workflow test',
	});
}, bootDeadlineMs);

afterAll(async () => {
	await nats?.close();
	await pool?.end();
	await test?.stop();
});

const alertSchema = z.object({
	title: z.string(),
	message: z.string(),
	severity: z.string(),
	occurrences: z.number(),
});

/** The alert with this title, once at least so many have been counted into it. */
async function alertNamed(title: string, occurrences = 1): Promise<z.infer<typeof alertSchema>> {
	const found = await waitFor(
		async () => {
			const { rows } = await pool.query('select * from stackkraft.alerts where title = $1', [title]);
			expect(rows.length).toBeLessThanOrEqual(1);
			const alert = rows[0] && alertSchema.parse(rows[0]);
			return alert && alert.occurrences >= occurrences ? alert : undefined;
		},
		{ deadlineMs: 90_000, pollMs: 200 },
	);
	if (!found) throw new Error(`nobody raised “${title}” ${occurrences} times`);
	return found;
}

async function send(subject: string, payload: string | object, messageId: string): Promise<void> {
	await publishMessage(nats, { subject, payload, messageId });
}

const journalSchema = z.object({ posts: z.array(z.looseObject({ platformPostId: z.string() })) });

async function publicPostsOnX(): Promise<string[]> {
	const answer = await request(`${test.stack.sandbox['x']}/_sandbox/journal?network=x`);
	return journalSchema.parse(await answer.body.json()).posts.map(({ platformPostId }) => platformPostId);
}

async function postedOnX(key: string): Promise<{ postId: string; platformPostId: string }> {
	const content = { text: `A text about ${key}` };
	const { post } = await openPost({
		pool,
		idempotencyKey: key,
		platform: 'x',
		accountId: 'main',
		content,
		scheduledAt: new Date(Date.now() - 3_600_000),
	});
	const { postId } = post;
	const message = { version: 1, postId, platform: 'x', accountId: 'main' };
	// Three messages with three ids: JetStream cannot know that they are one.
	for (const copy of ['a', 'b', 'c']) await send('content.publish.x.main', message, `${postId}-${copy}`);
	const found = await waitFor(
		async () => {
			const { rows } = await pool.query<{ state: string; platform_post_id: string }>(
				'select state, platform_post_id from stackkraft.posts where post_id = $1',
				[postId],
			);
			return rows[0]?.state === 'posted' ? rows[0].platform_post_id : undefined;
		},
		{ deadlineMs: 90_000, pollMs: 200 },
	);
	if (!found) throw new Error(`the post ${postId} was not posted`);
	return { postId, platformPostId: found };
}

it('publishes a post once although its message comes three times', async () => {
	const before = await publicPostsOnX();
	const { platformPostId } = await postedOnX('three messages');
	// Until the trigger has nothing left in work, a second post could still come.
	const manager = await nats.jetstreamManager();
	const isIdle = await waitFor(
		async () => {
			const { num_pending, num_ack_pending } = await manager.consumers.info('CONTENT_PUBLISH', 'publisher');
			return num_pending + num_ack_pending === 0 ? true : undefined;
		},
		{ deadlineMs: 60_000, pollMs: 200 },
	);
	expect(isIdle).toBe(true);
	const after = await publicPostsOnX();
	expect(after.filter((id) => !before.includes(id))).toEqual([platformPostId]);
});

it('keeps a message that is no JSON as a dead letter and tells a person, without a run of the extraction', async () => {
	await send('content.extract.unreadable', 'this is no JSON', 'unreadable');
	const { severity, message } = await alertNamed('Given up: content.extract.unreadable');
	expect(severity).toBe('warning');
	expect(message).toContain('poison');
});

it('puts a video that can never work aside at the first try, with what to do about it', async () => {
	const sourcePath = `${test.stack.mediaFolder}/no-sound.mp4`;
	await copyFile(await videoWithoutSound(), sourcePath);
	const targets = [{ platform: 'x', accountId: 'main' }];
	const message = { version: 1, requestId: 'no-sound', sourcePath, targets };
	await send('content.extract.no-sound', message, 'no-sound');
	const alert = await alertNamed('Given up: content.extract.no-sound');
	expect(alert.message).toMatch(/^validation after 1 attempt/);
	expect(alert.message).toMatch(/subtitle/);
});

it('raises one alert, with what to do about it, for a workflow that fails twice', async () => {
	const extraction = (await readManifest()).workflows.find(({ slug }) => slug === 'content-extraction')!;
	const targets = [{ platform: 'x', accountId: 'main' }];
	const sourcePath = `${test.stack.mediaFolder}/not-there.mp4`;
	for (const requestId of ['gone-1', 'gone-2']) {
		await send('content.extract.gone', { version: 1, requestId, sourcePath, targets }, requestId);
	}
	const alert = await alertNamed(`Workflow failed: ${extraction.name}`, 2);
	expect(alert).toMatchObject({ severity: 'critical' });
	expect(alert.message).toContain('not-there.mp4');
	expect(alert.message).toContain('Check the path');
});

it('saves numbers of a posted post, and raises an alert when the network gives none', async () => {
	const { stack } = test;
	const analytics = (await readManifest()).workflows.find(({ slug }) => slug === 'hourly-analytics')!;
	const run = { workflow: analytics.name, trigger: 'Every Hour', deadlineMs: 60_000 };
	// Before there is the post: n8n's own clock may start a run at any moment.
	const fault = {
		kind: 'status',
		status: 503,
		network: 'x',
		method: 'GET',
		pathPattern: '^/2/tweets',
		times: 20,
	};
	await tellSandbox({ add: fault });
	const { postId } = await postedOnX('numbers');
	const snapshots = async () => {
		const text = 'select views from stackkraft.analytics where post_id = $1';
		return (await pool.query<{ views: unknown }>(text, [postId])).rows;
	};
	await runWorkflow(stack, run, AbortSignal.timeout(90_000));
	expect((await alertNamed('No numbers from x')).message).toMatch(/503/);
	expect(await snapshots()).toEqual([]);
	await tellSandbox({ clear: true });
	await runWorkflow(stack, run, AbortSignal.timeout(90_000));
	expect(await snapshots()).toHaveLength(1);
	// The same hour again: corrected, not added.
	await runWorkflow(stack, run, AbortSignal.timeout(90_000));
	expect(await snapshots()).toHaveLength(1);
});

async function tellSandbox(body: object): Promise<void> {
	const answer = await request(`${test.stack.sandbox['x']}/_sandbox/faults`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	expect(answer.statusCode).toBe(200);
	await answer.body.dump();
}
