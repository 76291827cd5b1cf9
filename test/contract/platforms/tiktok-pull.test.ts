// Photos, and videos by address: TikTok fetches the media, and the init is the call that publishes.
import { createHash } from 'node:crypto';
import { tiktokAdapter } from '../../../lib/platforms/tiktok/adapter';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import type { DraftMedia } from '../../../lib/publishing/adapter';
import { startGallery, type Gallery } from './gallery';
import { networks, type NetworkUnderTest } from './networks';
import { recordingJson, withoutRepeats } from './recording';
import { Fate, withMedia, World } from './world';

const tiktok: NetworkUnderTest = {
	...networks.find(({ name }) => name === 'tiktok')!,
	adapter: tiktokAdapter,
	mediaBytes: 1_000,
	sandboxSettings: { moderationMs: 1_000 },
};
const signal = new AbortController().signal;
const minuteMs = 60_000;
const photoInit = { method: 'POST', pathPattern: '/content/init/$' } as const;
const videoInit = { method: 'POST', pathPattern: '/post/publish/video/init/$' } as const;
const isPublic = { privacyLevel: 'PUBLIC_TO_EVERYONE' } as const;

async function hashOf({ source }: DraftMedia): Promise<string> {
	const hash = createHash('sha256');
	for await (const piece of source.read(0, source.sizeBytes)) hash.update(piece);
	return hash.digest('hex');
}

describe('TikTok by address', () => {
	let world: World;
	let photos: Gallery;
	let video: Gallery;

	beforeAll(async () => {
		photos = await startGallery(['image', 'image', 'image']);
		video = await startGallery(['video']);
	});

	afterAll(async () => {
		await photos.stop();
		await video.stop();
	});

	beforeEach(async () => {
		world = await World.start(tiktok);
		world.sandbox.tiktok.configure({ verifiedUrlPrefixes: ['http://127.0.0.1:'] });
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	function post(
		media: readonly DraftMedia[],
		options: Record<string, unknown> = isPublic,
		attempt: Parameters<World['job']>[0] = {},
	): PublishJob {
		const job = withMedia(world.job(attempt), media);
		const content = { ...job.draft.content, title: 'Three photos', options };
		return { ...job, draft: { ...job.draft, content } };
	}
	const pull = { ...isPublic, transfer: 'pull' } as const;
	const inits = (): number => world.requests('POST', /\/init\/$/);

	const json = { 'content-type': 'application/json; charset=UTF-8', authorization: 'Bearer' };
	const creatorInfo = { call: 'POST /v2/post/publish/creator_info/query/', headers: json, body: {} };
	const address = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//) as string;
	const status = (publishId: string) => ({
		call: 'POST /v2/post/publish/status/fetch/',
		headers: json,
		body: { publish_id: publishId },
	});

	it('posts photos by these very requests, and each of them whole', async () => {
		const { job, sent } = recordingJson(
			post(photos.media, { ...isPublic, coverIndex: 1, autoAddMusic: true }),
		);
		const { live } = await publishPost(job);
		expect(withoutRepeats(sent)).toEqual([
			creatorInfo,
			{
				call: 'POST /v2/post/publish/content/init/',
				headers: json,
				body: {
					media_type: 'PHOTO',
					post_mode: 'DIRECT_POST',
					post_info: {
						title: 'Three photos',
						description: 'Hello from the clip',
						privacy_level: 'PUBLIC_TO_EVERYONE',
						disable_comment: false,
						auto_add_music: true,
						brand_content_toggle: false,
						brand_organic_toggle: false,
					},
					source_info: {
						source: 'PULL_FROM_URL',
						photo_images: [address, address, address],
						photo_cover_index: 1,
					},
				},
			},
			status('p_pub_url~v2.ID'),
		]);
		const [made] = world.posts();
		expect(made?.media.map(({ sha256 }) => sha256)).toEqual(await Promise.all(photos.media.map(hashOf)));
		expect(live.url).toBe(made?.url);
		expect((await fetch(live.url)).status).toBe(200);
	});

	it('posts a video by address by these very requests', async () => {
		const { job, sent } = recordingJson(post(video.media, pull));
		const { live } = await publishPost(job);
		expect(withoutRepeats(sent)).toEqual([
			creatorInfo,
			{
				call: 'POST /v2/post/publish/video/init/',
				headers: json,
				body: {
					post_info: expect.objectContaining({ title: 'Hello from the clip' }) as unknown,
					source_info: { source: 'PULL_FROM_URL', video_url: address },
				},
			},
			status('v_pub_url~v2.ID'),
		]);
		expect(world.posts()).toMatchObject([live]);
		expect(video.readBytes).toEqual([0]);
	});

	it('leaves drafts of photos and of a video in the inbox', async () => {
		const { job, sent } = recordingJson(post(photos.media, { delivery: 'inbox' }));
		const { live } = await publishPost(job);
		expect(live.platformPostId).toMatch(/^p_inbox_url~/);
		expect(sent[0]?.body).toMatchObject({
			post_mode: 'MEDIA_UPLOAD',
			post_info: { title: 'Three photos', description: 'Hello from the clip' },
		});
		const draft = { delivery: 'inbox', transfer: 'pull' };
		const second = await publishPost(post(video.media, draft, { words: '' }));
		expect(second.live.platformPostId).toMatch(/^v_inbox_url~/);
		expect(world.sandbox.journal.posts).toEqual([]);
	});

	it('knows a photo post by its publish id, and says of it what TikTok says', async () => {
		const { live } = await publishPost(post(photos.media));
		expect(live.platformPostId).toMatch(/^p_pub_url~/);
		const context = world.context();
		expect(await tiktokAdapter.status(context, live.platformPostId)).toMatchObject({ state: 'live' });
		expect(await tiktokAdapter.metrics(context, [live.platformPostId])).toEqual([]);
	});

	it('makes at most one photo post wherever the process dies, and asks a person only where nobody can read', async () => {
		let asked = 0;
		for (let edge = 1; edge <= 100; edge++) {
			const words = `Photos ${edge}`;
			const journal = new MemoryJournal();
			const fate = new Fate(edge);
			const first = await publishPost(post(photos.media, isPublic, { words, journal, fate })).catch(
				() => undefined,
			);
			if (first) {
				// Between the mark and the saved answer there are four edges; everywhere else the post is made.
				expect(asked).toBeLessThanOrEqual(5);
				return;
			}
			await world.clock.sleep(minuteMs, signal);
			const outcome = await publishPost(post(photos.media, isPublic, { words, journal })).then(
				() => 'posted',
				(error: unknown) => error,
			);
			const seen = world.posts(words).length;
			if (outcome === 'posted') expect({ edge, seen }).toEqual({ edge, seen: 1 });
			else {
				asked++;
				expect(outcome).toMatchObject({ class: 'unknown', needsPerson: true });
				expect(seen).toBeLessThanOrEqual(1);
			}
		}
		throw new Error('the run never ended by itself');
	});

	it('makes a public video by address once wherever the process dies after the init had an effect', async () => {
		for (let edge = 1; edge <= 100; edge++) {
			const words = `Video ${edge}`;
			const journal = new MemoryJournal();
			const fate = new Fate(edge);
			const first = await publishPost(post(video.media, pull, { words, journal, fate })).catch(
				() => undefined,
			);
			if (first) return;
			const hadEffect = world.posts(words).length === 1;
			await world.clock.sleep(minuteMs, signal);
			const again = publishPost(post(video.media, pull, { words, journal }));
			const outcome = await again.then(
				() => 'posted',
				() => 'asks a person',
			);
			const seen = world.posts(words).length;
			if (hadEffect) expect({ edge, outcome, seen }).toEqual({ edge, outcome: 'posted', seen: 1 });
			else expect({ edge, seen }).toEqual({ edge, seen: outcome === 'posted' ? 1 : 0 });
		}
		throw new Error('the run never ended by itself');
	});

	it('finds a public video whose init was answered to nobody, by its caption', async () => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...videoInit });
		const words = `A caption of many words ${'x'.repeat(200)}`;
		const { live, wasAlreadyPosted } = await publishPost(post(video.media, pull, { words }));
		expect(wasAlreadyPosted).toBe(true);
		expect(world.posts(words)).toMatchObject([live]);
		expect(inits()).toBe(1);
	});

	it('never sends an init again whose answer was lost, not even when it had no effect', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'drop-before', ...videoInit });
		await expect(publishPost(post(video.media, pull, { journal }))).rejects.toMatchObject({
			class: 'unknown',
		});
		await world.clock.sleep(24 * 60 * minuteMs, signal);
		await expect(publishPost(post(video.media, pull, { journal }))).rejects.toMatchObject({
			class: 'unknown',
		});
		expect(inits()).toBe(1);
	});

	it('takes another video with the same caption from before for none of ours', async () => {
		await publishPost(post(video.media, pull));
		await world.clock.sleep(60 * minuteMs, signal);
		world.sandbox.faults.add({ kind: 'drop-before', ...videoInit });
		await expect(publishPost(post(video.media, pull))).rejects.toMatchObject({ class: 'unknown' });
	});

	it.each(['status-after-effect', 'status'] as const)(
		'does not begin again after a 500 on the init (%s)',
		async (kind) => {
			world.sandbox.faults.add({ kind, status: 500, ...photoInit });
			await expect(publishPost(post(photos.media))).rejects.toMatchObject({ class: 'unknown' });
			expect(inits()).toBe(1);
		},
	);

	it('goes on by itself after a refusal that promises that nothing happened', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'status', status: 429, ...photoInit });
		await expect(publishPost(post(photos.media, isPublic, { journal }))).rejects.toMatchObject({
			class: 'rate-limit',
		});
		await publishPost(post(photos.media, isPublic, { journal }));
		expect(world.posts()).toHaveLength(1);
	});

	it('refreshes an expired token at the init, which a 401 proves to be without effect', async () => {
		world.sandbox.faults.add({ kind: 'expire-token', ...photoInit });
		await publishPost(post(photos.media));
		expect(world.authorizer.refreshes).toBe(1);
		expect(world.posts()).toHaveLength(1);
	});

	it('says what to do when TikTok cannot fetch a photo', async () => {
		const missing = photos.media.map((medium) => ({
			...medium,
			publicUrl: async () => `${(await medium.publicUrl?.()) ?? ''}.gone.jpg`,
		}));
		await expect(publishPost(post(missing))).rejects.toMatchObject({
			class: 'rejected',
			code: 'photo_pull_failed',
			remedy: expect.stringContaining('public address'),
		});
		expect(world.posts()).toHaveLength(0);
	});

	it('does not take the failed post for the next one when that one is interrupted', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'fail-processing', reason: 'spam_risk_too_many_posts', ...photoInit });
		await expect(publishPost(post(photos.media, isPublic, { journal }))).rejects.toMatchObject({
			class: 'quota',
		});
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...photoInit });
		await expect(publishPost(post(photos.media, isPublic, { journal }))).rejects.toMatchObject({
			class: 'unknown',
		});
		await expect(publishPost(post(photos.media, isPublic, { journal }))).rejects.toMatchObject({
			class: 'unknown',
		});
		expect(world.posts()).toHaveLength(1);
	});

	it('asks for a verified domain in words that help', async () => {
		world.sandbox.tiktok.configure({ verifiedUrlPrefixes: [] });
		await expect(publishPost(post(photos.media))).rejects.toMatchObject({
			class: 'rejected',
			code: 'url_ownership_unverified',
			remedy: expect.stringContaining('Verify the domain'),
		});
	});

	it('asks TikTok for nothing when the media has no public address', async () => {
		const withoutAddress = photos.media.map(({ source, facts }) => ({ source, facts }));
		await expect(publishPost(post(withoutAddress))).rejects.toMatchObject({ code: 'media.public-url' });
		expect(world.sandbox.journal.requests).toEqual([]);
	});

	it('begins anew when a photo was exchanged before the post went out', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'status', status: 429, ...photoInit });
		await publishPost(post(photos.media, isPublic, { journal })).catch(() => undefined);
		await publishPost(post(photos.media.slice(0, 2), isPublic, { journal }));
		expect(world.posts().map(({ media }) => media.length)).toEqual([2]);
	});
});
