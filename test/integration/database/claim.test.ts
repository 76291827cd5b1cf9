import { randomUUID } from 'node:crypto';
import { claimPost, deferClaim, listPostEvents, PostgresJournal } from '../../../lib/database';
import { LostClaimError } from '../../../lib/publishing/errors';
import {
	claimAgain,
	claimed,
	endLease,
	inAnHour,
	makeDue,
	openTestPool,
	openWakeUps,
	plannedPost,
	stateOf,
	type TestPool,
} from './support';

const networkError = { class: 'network', message: 'cut' } as const;

describe('claim', () => {
	let database: TestPool;
	beforeAll(async () => {
		database = await openTestPool(24);
	});
	afterAll(() => database.close());

	it('lets exactly one of many workers that ask at once have the post', async () => {
		const { postId } = await plannedPost(database.pool);
		const results = await Promise.all(
			Array.from({ length: 20 }, () => claimPost({ pool: database.pool, postId, leaseMs: 60_000 })),
		);
		expect(results.filter((result) => result.claimed)).toHaveLength(1);
		expect(results.filter((result) => !result.claimed && result.reason === 'busy')).toHaveLength(19);
	});

	it('says why a post cannot be claimed', async () => {
		const { pool } = database;
		const reasonOf = async (postId: string): Promise<string> => {
			const result = await claimPost({ pool, postId, leaseMs: 60_000 });
			return result.claimed ? 'claimed' : result.reason;
		};
		expect(await reasonOf(randomUUID())).toBe('not-found');
		expect(await reasonOf((await plannedPost(pool, inAnHour())).postId)).toBe('not-due');
		const { postId, epoch } = await claimed(pool);
		expect(await reasonOf(postId)).toBe('busy');
		await new PostgresJournal({ pool, postId, epoch }).recordLive({
			platformPostId: postId,
			url: 'https://a/b',
		});
		expect(await reasonOf(postId)).toBe('posted');
	});

	it('refuses every write of a worker whose lease was taken over', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		const late = new PostgresJournal({ pool, postId, epoch });
		await late.saveHandle({ id: 'first' });
		await endLease(pool, postId);
		const taken = await claimAgain(pool, postId);
		expect(taken.epoch).toBe(epoch + 1);
		expect(taken.progress.handle).toEqual({ id: 'first' });

		const writes = [
			() => late.load(),
			() => late.saveHandle({ id: 'late' }),
			() => late.markUploaded({ id: 'late' }),
			() => late.armCommit({ armedAt: new Date(), checks: 0 }),
			() => late.disarmCommit(),
			() => late.countCheck(),
			() => late.dropHandle(),
			() => late.recordLive({ platformPostId: 'late', url: 'https://late' }),
			() => late.note('late', {}),
			() => late.recordDecision({ kind: 'failed', error: networkError }),
			() => late.keepAlive(),
		];
		for (const write of writes) await expect(write()).rejects.toBeInstanceOf(LostClaimError);
		const { progress } = { progress: await new PostgresJournal({ pool, postId, epoch: taken.epoch }).load() };
		expect(progress).toEqual(taken.progress);
		expect(await stateOf(pool, postId)).toBe('publishing');
	});

	it('refuses to arm the irreversible call when the lease is over, even if nobody took over', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		await endLease(pool, postId);
		const journal = new PostgresJournal({ pool, postId, epoch });
		await expect(journal.armCommit({ armedAt: new Date(), checks: 0 })).rejects.toBeInstanceOf(
			LostClaimError,
		);
		await journal.keepAlive();
		await journal.armCommit({ armedAt: new Date(), checks: 0 });
	});

	it('refuses to arm twice: the first call has no known outcome', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		const journal = new PostgresJournal({ pool, postId, epoch });
		await journal.armCommit({ armedAt: new Date(), checks: 0 });
		await expect(journal.armCommit({ armedAt: new Date(), checks: 0 })).rejects.toBeInstanceOf(
			LostClaimError,
		);
		await journal.disarmCommit();
		await journal.armCommit({ armedAt: new Date(), checks: 0 });
	});

	it('hands an armed post of a dead worker to a reader, as unknown', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		const armedAt = new Date('2026-05-05T05:05:05.005Z');
		await new PostgresJournal({ pool, postId, epoch }).armCommit({ armedAt, checks: 0 });
		await endLease(pool, postId);
		const reader = await claimAgain(pool, postId);
		expect(reader.progress.commitIntent).toEqual({ armedAt, checks: 0 });
		expect(await stateOf(pool, postId)).toBe('unknown');
	});

	it('never calls a post pending while an armed call has no known outcome', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		const journal = new PostgresJournal({ pool, postId, epoch });
		await journal.armCommit({ armedAt: new Date(), checks: 0 });
		await journal.recordDecision({ kind: 'wait', at: inAnHour(), countsAsRetry: true, error: networkError });
		expect(await stateOf(pool, postId)).toBe('unknown');
		const answer = await claimPost({ pool, postId, leaseMs: 60_000 });
		expect(answer).toMatchObject({ claimed: false, reason: 'not-due' });
		await makeDue(pool, postId);
		expect((await claimAgain(pool, postId)).progress.commitIntent).not.toBeNull();
	});

	it('writes the wake-up of a deferred post with the deferral, and charges no retry', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		const until = inAnHour();
		const post = await deferClaim({ pool, postId, epoch, until, reason: 'window full' });
		expect(post).toMatchObject({ state: 'pending', retryCount: 0, leaseExpiresAt: null });
		expect(post.nextAttemptAt).toEqual(until);
		expect(await openWakeUps(pool, postId)).toBe(1);
		await expect(deferClaim({ pool, postId, epoch, until, reason: 'again' })).rejects.toBeInstanceOf(
			LostClaimError,
		);
	});

	it('puts a failed post into the dead letters in the same transaction', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		await new PostgresJournal({ pool, postId, epoch }).recordDecision({
			kind: 'failed',
			error: { class: 'validation', message: 'too \u0000long \ud800' },
		});
		const { rows } = await pool.query(
			`select subject, payload from stackkraft.outbox where post_id = $1 and kind = 'dead-letter'`,
			[postId],
		);
		expect(rows).toEqual([
			{
				subject: 'content.dead.publish',
				payload: expect.objectContaining({
					postId,
					errorClass: 'validation',
					subject: 'content.publish.youtube.main',
				}),
			},
		]);
	});

	it('tells every change of state with the epoch that made it', async () => {
		const { pool } = database;
		const { postId, epoch } = await claimed(pool);
		const journal = new PostgresJournal({ pool, postId, epoch });
		await journal.note('looked', { at: 'home' });
		await journal.armCommit({ armedAt: new Date(), checks: 0 });
		await journal.recordLive({ platformPostId: `id-${postId}`, url: 'https://a/c' });
		const story = await listPostEvents(pool, postId);
		expect(story.map(({ event, fromState, toState, epoch: at }) => [event, fromState, toState, at])).toEqual([
			['created', null, 'pending', 0],
			['claimed', 'pending', 'publishing', 1],
			['looked', null, null, 1],
			['commit-armed', null, null, 1],
			['state-changed', 'publishing', 'posted', 1],
		]);
	});
});
