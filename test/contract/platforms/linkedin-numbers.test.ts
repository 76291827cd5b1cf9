// The numbers of LinkedIn (facts 5.7): all sources of a page and of a member, and what happens without the rights.
import { linkedInAdapter } from '../../../lib/platforms/linkedin/adapter';
import type { AdapterContext, PostMetrics } from '../../../lib/publishing/adapter';
import type { PostContent } from '../../../lib/publishing/post';
import { publishPost } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { World } from './world';

const linkedIn = networks.find(({ name }) => name === 'linkedin')!;
const number = expect.any(Number) as number;

describe('the numbers of LinkedIn', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(linkedIn);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	async function post(words: string, kind: 'text' | 'video', content?: PostContent): Promise<string> {
		const job = world.job({ words, withoutMedia: kind === 'text' });
		const draft = content ? { ...job.draft, content } : job.draft;
		return (await publishPost({ ...job, draft })).live.platformPostId;
	}

	const wait = async (): Promise<void> => world.clock.sleep(3_600_000, new AbortController().signal);

	async function numbersOf(
		ids: readonly string[],
		context?: AdapterContext,
	): Promise<readonly PostMetrics[]> {
		return await linkedInAdapter.metrics(context ?? world.context(), ids);
	}

	it('reads those of a page in one call for all posts, and four more for a video', async () => {
		const ids = [await post('One', 'text'), await post('Two', 'text'), await post('Three', 'video')];
		await wait();
		const found = await numbersOf(ids);
		expect(found.map(({ platformPostId }) => platformPostId).sort()).toEqual([...ids].sort());
		const said = { likes: number, comments: number, shares: number, clicks: number, reach: number };
		const never = { saves: null };
		const text = { ...said, ...never, impressions: number, views: null, watchTimeSeconds: null };
		expect(found.map(({ metrics }) => metrics)).toEqual([
			text,
			text,
			{ ...text, views: number, watchTimeSeconds: number },
		]);
		expect(found[2]?.raw).toMatchObject({
			statistics: { totalShareStatistics: { engagement: number } },
			video: {
				VIDEO_VIEW: { value: number },
				VIEWER: {},
				TIME_WATCHED: {},
				TIME_WATCHED_FOR_VIDEO_VIEWS: {},
			},
		});
		expect(world.requests('GET', /organizationalEntityShareStatistics/)).toBe(1);
		expect(world.requests('GET', /videoAnalytics/)).toBe(4);
	});

	it('gives watch time in seconds, though LinkedIn counts milliseconds', async () => {
		const id = await post('Watched', 'video');
		await wait();
		const [found] = await numbersOf([id]);
		// The sandbox lets everybody watch for seven seconds.
		expect(found?.metrics.watchTimeSeconds).toBe((found?.metrics.views ?? 0) * 7);
	});

	it('gives the rest when the numbers of a video are refused', async () => {
		const id = await post('Refused', 'video');
		await wait();
		world.sandbox.faults.add({
			kind: 'status',
			status: 403,
			times: 'always',
			pathPattern: '/videoAnalytics',
		});
		const [found] = await numbersOf([id]);
		expect(found?.metrics).toMatchObject({ impressions: number, views: null, watchTimeSeconds: null });
	});

	it('gives null, never 0, for what LinkedIn leaves out of its answer', async () => {
		const id = await post('Unseen', 'text');
		const [found] = await numbersOf([id]);
		expect(found?.metrics).toMatchObject({ impressions: null, reach: null, clicks: null, shares: null });
		expect(found?.raw).toMatchObject({ statistics: null });
	});

	describe('of a member', () => {
		const asMember = { text: 'Mine' };

		it('are one call each, whichever of its two shapes the type has', async () => {
			const id = await post('Mine', 'text', asMember);
			await wait();
			const [found] = await numbersOf([id]);
			expect(found?.metrics).toEqual({
				views: null,
				watchTimeSeconds: null,
				likes: number,
				comments: number,
				shares: number,
				saves: number,
				clicks: number,
				reach: number,
				impressions: number,
			});
			expect(Object.keys(found?.raw as object)).toEqual([
				'IMPRESSION',
				'MEMBERS_REACHED',
				'RESHARE',
				'REACTION',
				'COMMENT',
				'POST_SAVE',
				'POST_SEND',
				'LINK_CLICKS',
				'PREMIUM_CTA_CLICKS',
				'FOLLOWER_GAINED_FROM_CONTENT',
				'PROFILE_VIEW_FROM_CONTENT',
			]);
			expect(world.requests('GET', /memberCreatorPostAnalytics/)).toBe(11);
			expect(world.requests('GET', /memberCreatorVideoAnalytics/)).toBe(0);
		});

		it('hold views and watch time of a video', async () => {
			const id = await post('Mine', 'video', asMember);
			await wait();
			const [found] = await numbersOf([id]);
			expect(found?.metrics).toMatchObject({ views: number, watchTimeSeconds: number });
		});

		it('are null for what an older version does not know', async () => {
			world.sandbox.linkedin.configure({ oldestVersion: '202512' });
			const id = await post('Mine', 'text', asMember);
			await wait();
			const [found] = await numbersOf([id], { ...world.context(), apiVersion: '202603' });
			expect(found?.metrics).toMatchObject({ saves: null, clicks: null, impressions: number });
		});

		it('are likes and comments at least when the app may not read analytics', async () => {
			const id = await post('Mine', 'text', asMember);
			await wait();
			const { accessToken } = world.sandbox.linkedin.issueTokens({
				account: 'tester',
				scopes: ['openid', 'profile', 'w_member_social'],
			});
			const authorizer = { getToken: async () => accessToken, refreshToken: async () => accessToken };
			const context = { ...world.context(), authorizer };
			const [found] = await numbersOf([id], context);
			expect(found?.metrics).toMatchObject({ likes: number, comments: number, impressions: null });
			const social = {
				kind: 'status',
				status: 403,
				reason: 'ACCESS_DENIED',
				pathPattern: '/socialActions/',
			} as const;
			world.sandbox.faults.add(social);
			await expect(numbersOf([id], context)).rejects.toMatchObject({ class: 'auth', code: 'ACCESS_DENIED' });
		});

		it('are left out for a post that is gone', async () => {
			expect(await numbersOf(['urn:li:share:1', 'urn:li:ugcPost:2'])).toEqual([]);
		});
	});

	it('tells a wrong id from a post that is gone', async () => {
		await expect(linkedInAdapter.status(world.context(), '12345')).rejects.toMatchObject({
			class: 'validation',
			remedy: expect.stringContaining('urn:li:share:'),
		});
	});
});
