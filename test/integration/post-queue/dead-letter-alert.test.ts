// From the alert of a post that was given up, a person gets to the post's story.
import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { claimPost, createPosts, PostgresJournal } from '../../../lib/database';
import { readPostStory } from '../../../lib/database/post-story';
import { PostQueue } from '../../../nodes/PostQueue/PostQueue.node';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { makeClip, openTestPool, type TestPool } from '../database/support';
import { alertOfDeadLetter } from './alert-of-workflow';
import { credentialOf, runNode } from './fake-context';

let database: TestPool;
beforeAll(async () => {
	database = await openTestPool();
});
afterAll(async () => {
	await closePostgresPools();
	await database.close();
});

async function queue(operation: string, parameters: IDataObject): Promise<IDataObject> {
	const [items = []] = await runNode({
		node: new PostQueue(),
		parameters: { resource: 'queue', operation, ...parameters },
		credentials: { stackKraftPostgresApi: credentialOf(database.url) },
	});
	return items[0]?.json ?? {};
}

/** As the workflow does it: what the letter says is written down, and what comes out of that raises the alert. */
async function alertAbout(postId?: string): Promise<IDataObject | null> {
	const letter = {
		version: 1,
		subject: `content.publish.x.${randomUUID()}`,
		payload: '{}',
		headers: {},
		errorClass: 'poison',
		reason: 'The message cannot be read.',
		attempts: 3,
		failedAt: new Date().toISOString(),
		...(postId && { postId }),
	};
	const recorded = await queue('recordDeadLetter', { deadLetter: letter });
	const alert = await alertOfDeadLetter(recorded);
	return alert && (await queue('raiseAlert', alert));
}

async function plannedPost(): Promise<string> {
	const targets = [{ platform: 'x' as const, accountId: 'main' }];
	const { posts } = await createPosts({
		pool: database.pool,
		requestId: randomUUID(),
		clips: [makeClip()],
		targets,
	});
	return posts[0]?.post.postId ?? '';
}

async function failedPost(): Promise<string> {
	const { pool } = database;
	const postId = await plannedPost();
	const claim = await claimPost({ pool, postId, leaseMs: 60_000 });
	if (!claim.claimed) throw new Error('Nobody else claims it.');
	const journal = new PostgresJournal({ pool, postId, epoch: claim.post.epoch });
	await journal.recordDecision({ kind: 'failed', error: { class: 'validation', message: 'Too long.' } });
	return postId;
}

it('names the post in the alert, with the command that tells its story, and the alert is part of that story', async () => {
	const { pool } = database;
	const postId = await failedPost();
	const alert = await alertAbout(postId);
	expect(alert).toMatchObject({ details: { postId, errorClass: 'poison', attempts: 3 } });
	expect(String(alert?.['message']).split('\n')).toEqual([
		'poison after 3 attempts: The message cannot be read.',
		`The story of the post: npx n8n-nodes-stackkraft story ${postId}`,
	]);
	expect((await readPostStory(pool, postId)).lines.map(({ kind }) => kind)).toContain('alert');
});

it('says no more than there is when the message was about no post', async () => {
	const alert = await alertAbout();
	expect(alert).toMatchObject({ details: { postId: null, errorClass: 'poison' } });
	expect(alert?.['message']).toBe('poison after 3 attempts: The message cannot be read.');
});

it('calls nobody for a post that goes on by itself', async () => {
	expect(await alertAbout(await plannedPost())).toBeNull();
});
