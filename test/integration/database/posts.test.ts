import { randomUUID } from 'node:crypto';
import {
	cancelPost,
	createPosts,
	getPost,
	listPosts,
	openPost,
	PostgresJournal,
	redriveMany,
	redrivePost,
	relayOutbox,
	reschedulePost,
	setAccountEnabled,
} from '../../../lib/database';
import {
	anHourAgo,
	claimAgain,
	claimed,
	inAnHour,
	makeClip,
	openTestPool,
	openWakeUps,
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

	it('never calls a post cancelled or put off that may be public, until a person was asked to look', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		const journal = new PostgresJournal({ pool, postId, epoch });
		await journal.armCommit({ armedAt: anHourAgo(), checks: 0 });
		await journal.recordDecision({ kind: 'failed', error: { class: 'unknown', message: 'no answer' } });
		await redrivePost(pool, postId);
		const mayBePublic = { code: 'wrong-state', message: expect.stringMatching(/may be public/) };
		for (const state of ['pending', 'queued']) {
			await expect(cancelPost(pool, postId, '')).rejects.toMatchObject(mayBePublic);
			await expect(reschedulePost(pool, postId, inAnHour())).rejects.toMatchObject(mayBePublic);
			expect(await stateOf(pool, postId)).toBe(state);
			await relayOutbox({ pool, publish: async () => undefined });
		}
		const again = await claimAgain(pool, postId);
		await new PostgresJournal({ pool, postId, epoch: again.epoch }).recordDecision({
			kind: 'failed',
			error: { class: 'unknown', message: 'nobody may look' },
		});
		expect(await cancelPost(pool, postId, 'looked: not there')).toMatchObject({
			state: 'cancelled',
			isOutcomeOpen: true,
		});
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
