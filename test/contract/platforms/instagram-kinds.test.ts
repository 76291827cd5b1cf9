// What Instagram has beside the reel: pictures, stories and carousels, and the first comment under a post.
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { startGallery, type Gallery, type GalleryItem } from './gallery';
import { networks } from './networks';
import { recordingJson, withoutRepeats, type Sent } from './recording';
import { Fate, withMedia, World, type Attempt } from './world';

const instagram = networks.find(({ name }) => name === 'instagram')!;
const signal = new AbortController().signal;
const hourMs = 3_600_000;

const bearer = { authorization: 'Bearer' };
const json = { 'content-type': 'application/json', ...bearer };
const me = { call: 'GET /v26.0/me?fields=user_id', headers: bearer };
const room = { call: 'GET /v26.0/ID/content_publishing_limit?fields=config,quota_usage', headers: bearer };
const status = { call: 'GET /v26.0/ID?fields=id,status,status_code,video_status', headers: bearer };
const permalink = { call: 'GET /v26.0/ID?fields=id,permalink', headers: bearer };
const container = (body: object): Sent => ({ call: 'POST /v26.0/ID/media', headers: json, body });
const publish = { call: 'POST /v26.0/ID/media_publish', headers: json, body: { creation_id: 'ID' } };
const upload = (sizeBytes: number): Sent => ({
	call: 'POST /ig-api-upload/v26.0/ID',
	headers: {
		authorization: 'OAuth',
		'content-type': 'application/octet-stream',
		'content-length': String(sizeBytes),
		file_size: String(sizeBytes),
		offset: '0',
	},
	body: 'bytes',
});

describe('Instagram', () => {
	let world: World;
	let gallery: Gallery | undefined;

	beforeEach(async () => {
		world = await World.start(instagram);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await gallery?.stop();
		gallery = undefined;
		await world.stop();
	});

	interface Kind extends Attempt {
		readonly items: readonly GalleryItem[];
		readonly options?: object;
	}

	/** The gallery stays the same for all jobs of one test. */
	async function jobWith({ items, options = {}, ...attempt }: Kind): Promise<PublishJob> {
		gallery ??= await startGallery(items);
		const job = withMedia(world.job(attempt), gallery.media);
		return { ...job, draft: { ...job.draft, content: { ...job.draft.content, options: { ...options } } } };
	}

	const storyOf = async (items: readonly GalleryItem[], attempt: Attempt = {}): Promise<PublishJob> =>
		await jobWith({ items, options: { placement: 'story' }, words: '', ...attempt });

	const sizes = (): number[] => (gallery?.media ?? []).map(({ source }) => source.sizeBytes);

	it('lets a picture be fetched, with its alternative text', async () => {
		const { job, sent } = recordingJson(await jobWith({ items: ['image'] }));
		const address = await job.draft.media[0]?.publicUrl?.();
		const { live } = await publishPost(job);
		const body = { image_url: address, caption: 'Hello from the clip', alt_text: 'What image 0 shows' };
		expect(withoutRepeats(sent)).toEqual([me, room, container(body), status, publish, permalink]);
		expect(world.posts()).toMatchObject([{ mediaSizeBytes: sizes()[0], url: live.url }]);
		expect((await fetch(live.url)).status).toBe(200);
	});

	it('makes a container for each item of a carousel, sends the videos, and puts one container around them', async () => {
		const { job, sent } = recordingJson(await jobWith({ items: ['image', 'video', 'image'] }));
		const [first, , third] = await Promise.all(job.draft.media.map(async ({ publicUrl }) => publicUrl?.()));
		await publishPost(job);
		const item = { is_carousel_item: true };
		expect(withoutRepeats(sent)).toEqual(
			[
				me,
				room,
				container({ ...item, image_url: first, alt_text: 'What image 0 shows' }),
				container({ ...item, media_type: 'VIDEO', upload_type: 'resumable' }),
				status,
				upload(sizes()[1] ?? 0),
				container({ ...item, image_url: third, alt_text: 'What image 2 shows' }),
				status,
				container({ media_type: 'CAROUSEL', children: ['ID', 'ID', 'ID'], caption: 'Hello from the clip' }),
				status,
				publish,
				permalink,
			].filter((sentCall, index, all) => sentCall.call !== all[index - 1]?.call),
		);
		const [post] = world.posts();
		expect(post?.media.map(({ sizeBytes }) => sizeBytes)).toEqual(sizes());
	});

	it.each([['video'], ['image']] as const)('publishes a story of one %s', async (item) => {
		const { job, sent } = recordingJson(await storyOf([item]));
		const address = await job.draft.media[0]?.publicUrl?.();
		const { live } = await publishPost(job);
		const isVideo = item === 'video';
		const source = isVideo ? { upload_type: 'resumable' } : { image_url: address };
		expect(withoutRepeats(sent)).toEqual([
			me,
			room,
			container({ media_type: 'STORIES', ...source }),
			status,
			...(isVideo ? [upload(sizes()[0] ?? 0), status] : []),
			publish,
			permalink,
		]);
		expect(live.url).toContain('/stories/');
	});

	it('finds a story by its time after a lost answer, in the list of stories', async () => {
		await publishPost(await storyOf(['image']));
		await world.clock.sleep(hourMs, signal);
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...instagram.commit(0) });
		const { live, wasAlreadyPosted } = await publishPost(await storyOf(['image']));
		expect(wasAlreadyPosted).toBe(true);
		expect(world.posts('').map(({ platformPostId }) => platformPostId)).toContain(live.platformPostId);
		expect(world.requests('POST', /media_publish$/)).toBe(2);
		expect(world.requests('GET', /\/stories\b/)).toBe(1);
	});

	it('leaves a story to a person where its list cannot be read', async () => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...instagram.commit(0) });
		world.sandbox.faults.add({ kind: 'status', status: 400, times: 'always', pathPattern: '/stories$' });
		await expect(publishPost(await storyOf(['image']))).rejects.toMatchObject({ class: 'unknown' });
		expect(world.posts('')).toHaveLength(1);
	});

	it.each([
		['a picture', ['image']],
		['a carousel', ['video', 'image']],
	] as const)('finds %s after a lost answer, and sends nothing twice', async (_, items) => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...instagram.commit(0) });
		const { live, wasAlreadyPosted } = await publishPost(await jobWith({ items }));
		expect(wasAlreadyPosted).toBe(true);
		expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
		expect(world.requests('POST', /media_publish$/)).toBe(1);
	});

	it('posts a carousel exactly once with all its media, wherever the process dies', async () => {
		const items = ['image', 'video', 'image'] as const;
		let edge = 1;
		for (; edge <= 200; edge++) {
			// A day has room for 50 posts and 400 containers.
			await world.clock.sleep(3 * hourMs, signal);
			const words = `Carousel number ${edge}`;
			const journal = new MemoryJournal();
			const fate = new Fate(edge);
			const died = await publishPost(await jobWith({ items, words, journal, fate })).then(
				() => false,
				() => fate.isDead,
			);
			if (!died) break;
			const { live } = await publishPost(await jobWith({ items, words, journal }));
			const seen = world.posts(words);
			expect({ edge, seen: seen.map(({ platformPostId }) => platformPostId) }).toEqual({
				edge,
				seen: [live.platformPostId],
			});
			expect(seen[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual(sizes());
		}
		expect(edge).toBeGreaterThan(40);
		expect(edge).toBeLessThan(200);
	});

	it('goes on with the first item that is not there yet', async () => {
		const journal = new MemoryJournal();
		const made = { method: 'POST', pathPattern: '/media$' };
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 3, skip: 2, ...made });
		const items = ['video', 'image', 'image'] as const;
		await expect(publishPost(await jobWith({ items, journal }))).rejects.toMatchObject({ class: 'platform' });
		const before = world.requests('POST', /\/media$/);
		await publishPost(await jobWith({ items, journal }));
		// The third item and the carousel.
		expect(world.requests('POST', /\/media$/) - before).toBe(2);
		expect(gallery?.readBytes).toEqual([300_000, 0, 0]);
		expect(world.posts()).toHaveLength(1);
	});

	it('goes on inside of a video of a carousel that was cut', async () => {
		world.sandbox.faults.add({
			kind: 'cut-body-after-bytes',
			bytes: 200_000,
			pathPattern: '^/ig-api-upload/',
		});
		await publishPost(await jobWith({ items: ['image', 'video'] }));
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual(sizes());
		expect(gallery?.readBytes[1]).toBeLessThan(2 * 300_000);
	});

	it('starts anew when a medium was taken out, put in or changed since', async () => {
		const journal = new MemoryJournal();
		const items = ['image', 'video', 'image'] as const;
		world.sandbox.faults.add({ kind: 'status', status: 429, ...instagram.commit(0) });
		await expect(publishPost(await jobWith({ items, journal }))).rejects.toThrow();
		const job = await jobWith({ items, journal });
		await publishPost(withMedia(job, job.draft.media.slice(0, 2)));
		expect(world.posts()).toHaveLength(1);
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual(sizes().slice(0, 2));
	});

	it('says so for good when an item cannot be processed', async () => {
		world.sandbox.faults.add({ kind: 'fail-processing', method: 'POST', pathPattern: '/media$' });
		const failure = publishPost(await jobWith({ items: ['image', 'video'] }));
		await expect(failure).rejects.toMatchObject({ class: 'rejected', code: '2207026' });
		expect(world.posts()).toHaveLength(0);
	});

	it('refuses an empty item before a single request', async () => {
		const job = await jobWith({ items: ['image', 'image'] });
		const [first, ...others] = job.draft.media;
		const empty = first ? [{ ...first, facts: { ...first.facts, sizeBytes: 0 } }, ...others] : [];
		await expect(publishPost(withMedia(job, empty))).rejects.toMatchObject({ class: 'validation' });
		expect(world.sandbox.journal.requests).toHaveLength(0);
	});

	it('says what to set up for a picture without a public address, before anything is sent', async () => {
		const job = await jobWith({ items: ['video', 'image'] });
		const media = job.draft.media.map(({ publicUrl: _none, ...each }) => each);
		await expect(publishPost(withMedia(job, media))).rejects.toMatchObject({
			class: 'validation',
			code: 'media.public-url',
			remedy: expect.stringContaining('Public Base URL'),
		});
		expect(world.sandbox.journal.requests).toHaveLength(0);
	});

	it('says what is missing when a picture cannot be fetched', async () => {
		const job = await jobWith({ items: ['image'] });
		const media = job.draft.media.map((each) => ({
			...each,
			publicUrl: async () => 'http://127.0.0.1:1/a.jpg',
		}));
		await expect(publishPost(withMedia(job, media))).rejects.toMatchObject({
			code: '9004/2207052',
			remedy: expect.stringContaining('public'),
		});
	});

	describe('the first comment', () => {
		const withComment = async (text = 'More in the bio', attempt: Attempt = {}): Promise<PublishJob> =>
			await jobWith({ items: ['image'], options: { firstComment: text }, ...attempt });

		async function comments(mediaId: string): Promise<string[]> {
			const { baseUrl } = world.sandbox.instagram;
			const token = world.tokens.at(-1);
			const answer = await fetch(`${baseUrl}/v26.0/${mediaId}/comments?fields=text`, {
				headers: { authorization: `Bearer ${token}` },
			});
			const { data } = (await answer.json()) as { data: Array<{ text: string }> };
			return data.map(({ text }) => text);
		}

		it('is looked for, then written under the live post', async () => {
			const { job, sent } = recordingJson(await withComment());
			const { live, followUps } = await publishPost(job);
			expect(followUps).toEqual([{ name: 'first-comment', isDone: true, problem: null }]);
			expect(sent.slice(-3)).toEqual([
				{ call: 'GET /v26.0/me?fields=username', headers: bearer },
				{ call: 'GET /v26.0/ID/comments?fields=id,text,username&limit=50', headers: bearer },
				{ call: 'POST /v26.0/ID/comments', headers: json, body: { message: 'More in the bio' } },
			]);
			expect(await comments(live.platformPostId)).toEqual(['More in the bio']);
		});

		it.each(['drop-after-effect', 'status-after-effect'] as const)(
			'stands there once although its answer was lost (%s)',
			async (kind) => {
				const fault = { method: 'POST', pathPattern: '/comments$' };
				world.sandbox.faults.add(
					kind === 'drop-after-effect' ? { kind, ...fault } : { kind, status: 503, ...fault },
				);
				const { live, followUps } = await publishPost(await withComment());
				expect(followUps).toMatchObject([{ isDone: true }]);
				expect(await comments(live.platformPostId)).toEqual(['More in the bio']);
			},
		);

		it('is not written again by whoever finds the post that an earlier run made', async () => {
			const job = await withComment();
			const { live } = await publishPost(job);
			const again = await instagram.adapter.followUp?.(world.context(), job.draft, live);
			expect(again).toEqual([{ name: 'first-comment', isDone: true, problem: null }]);
			expect(await comments(live.platformPostId)).toHaveLength(1);
		});

		it('leaves the post posted when it cannot be written, and says why and what to do', async () => {
			world.sandbox.faults.add({ kind: 'status', status: 403, method: 'POST', pathPattern: '/comments$' });
			const { followUps } = await publishPost(await withComment());
			expect(followUps).toMatchObject([
				{ isDone: false, problem: expect.stringMatching(/first comment.*permission.*connect/is) },
			]);
			expect(world.posts()).toHaveLength(1);
		});
	});

	it('reads the numbers that a story has, and null for those it has not', async () => {
		const { live } = await publishPost(await storyOf(['image']));
		await world.clock.sleep(hourMs, signal);
		const [found] = await instagram.adapter.metrics(world.context(), [live.platformPostId]);
		expect(found?.metrics).toMatchObject({
			views: expect.any(Number),
			comments: expect.any(Number),
			clicks: expect.any(Number),
			saves: null,
			watchTimeSeconds: null,
			impressions: null,
		});
		await world.clock.sleep(24 * hourMs, signal);
		expect(await instagram.adapter.metrics(world.context(), [live.platformPostId])).toEqual([]);
		expect((await instagram.adapter.status(world.context(), live.platformPostId)).state).toBe('deleted');
	});

	it('asks for fewer numbers when Instagram has taken one away', async () => {
		const { live } = await publishPost(await jobWith({ items: ['image', 'image'] }));
		world.sandbox.faults.add({ kind: 'status', status: 400, pathPattern: '/insights$' });
		const [found] = await instagram.adapter.metrics(world.context(), [live.platformPostId]);
		expect(found?.metrics).toMatchObject({ likes: expect.any(Number), clicks: null });
		expect(world.requests('GET', /\/insights\b/)).toBe(2);
	});
});
