// The numbers of Facebook (facts 6.6): sets that differ by the kind of post, and metrics that are gone one day.
import { facebookAdapter } from '../../../lib/platforms/facebook/adapter';
import type { PostMetrics } from '../../../lib/publishing/adapter';
import { publishPost } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { World } from './world';

const facebook = networks.find(({ name }) => name === 'facebook')!;
const signal = new AbortController().signal;
const number = expect.any(Number) as number;

describe('the numbers of Facebook', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(facebook);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	async function post(videoType: 'reel' | 'video'): Promise<string> {
		const job = world.job();
		const content = { ...job.draft.content, options: { videoType } };
		const { live } = await publishPost({ ...job, draft: { ...job.draft, content } });
		await world.clock.sleep(3_600_000, signal);
		return live.platformPostId;
	}

	async function numbersOf(platformPostId: string): Promise<PostMetrics> {
		const [found] = await facebookAdapter.metrics(world.context(), [platformPostId]);
		expect(found?.platformPostId).toBe(platformPostId);
		return found!;
	}

	it.each([
		[
			'reel',
			[
				'blue_reels_play_count',
				'fb_reels_replay_count',
				'fb_reels_total_plays',
				'post_video_avg_time_watched',
				'post_video_followers',
				'post_video_likes_by_reaction_type',
				'post_video_retention_graph',
				'post_video_social_actions',
				'post_video_view_time',
			],
		],
		[
			'video',
			[
				'total_video_10s_views',
				'total_video_15s_views',
				'total_video_30s_views',
				'total_video_avg_time_watched',
				'total_video_complete_views',
				'total_video_reactions_by_type_total',
				'total_video_retention_graph',
				'total_video_view_total_time',
				'total_video_views',
				'total_video_views_autoplayed',
				'total_video_views_clicked_to_play',
				'total_video_views_sound_on',
				'total_video_views_unique',
			],
		],
	] as const)('hold everything that the facts name of a %s', async (videoType, names) => {
		const { raw, metrics } = await numbersOf(await post(videoType));
		const { videoInsights, insights } = raw as Record<string, object>;
		expect(Object.keys(videoInsights!).sort()).toEqual(names);
		expect(Object.keys(insights!).sort()).toEqual([
			'post_activity_by_action_type',
			'post_clicks',
			'post_clicks_by_type',
			'post_media_view',
			'post_reactions_by_type_total',
			'post_total_media_view_unique',
			'post_video_views',
		]);
		expect(metrics).toMatchObject({ views: number, watchTimeSeconds: number, shares: number });
	});

	// The Graph leaves `shares` out when nobody shared, and as good as nobody does in a post's first second.
	it.each(['reel', 'video'] as const)('say 0, not unknown, of a %s that nobody shared', async (videoType) => {
		const id = await post(videoType);
		world.sandbox.clock.setTo(new Date(Date.parse(world.posts()[0]!.createdAt) + 1000));
		const { raw, metrics } = await numbersOf(id);
		expect(raw).not.toHaveProperty('post.shares');
		expect(metrics.shares).toBe(0);
	});

	it('ask for each alone once one is gone, and give null for that one', async () => {
		const id = await post('reel');
		world.sandbox.facebook.configure({ goneMetrics: ['post_clicks', 'post_video_view_time'] });
		const { metrics } = await numbersOf(id);
		expect(metrics).toMatchObject({
			clicks: null,
			watchTimeSeconds: null,
			reach: number,
			views: number,
			shares: number,
		});
	});

	it('are null when they are not there yet', async () => {
		const id = await post('reel');
		world.sandbox.facebook.configure({ insightsDelayMs: 86_400_000 });
		const { metrics } = await numbersOf(id);
		expect(metrics).toMatchObject({ views: null, clicks: null, reach: null, watchTimeSeconds: null });
	});
});
