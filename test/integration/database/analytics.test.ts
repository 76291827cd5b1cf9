import {
	engagementRate,
	listSnapshots,
	postsDueForMetrics,
	PostgresJournal,
	raiseAlert,
	saveMetrics,
} from '../../../lib/database';
import type { Metrics } from '../../../lib/publishing/adapter';
import { claimed, openTestPool, type TestPool } from './support';

const silent: Metrics = {
	views: null,
	likes: null,
	comments: null,
	shares: null,
	saves: null,
	clicks: null,
	watchTimeSeconds: null,
	reach: null,
	impressions: null,
};

describe('numbers of posts', () => {
	let database: TestPool;
	beforeEach(async () => {
		database = await openTestPool();
	});
	afterEach(() => database.close());

	async function posted(platformPostId: string): Promise<string> {
		const { postId, epoch } = await claimed(database.pool);
		const journal = new PostgresJournal({ pool: database.pool, postId, epoch });
		await journal.recordLive({ platformPostId, url: `https://a/${platformPostId}` });
		return postId;
	}

	it('keeps one snapshot per post and hour, corrected by the later sync', async () => {
		const { pool } = database;
		const postId = await posted('a');
		const fetchedAt = new Date('2030-01-01T10:10:00Z');
		const post = { platform: 'youtube', platformPostId: 'a' } as const;
		await saveMetrics(pool, { post, metrics: { ...silent, views: 10 }, raw: {}, fetchedAt });
		const later = new Date('2030-01-01T10:59:00Z');
		const metrics = { ...silent, views: 3_000_000_000, likes: 30, watchTimeSeconds: 1.6 };
		await saveMetrics(pool, { post: { postId }, metrics, raw: { text: 'nul \u0000' }, fetchedAt: later });
		await saveMetrics(pool, {
			post: { postId },
			metrics: silent,
			raw: {},
			fetchedAt: new Date('2030-01-01T11:00:00Z'),
		});
		const [newest, oldest, ...more] = await listSnapshots(pool, { postId });
		expect(more).toEqual([]);
		expect(oldest).toMatchObject({
			fetchedAt: later,
			hourSlot: new Date('2030-01-01T10:00:00Z'),
			metrics: { views: 3_000_000_000, likes: 30, watchTimeSeconds: 2, comments: null },
		});
		expect(newest).toMatchObject({ metrics: silent, engagementRate: null });
	});

	it('does not make a number of what a network does not say', () => {
		expect(engagementRate(silent)).toBeNull();
		expect(engagementRate({ ...silent, views: 0, likes: 1 })).toBeNull();
		expect(engagementRate({ ...silent, views: 100 })).toBeNull();
		expect(engagementRate({ ...silent, views: 100, likes: 0 })).toBe(0);
		expect(engagementRate({ ...silent, impressions: 200, likes: 3, saves: 1 })).toBe(0.02);
		expect(engagementRate({ ...silent, views: 1, likes: 1e6 })).toBe(999);
	});

	it('refuses numbers of a post that it does not know', async () => {
		const post = { platform: 'x', platformPostId: 'nobody' } as const;
		await expect(saveMetrics(database.pool, { post, metrics: silent, raw: {} })).rejects.toMatchObject({
			code: 'unknown-post',
		});
	});

	it('asks for each due post once, in batches that the network takes, of one account each', async () => {
		const { pool } = database;
		const ids = [];
		for (let index = 0; index < 5; index++) ids.push(await posted(`p${index}`));
		await claimed(pool);
		await pool.query(`insert into stackkraft.accounts (platform, account_id) values ('youtube', 'second')`);
		await pool.query(`update stackkraft.posts set account_id = 'second' where platform_post_id = 'p4'`);
		const batches = await postsDueForMetrics(pool, { batchSizeOf: () => 3 });
		expect(batches.map(({ accountId, platformPostIds }) => [accountId, platformPostIds.length])).toEqual([
			['main', 3],
			['main', 1],
			['second', 1],
		]);
		expect(batches.flatMap(({ postIds }) => postIds).sort()).toEqual([...ids].sort());
		await saveMetrics(pool, { post: { postId: ids[0]! }, metrics: silent, raw: {} });
		const left = await postsDueForMetrics(pool, { batchSizeOf: () => 50 });
		expect(left.flatMap(({ postIds }) => postIds)).not.toContain(ids[0]);
		expect(await postsDueForMetrics(pool, { batchSizeOf: () => 50, platforms: ['x'] })).toEqual([]);
	});

	it('counts the same open trouble instead of telling it again', async () => {
		const { pool } = database;
		const alert = { severity: 'warning', title: 'NATS is away' } as const;
		const answers = await Promise.all([1, 2, 3].map(() => raiseAlert(pool, alert)));
		expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
		await pool.query('update stackkraft.alerts set resolved_at = now()');
		expect(await raiseAlert(pool, alert)).toMatchObject({ isNew: true, occurrences: 1 });
	});
});
