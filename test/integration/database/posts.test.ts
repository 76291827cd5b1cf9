import { randomUUID } from 'node:crypto';
import {
	cancelPost,
	createPosts,
	getPost,
	listPosts,
	openPost,
	PostgresJournal,
	recordDeadLetter,
	redriveMany,
	redrivePost,
	reschedulePost,
	setAccountEnabled,
} from '../../../lib/database';
import type { DeadLetter } from '../../../lib/queue/messages';
import {
	anHourAgo,
	claimAgain,
	claimed,
	endLease,
	inAnHour,
	makeClip,
	openTestPool,
	openWakeUps,
	plannedPost,
	stateOf,
	type TestPool,
} from './support';

const targets = [
	{ platform: 'youtube', accountId: 'main', options: { privacyStatus: 'public' } },
	{ platform: 'x', accountId: 'main' },
] as const;

describe('planning posts', () => {
	let database: TestPool;
	beforeAll(async () => {
		database = await openTestPool();
	});
	afterAll(() => database.close());

	it('plans each clip on each account, spaced, with the words of the clip', async () => {
		const { pool } = database;
		const startAt = new Date('2030-01-01T10:00:00Z');
		const clips = [makeClip(), makeClip()];
		const { posts, created } = await createPosts({
			pool,
			requestId: randomUUID(),
			clips,
			targets,
			startAt,
			spacingMinutes: 90,
		});
		expect(created).toBe(4);
		const second = posts.filter(({ post }) => post.clipId === clips[1]!.clipId);
		expect(second.map(({ post }) => post.scheduledAt.toISOString())).toEqual(
			Array.from({ length: 2 }, () => '2030-01-01T11:30:00.000Z'),
		);
		expect(posts.find(({ post }) => post.platform === 'youtube')?.post.content).toEqual({
			title: 'A title',
			description: 'Said at length',
			text: 'Said in short',
			tags: ['go'],
			options: { privacyStatus: 'public' },
		});
	});

	it('gives the same posts when the same request comes twice, also at the same moment', async () => {
		const { pool } = database;
		const request = { pool, requestId: randomUUID(), clips: [makeClip(), makeClip(), makeClip()], targets };
		const answers = await Promise.all([
			createPosts(request),
			createPosts({ ...request, clips: [...request.clips].reverse() }),
			createPosts(request),
		]);
		expect(answers.reduce((sum, { created }) => sum + created, 0)).toBe(6);
		const ids = answers.map(({ posts }) => posts.map(({ post }) => post.postId).sort());
		expect(ids[1]).toEqual(ids[0]);
		expect(ids[2]).toEqual(ids[0]);
		for (const postId of ids[0]!) expect(await openWakeUps(pool, postId)).toBe(1);
	});

	it('posts a clip to an account once per slot, whatever the request is called', async () => {
		const { pool } = database;
		const clips = [makeClip()];
		const first = await createPosts({ pool, requestId: randomUUID(), clips, targets });
		const again = await createPosts({ pool, requestId: randomUUID(), clips, targets });
		expect(again).toMatchObject({ created: 0, existing: 2 });
		expect(again.posts[0]!.post.postId).toBe(first.posts[0]!.post.postId);
		const onPurpose = await createPosts({ pool, requestId: randomUUID(), clips, targets, slot: 'rerun' });
		expect(onPurpose.created).toBe(2);
	});

	it('refuses a known key with other content, and plans nothing of that request', async () => {
		const { pool } = database;
		const requestId = randomUUID();
		const clip = makeClip();
		await createPosts({ pool, requestId, clips: [clip], targets });
		const changed = { ...clip, suggestions: { ...clip.suggestions, title: 'Another title' } };
		const other = makeClip({ clipId: `a-${randomUUID()}` });
		await expect(createPosts({ pool, requestId, clips: [other, changed], targets })).rejects.toMatchObject({
			code: 'idempotency-conflict',
		});
		const { rows } = await pool.query('select 1 from stackkraft.posts where clip_id = $1', [other.clipId]);
		expect(rows).toEqual([]);
	});

	it('does not take the order of keys for other content', async () => {
		const { pool } = database;
		const post = { pool, idempotencyKey: randomUUID(), platform: 'x', accountId: 'main' } as const;
		const first = await openPost({ ...post, content: { text: 'a', options: { left: 1, right: 2 } } });
		const again = await openPost({ ...post, content: { options: { right: 2, left: 1 }, text: 'a' } });
		expect(again).toMatchObject({ isNew: false, post: { postId: first.post.postId } });
	});

	it('refuses an account that is switched off', async () => {
		const { pool } = database;
		await setAccountEnabled(pool, { platform: 'x', accountId: 'off' }, false);
		const request = { pool, requestId: randomUUID(), clips: [makeClip()] };
		await expect(
			createPosts({ ...request, targets: [{ platform: 'x', accountId: 'off' }] }),
		).rejects.toMatchObject({ code: 'wrong-state' });
	});

	it('keeps words that PostgreSQL cannot store as they came', async () => {
		const { pool } = database;
		const clip = makeClip({ title: 'nul \u0000 and half \ud83d', transcript: '\udc00' });
		const { posts } = await createPosts({
			pool,
			requestId: randomUUID(),
			clips: [{ ...clip, suggestions: { title: 'nul \u0000', hashtags: ['#\ud800'] } }],
			targets: [targets[1]],
		});
		expect(posts[0]!.post.content).toMatchObject({ title: 'nul \ufffd', tags: ['\ufffd'] });
	});
});

describe('what people do with posts', () => {
	let database: TestPool;
	beforeAll(async () => {
		database = await openTestPool();
	});
	afterAll(() => database.close());

	it('never takes back a post that somebody works on', async () => {
		const { pool } = database;
		const { postId } = await claimed(pool);
		await expect(cancelPost(pool, postId, '')).rejects.toMatchObject({ code: 'wrong-state' });
		await expect(reschedulePost(pool, postId, inAnHour())).rejects.toMatchObject({ code: 'wrong-state' });
		await expect(redrivePost(pool, postId)).rejects.toMatchObject({ code: 'wrong-state' });
		await expect(cancelPost(pool, randomUUID(), '')).rejects.toMatchObject({ code: 'not-found' });
	});

	it('redrives a failed post whose call may have worked with its mark and handle, so that it is looked up first', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		const journal = new PostgresJournal({ pool, postId, epoch });
		await journal.markUploaded({ id: 'far' });
		await journal.armCommit({ armedAt: anHourAgo(), checks: 0 });
		await journal.countCheck();
		await journal.recordDecision({ kind: 'failed', error: { class: 'unknown', message: 'no answer' } });
		await redrivePost(pool, postId);
		expect(await openWakeUps(pool, postId)).toBe(1);
		const { progress, retryCount } = await claimAgain(pool, postId);
		expect(retryCount).toBe(0);
		expect(progress).toMatchObject({ handle: { id: 'far' }, isUploaded: true, commitIntent: { checks: 0 } });
	});

	it('redrives a post that the network refused from the start', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		const journal = new PostgresJournal({ pool, postId, epoch });
		await journal.markUploaded({ id: 'refused' });
		await journal.recordDecision({ kind: 'failed', error: { class: 'rejected', message: 'no' } });
		expect(await redriveMany(pool, [postId, postId, randomUUID()])).toHaveLength(1);
		expect((await claimAgain(pool, postId)).progress).toMatchObject({ handle: null, isUploaded: false });
	});

	it('fails a post whose message was given up, unless it went on since', async () => {
		const { pool } = database;
		const letter = (postId: string, failedAt = new Date(Date.now() + 1_000)): DeadLetter => ({
			version: 1,
			subject: 'content.publish.x.main',
			payload: '{"half": \u0000',
			headers: {},
			errorClass: 'retries-exhausted',
			reason: 'the workflow failed 8 times',
			attempts: 8,
			failedAt: failedAt.toISOString(),
			postId,
		});
		const waiting = await plannedPost(pool);
		const first = letter(waiting.postId);
		expect(await recordDeadLetter(pool, first)).toMatchObject({ isNew: true, post: { state: 'failed' } });
		expect(await recordDeadLetter(pool, first)).toMatchObject({ isNew: false });
		expect(await openWakeUps(pool, waiting.postId)).toBe(0);

		const busy = await claimed(pool);
		await recordDeadLetter(pool, letter(busy.postId));
		expect(await stateOf(pool, busy.postId)).toBe('publishing');
		await endLease(pool, busy.postId);
		await recordDeadLetter(pool, letter(busy.postId, new Date(Date.now() - 60_000)));
		expect(await stateOf(pool, busy.postId)).toBe('publishing');
		expect(await recordDeadLetter(pool, letter(randomUUID()))).toEqual({ isNew: true, post: null });
	});

	it('lists by state, network, account and request', async () => {
		const { pool } = database;
		const requestId = randomUUID();
		await createPosts({ pool, requestId, clips: [makeClip(), makeClip()], targets });
		const found = await listPosts(pool, {
			requestId,
			platforms: ['x'],
			states: ['pending'],
			accountId: 'main',
		});
		expect(found).toHaveLength(2);
		expect(await getPost(pool, found[0]!.postId)).toEqual(found[0]);
		expect(await listPosts(pool, { requestId, limit: 3 })).toHaveLength(3);
	});
});
