// Every kind of post on LinkedIn, as it leaves this machine (facts 5.2, 5.3): the body is what the fact sheet says,
// and the public sees what the person gave.
import type { DraftMedia } from '../../../lib/publishing/adapter';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { HttpRequest } from '../../../lib/publishing/ports';
import type { PostContent } from '../../../lib/publishing/post';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { fileOf, pictures, type TestFile } from './files';
import { networks } from './networks';
import { Fate, withMedia, World, type Attempt } from './world';

const linkedIn = networks.find(({ name }) => name === 'linkedin')!;
const commit = linkedIn.commit(linkedIn.mediaBytes);
const page = 'urn:li:organization:2414183';
const image = expect.stringMatching(/^urn:li:image:[\w-]+$/) as string;

const unchanged = {
	commentary: 'Hello from the clip',
	visibility: 'PUBLIC',
	distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
	lifecycleState: 'PUBLISHED',
	isReshareDisabledByAuthor: false,
};

describe('LinkedIn', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(linkedIn);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	interface Post extends Attempt {
		readonly media?: readonly DraftMedia[];
		readonly content?: PostContent;
	}

	/** As the page, unless the content names nobody. */
	function jobOf(
		{ media = [], content = {}, ...attempt }: Post,
		author: string | undefined = page,
	): PublishJob {
		const job = withMedia(world.job(attempt), media);
		const options = { ...content.options, ...(author && { author }) };
		return {
			...job,
			draft: { ...job.draft, content: { text: job.draft.content.text, ...content, options } },
		};
	}

	const asMember = (post: Post): PublishJob => jobOf(post, '');

	function recording(job: PublishJob, calls: string[], bodies: unknown[]): PublishJob {
		const { http } = job.context;
		const send = async (message: HttpRequest, stop: AbortSignal) => {
			const { pathname, search } = new URL(message.url);
			const path = pathname.startsWith('/dms-uploads/') ? pathname : pathname + search;
			calls.push(`${message.method} ${decodeURIComponent(path).replace(/(urn:li:\w+:)[\w-]+/, '$1ID')}`);
			if (typeof message.body === 'string') bodies.push(JSON.parse(message.body));
			return await http.send(message, stop);
		};
		return { ...job, context: { ...job.context, http: { send } } };
	}

	async function sent(job: PublishJob): Promise<{ calls: readonly string[]; bodies: readonly unknown[] }> {
		const calls: string[] = [];
		const bodies: unknown[] = [];
		await publishPost(recording(job, calls, bodies));
		return { calls: calls.filter((call, index) => call !== calls[index - 1]), bodies };
	}

	it('sends several pictures one after the other and one post that names them in order', async () => {
		const media = pictures(3);
		const { calls, bodies } = await sent(jobOf({ media }));
		const initialize = { initializeUploadRequest: { owner: page } };
		expect(calls).toEqual([
			...Array.from({ length: 3 }, () => [
				'POST /rest/images?action=initializeUpload',
				'PUT /dms-uploads/urn:li:image:ID/0',
			]).flat(),
			'GET /rest/images/urn:li:image:ID',
			'POST /rest/posts',
		]);
		expect(bodies).toEqual([
			initialize,
			initialize,
			initialize,
			{
				...unchanged,
				author: page,
				content: {
					multiImage: { images: media.map(({ altText }) => ({ id: image, altText })) },
				},
			},
		]);
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual([20_000, 20_001, 20_002]);
	});

	it.each(['page', 'member'])('publishes one picture with what it shows, as a %s', async (author) => {
		const post: Post = { media: [fileOf('image/png', 50_000, 'A cat')], content: { title: 'Cat' } };
		const { bodies } = await sent(author === 'page' ? jobOf(post) : asMember(post));
		expect(bodies.at(-1)).toMatchObject({
			content: { media: { id: image, title: 'Cat', altText: 'A cat' } },
		});
		expect(world.posts()).toMatchObject([{ title: 'Cat', mediaSizeBytes: 50_000 }]);
	});

	it.each(['page', 'member'])('publishes a document with its title, as a %s', async (author) => {
		const post: Post = { media: [fileOf('application/pdf', 90_000)], content: { title: 'Report' } };
		const { calls, bodies } = await sent(author === 'page' ? jobOf(post) : asMember(post));
		expect(calls.filter((call) => !call.includes('userinfo'))).toEqual([
			'POST /rest/documents?action=initializeUpload',
			'PUT /dms-uploads/urn:li:document:ID/0',
			'GET /rest/documents/urn:li:document:ID',
			'POST /rest/posts',
		]);
		const id = expect.stringMatching(/^urn:li:document:/) as string;
		expect(bodies.at(-1)).toMatchObject({ content: { media: { id, title: 'Report' } } });
		expect(world.posts()).toMatchObject([{ title: 'Report', mediaSizeBytes: 90_000 }]);
	});

	it('publishes an article as a card, with a picture as its thumbnail', async () => {
		const content = {
			title: 'The story',
			description: 'About it',
			options: { articleUrl: 'https://example.com/story', visibility: 'CONNECTIONS', disableReshare: true },
		};
		const { bodies } = await sent(jobOf({ media: [fileOf('image/jpeg', 10_000)], content }));
		expect(bodies.at(-1)).toEqual({
			...unchanged,
			author: page,
			visibility: 'CONNECTIONS',
			isReshareDisabledByAuthor: true,
			content: {
				article: {
					source: 'https://example.com/story',
					title: 'The story',
					description: 'About it',
					thumbnail: image,
				},
			},
		});
		expect(world.posts()).toMatchObject([{ title: 'The story', visibility: 'connections' }]);
	});

	it('publishes words alone with one call', async () => {
		const { calls, bodies } = await sent(jobOf({}));
		expect(calls).toEqual(['POST /rest/posts']);
		expect(bodies).toEqual([{ ...unchanged, author: page }]);
	});

	describe.each([
		['several pictures', (): readonly TestFile[] => pictures(3), {}],
		['a document', (): readonly TestFile[] => [fileOf('application/pdf', 30_000)], {}],
		[
			'an article with a thumbnail',
			(): readonly TestFile[] => [fileOf('image/jpeg', 10_000)],
			{ title: 'Story', options: { articleUrl: 'https://example.com/story' } },
		],
	])('a post with %s', (kind, media, content: PostContent) => {
		it.each([false, true])(
			'is posted exactly once, wherever the process dies (answer lost: %s)',
			async (isAnswerLost) => {
				let edge = 1;
				for (; edge < 150; edge++) {
					const words = `${kind} ${edge}`;
					const post: Post = { words, media: media(), content, journal: new MemoryJournal() };
					const fate = new Fate(edge);
					world.sandbox.faults.clear();
					if (isAnswerLost) world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
					const died = await publishPost(jobOf({ ...post, fate })).then(
						() => false,
						() => fate.isDead,
					);
					if (!died) break;
					const { live } = await publishPost(jobOf(post));
					const seen = world.posts(words).map(({ platformPostId }) => platformPostId);
					expect({ edge, seen }).toEqual({ edge, seen: [live.platformPostId] });
				}
				expect(edge).toBeGreaterThan(15);
			},
		);

		it('is refused for good when LinkedIn cannot process it', async () => {
			world.sandbox.faults.add({ kind: 'fail-processing', pathPattern: '^/dms-uploads/' });
			await expect(publishPost(jobOf({ media: media(), content }))).rejects.toMatchObject({
				class: 'rejected',
				remedy: expect.stringContaining('publish again'),
			});
			expect(world.posts()).toHaveLength(0);
		});

		it('is refused with an empty file before a single request', async () => {
			const empty = media().map((file) => ({ ...file, facts: { ...file.facts, sizeBytes: 0 } }));
			await expect(publishPost(jobOf({ media: empty, content }))).rejects.toMatchObject({
				class: 'validation',
				code: 'media.size',
			});
			expect(world.sandbox.journal.requests).toHaveLength(0);
		});
	});

	it('sends only the picture again whose upload was cut', async () => {
		const media = pictures(3);
		const cut = {
			kind: 'cut-body-after-bytes',
			bytes: 5_000,
			pathPattern: '^/dms-uploads/',
			skip: 1,
		} as const;
		world.sandbox.faults.add(cut);
		await publishPost(jobOf({ media }));
		expect(media.map((file) => file.openedBytes())).toEqual([20_000, 2 * 20_001, 20_002]);
		expect(world.requests('POST', /images/)).toBe(3);
	});

	it('goes on with the first picture that is not there yet', async () => {
		const journal = new MemoryJournal();
		const media = pictures(3);
		world.sandbox.faults.add({
			kind: 'status',
			status: 503,
			times: 'always',
			pathPattern: '/dms-uploads/',
			skip: 2,
		});
		await expect(publishPost(jobOf({ media, journal }))).rejects.toMatchObject({ class: 'platform' });
		world.sandbox.faults.clear();
		await publishPost(jobOf({ media, journal }));
		expect(media.slice(0, 2).map((file) => file.openedBytes())).toEqual([20_000, 20_001]);
		expect(world.requests('POST', /images/)).toBe(3);
	});

	it('uploads everything anew when one of the pictures changed meanwhile', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 5, ...commit });
		await publishPost(jobOf({ media: pictures(2), journal })).catch(() => undefined);
		world.sandbox.faults.clear();
		await journal.disarmCommit();
		const [first] = pictures(1);
		await publishPost(jobOf({ media: [first!, fileOf('image/jpeg', 31_000)], journal }));
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual([20_000, 31_000]);
	});

	it('waits once, not once for each, when a member may not see how far the pictures are', async () => {
		const startedMs = world.clock.now().getTime();
		await publishPost(asMember({ media: pictures(20) }));
		expect(world.posts()[0]?.media).toHaveLength(20);
		expect(world.requests('GET', /\/rest\/images\//)).toBe(1);
		expect(world.clock.now().getTime() - startedMs).toBeLessThan(10_000);
	});

	it('brings a member’s post back later when LinkedIn still works on its picture', async () => {
		world.sandbox.linkedin.configure({ imageProcessingMs: 60_000 });
		await expect(publishPost(asMember({ media: pictures(1) }))).rejects.toMatchObject({
			class: 'platform',
			code: 'MEDIA_ASSET_WAITING_UPLOAD',
		});
	});
});
