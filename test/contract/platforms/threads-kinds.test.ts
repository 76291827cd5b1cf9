// What Threads has beside the post with one video: words alone, polls, pictures, carousels and replies.
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { HttpRequest } from '../../../lib/publishing/ports';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { startGallery, type Gallery, type GalleryItem } from './gallery';
import { networks } from './networks';
import { Fate, withMedia, World, type Attempt } from './world';

const threads = networks.find(({ name }) => name === 'threads')!;
const signal = new AbortController().signal;
const commit = threads.commit(threads.mediaBytes);
const lost = { kind: 'drop-after-effect', ...commit } as const;
const hourMs = 3_600_000;
const form = 'application/x-www-form-urlencoded';

/** A job that also keeps what it sends, without repeated looks. */
function recorded(job: PublishJob): { job: PublishJob; calls: () => readonly string[] } {
	const sent: HttpRequest[] = [];
	const { http } = job.context;
	const send: typeof http.send = async (request, stop) => {
		sent.push(request);
		return await http.send(request, stop);
	};
	const calls = (): readonly string[] =>
		sent.map(shown).filter((call, index, all) => call !== all[index - 1]);
	return { job: { ...job, context: { ...job.context, http: { send } } }, calls };
}

function shown({ method, url, headers, body }: HttpRequest): string {
	const { pathname, searchParams } = new URL(url);
	const fields = new URLSearchParams(typeof body === 'string' ? body : searchParams);
	const shownFields = [...fields].map(([name, value]) => `${name}=${value}`).join(' ');
	return `${method} ${pathname} ${headers?.['content-type'] ?? '-'} ${shownFields}`.replace(/\d{15,}/g, 'ID');
}

const me = 'GET /v1.0/me - fields=id';
const room = 'GET /v1.0/ID/threads_publishing_limit - fields=quota_usage,config';
const container = (fields: string): string => `POST /v1.0/ID/threads ${form} ${fields}`;
const status = 'GET /v1.0/ID - fields=status,error_message';
const publish = `POST /v1.0/ID/threads_publish ${form} creation_id=ID`;
const permalink = 'GET /v1.0/ID - fields=id,permalink,timestamp,text,media_type';

describe('Threads', () => {
	let world: World;
	let gallery: Gallery | undefined;

	beforeEach(async () => {
		world = await World.start(threads);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await gallery?.stop();
		gallery = undefined;
		await world.stop();
	});

	interface Kind extends Attempt {
		readonly items?: readonly GalleryItem[];
		readonly options?: object;
	}

	/** The gallery stays the same for all jobs of one test. */
	async function jobWith({ items = [], options = {}, ...attempt }: Kind): Promise<PublishJob> {
		gallery ??= await startGallery(items);
		const job = withMedia(world.job(attempt), items.length > 0 ? gallery.media : []);
		return { ...job, draft: { ...job.draft, content: { ...job.draft.content, options: { ...options } } } };
	}

	const sizes = (): number[] => (gallery?.media ?? []).map(({ source }) => source.sizeBytes);
	const addresses = async (): Promise<Array<string | undefined>> =>
		await Promise.all((gallery?.media ?? []).map(async ({ publicUrl }) => publicUrl?.()));

	it('posts words with a poll and a link', async () => {
		const options = { poll: ['Cats', 'Dogs'], linkAttachment: 'https://example.com/pets', topicTag: 'Pets' };
		const { job, calls } = recorded(await jobWith({ words: 'Which?', options }));
		await publishPost(job);
		expect(calls()).toEqual([
			me,
			room,
			container(
				'media_type=TEXT text=Which? topic_tag=Pets link_attachment=https://example.com/pets poll_attachment={"option_a":"Cats","option_b":"Dogs"}',
			),
			status,
			publish,
			permalink,
		]);
		expect(world.posts('Which?')).toHaveLength(1);
	});

	it('lets a picture be fetched, with its alternative text, behind a spoiler', async () => {
		const { job, calls } = recorded(await jobWith({ items: ['image'], options: { isSpoilerMedia: true } }));
		await publishPost(job);
		const [address] = await addresses();
		expect(calls()).toEqual([
			me,
			room,
			container(
				`media_type=IMAGE image_url=${address} alt_text=What image 0 shows is_spoiler_media=true text=Hello from the clip`,
			),
			status,
			publish,
			permalink,
		]);
		expect(world.posts()).toMatchObject([{ mediaSizeBytes: sizes()[0] }]);
	});

	it('makes a container for each item of a carousel, waits for them, and puts one around them', async () => {
		const options = { replyControl: 'mentioned_only' };
		const { job, calls } = recorded(await jobWith({ items: ['image', 'video'], options }));
		await publishPost(job);
		const [first, second] = await addresses();
		expect(calls()).toEqual([
			me,
			room,
			container(`media_type=IMAGE image_url=${first} alt_text=What image 0 shows is_carousel_item=true`),
			container(`media_type=VIDEO video_url=${second} alt_text=What video 1 shows is_carousel_item=true`),
			status,
			container('media_type=CAROUSEL children=ID,ID text=Hello from the clip reply_control=mentioned_only'),
			status,
			publish,
			permalink,
		]);
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual(sizes());
	});

	it('makes one post of twenty media', async () => {
		const items = Array.from({ length: 20 }, () => 'image' as const);
		await publishPost(await jobWith({ items }));
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual(sizes());
	});

	it.each([
		['a picture', ['image']],
		['a carousel', ['video', 'image']],
	] as const)('finds %s after a lost answer, and sends nothing twice', async (_, items) => {
		world.sandbox.faults.add(lost);
		const { live, wasAlreadyPosted } = await publishPost(await jobWith({ items }));
		expect(wasAlreadyPosted).toBe(true);
		expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
		expect(world.requests('POST', /threads_publish$/)).toBe(1);
	});

	it('posts a carousel exactly once with all its media, wherever the process dies', async () => {
		const items = ['image', 'video'] as const;
		let edge = 1;
		for (; edge <= 200; edge++) {
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
		expect(edge).toBeGreaterThan(30);
		expect(edge).toBeLessThan(200);
	});

	it('goes on with the first item that is not there yet', async () => {
		const journal = new MemoryJournal();
		const made = { method: 'POST', pathPattern: '/threads$' };
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 3, skip: 2, ...made });
		const items = ['image', 'video', 'image'] as const;
		await expect(publishPost(await jobWith({ items, journal }))).rejects.toMatchObject({ class: 'platform' });
		const before = world.requests('POST', /\/threads$/);
		await publishPost(await jobWith({ items, journal }));
		// The third item and the carousel.
		expect(world.requests('POST', /\/threads$/) - before).toBe(2);
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual(sizes());
	});

	it('makes only that item anew which Threads could not fetch', async () => {
		const job = await jobWith({ items: ['image', 'video'] });
		let asked = 0;
		const media = job.draft.media.map((each, index) => ({
			...each,
			// Once before anything is sent, then for the container.
			publicUrl: async () =>
				index === 1 && ++asked === 2 ? 'http://127.0.0.1:1/gone.mp4' : ((await addresses())[index] ?? ''),
		}));
		await publishPost(withMedia(job, media));
		expect(world.requests('POST', /\/threads$/)).toBe(4);
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual(sizes());
	});

	it('starts anew when a medium was taken out, put in or changed since', async () => {
		const journal = new MemoryJournal();
		const items = ['image', 'video', 'image'] as const;
		world.sandbox.faults.add({ kind: 'status', status: 429, ...commit });
		await expect(publishPost(await jobWith({ items, journal }))).rejects.toThrow();
		const job = await jobWith({ items, journal });
		await publishPost(withMedia(job, job.draft.media.slice(0, 2)));
		expect(world.posts()).toHaveLength(1);
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual(sizes().slice(0, 2));
	});

	it('says so for good when an item cannot be processed', async () => {
		world.sandbox.faults.add({
			kind: 'fail-processing',
			reason: 'INVALID_FRAME_RATE',
			skip: 1,
			method: 'POST',
			pathPattern: '/threads$',
		});
		const failure = publishPost(await jobWith({ items: ['image', 'video'] }));
		await expect(failure).rejects.toMatchObject({
			class: 'rejected',
			code: 'INVALID_FRAME_RATE',
			remedy: expect.stringContaining('30 frames'),
		});
		expect(world.posts()).toHaveLength(0);
	});

	it('refuses an empty item before a single request', async () => {
		const job = await jobWith({ items: ['image', 'image'] });
		const [first, ...others] = job.draft.media;
		const empty = first ? [{ ...first, facts: { ...first.facts, sizeBytes: 0 } }, ...others] : [];
		await expect(publishPost(withMedia(job, empty))).rejects.toMatchObject({ class: 'validation' });
		expect(world.sandbox.journal.requests).toHaveLength(0);
	});

	it('makes no container when the day has no room, and says when to come back', async () => {
		world.sandbox.faults.add({ kind: 'quota-left', left: 0, pathPattern: '/threads_publishing_limit$' });
		await expect(publishPost(await jobWith({ items: ['image'] }))).rejects.toMatchObject({
			class: 'quota',
			scope: 'account',
			retryAt: expect.any(Date),
		});
		expect(world.requests('POST', /./)).toBe(0);
	});

	describe('a reply', () => {
		const replyTo = async (replyToId: string, attempt: Attempt = {}): Promise<PublishJob> =>
			await jobWith({ words: 'An answer', options: { replyToId }, ...attempt });

		const firstPost = async (): Promise<string> =>
			(await publishPost(await jobWith({ words: 'A question' }))).live.platformPostId;

		it('counts in the window of replies and answers its post', async () => {
			const { job, calls } = recorded(await replyTo(await firstPost()));
			await publishPost(job);
			expect(calls().slice(1, 3)).toEqual([
				'GET /v1.0/ID/threads_publishing_limit - fields=reply_quota_usage,reply_config',
				container('media_type=TEXT text=An answer reply_to_id=ID'),
			]);
			expect(world.posts('An answer')).toHaveLength(1);
		});

		it('is found among the replies after a lost answer', async () => {
			const question = await firstPost();
			world.sandbox.faults.add(lost);
			const { live, wasAlreadyPosted } = await publishPost(await replyTo(question));
			expect(wasAlreadyPosted).toBe(true);
			expect(world.posts('An answer').map(({ platformPostId }) => platformPostId)).toEqual([
				live.platformPostId,
			]);
		});

		it('is left to a person when the connection may not read replies', async () => {
			const question = await firstPost();
			world.sandbox.faults.add(lost);
			world.sandbox.faults.add({ kind: 'status', status: 403, times: 'always', pathPattern: '/replies$' });
			await expect(publishPost(await replyTo(question))).rejects.toMatchObject({ class: 'unknown' });
			expect(world.posts('An answer')).toHaveLength(1);
		});

		it('is refused for good when there is nothing to reply to', async () => {
			const failure = publishPost(await replyTo('17890000000000001'));
			await expect(failure).rejects.toMatchObject({ class: 'validation', remedy: expect.any(String) });
			expect(world.posts('An answer')).toHaveLength(0);
		});
	});

	it('quotes a post', async () => {
		const quoted = (await publishPost(await jobWith({ words: 'A saying' }))).live.platformPostId;
		const options = { quotePostId: quoted };
		const { live } = await publishPost(await jobWith({ words: 'How true', options }));
		await world.clock.sleep(hourMs, signal);
		expect((await threads.adapter.status(world.context(), live.platformPostId)).state).toBe('live');
	});
});
