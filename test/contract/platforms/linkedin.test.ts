// What only LinkedIn does: bytes to signed addresses, ETags that close the upload, an id in a header, a duplicate
// that names the post, pages beside members, and a version that ends.
import { linkedInAdapter } from '../../../lib/platforms/linkedin/adapter';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { HttpRequest } from '../../../lib/publishing/ports';
import type { PostContent } from '../../../lib/publishing/post';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { Fate, withMedia, World } from './world';

const linkedIn = networks.find(({ name }) => name === 'linkedin')!;
const signal = new AbortController().signal;
const commit = linkedIn.commit(linkedIn.mediaBytes);
const page = 'urn:li:organization:2414183';

interface Recorded {
	readonly call: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

describe('LinkedIn', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(linkedIn);
		world.sandbox.linkedin.account('tester', { organizationIds: ['2414183'] });
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	function withContent(job: PublishJob, content: PostContent): PublishJob {
		return { ...job, draft: { ...job.draft, content: { ...job.draft.content, ...content } } };
	}

	function onPage(job: PublishJob, content: PostContent = {}): PublishJob {
		return withContent(job, { ...content, options: { ...content.options, author: page } });
	}

	function recording(job: PublishJob, recorded: Recorded[]): PublishJob {
		const { http } = job.context;
		const send = async (message: HttpRequest, stop: AbortSignal) => {
			const { pathname, search } = new URL(message.url);
			const isSigned = pathname.startsWith('/dms-uploads/');
			const path = isSigned ? pathname.replace(/urn[^/]*/, 'URN') : decodeURIComponent(pathname) + search;
			recorded.push({
				call: `${message.method} ${path}`,
				headers: { ...message.headers },
				body: typeof message.body === 'string' ? JSON.parse(message.body) : undefined,
			});
			return await http.send(message, stop);
		};
		return { ...job, context: { ...job.context, http: { send } } };
	}

	it('opens, puts each range it was given, closes with the ETags, waits, and posts (facts 5.1–5.3)', async () => {
		const recorded: Recorded[] = [];
		await publishPost(recording(world.job(), recorded));
		const person = `urn:li:person:${world.sandbox.journal.posts[0]!.accountId}`;
		const video = expect.stringMatching(/^urn:li:video:[\w-]+$/) as string;
		const calls = recorded.map(({ call }) => call.replace(/urn:li:video:[\w-]+/, 'VIDEO'));
		expect(calls.filter((call, index) => call !== calls[index - 1])).toEqual([
			'GET /v2/userinfo',
			'POST /rest/videos?action=initializeUpload',
			'PUT /dms-uploads/URN/0',
			'PUT /dms-uploads/URN/1',
			'POST /rest/videos?action=finalizeUpload',
			'GET /rest/videos/VIDEO',
			'POST /rest/posts',
		]);
		for (const { call, headers } of recorded.filter((one) => one.call.includes('/rest/'))) {
			expect({ call, headers }).toMatchObject({
				headers: {
					authorization: `Bearer ${world.tokens[0]}`,
					'linkedin-version': '202608',
					'x-restli-protocol-version': '2.0.0',
				},
			});
		}
		const puts = recorded.filter(({ call }) => call.startsWith('PUT '));
		expect(puts.map(({ headers }) => headers)).toEqual([
			{ 'content-type': 'application/octet-stream', 'content-length': '4194304' },
			{ 'content-type': 'application/octet-stream', 'content-length': '100' },
		]);
		const posts = recorded.filter(({ call }) => call.startsWith('POST '));
		for (const { headers } of posts) expect(headers['content-type']).toBe('application/json');
		const etag = expect.stringMatching(/^\/ambry-video\//) as string;
		expect(posts.map(({ body }) => body)).toEqual([
			{
				initializeUploadRequest: {
					owner: person,
					fileSizeBytes: linkedIn.mediaBytes,
					uploadCaptions: false,
					uploadThumbnail: false,
				},
			},
			{ finalizeUploadRequest: { video, uploadToken: '', uploadedPartIds: [etag, etag] } },
			{
				author: person,
				commentary: 'Hello from the clip',
				visibility: 'PUBLIC',
				distribution: {
					feedDistribution: 'MAIN_FEED',
					targetEntities: [],
					thirdPartyDistributionChannels: [],
				},
				content: { media: { id: video } },
				lifecycleState: 'PUBLISHED',
				isReshareDisabledByAuthor: false,
			},
		]);
	});

	it('asks for the member once, not for every post', async () => {
		await publishPost(world.job({ words: 'One', withoutMedia: true }));
		await publishPost(world.job({ words: 'Two', withoutMedia: true }));
		expect(world.requests('GET', /userinfo/)).toBe(1);
		expect(world.sandbox.journal.posts).toHaveLength(2);
	});

	it('sends only the part again whose answer was lost, and closes with its new ETag', async () => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...linkedIn.part });
		await publishPost(world.job());
		expect(world.requests('PUT', /dms-uploads/)).toBe(3);
		expect(world.posts()[0]?.mediaSizeBytes).toBe(linkedIn.mediaBytes);
	});

	it('goes on when the answer to the closing call is lost, although closing twice is refused', async () => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', method: 'POST', pathPattern: 'videos$', skip: 1 });
		await publishPost(world.job());
		expect(world.posts()).toHaveLength(1);
		expect(world.requests('POST', /finalizeUpload/)).toBe(2);
	});

	it('starts the upload anew when its addresses are over', async () => {
		const journal = new MemoryJournal();
		await publishPost(world.job({ journal, fate: new Fate(9) })).catch(() => undefined);
		expect((await journal.load()).handle).not.toBeNull();
		await world.clock.sleep(3 * 24 * 3_600_000, signal);
		await publishPost(world.job({ journal }));
		expect(world.requests('POST', /initializeUpload/)).toBe(2);
		expect(world.posts()).toHaveLength(1);
	});

	it('takes a 401 of an address for its end, not for that of the token', async () => {
		world.sandbox.faults.add({ kind: 'status', status: 401, ...linkedIn.part });
		await publishPost(world.job());
		expect(world.authorizer.refreshes).toBe(0);
		expect(world.requests('POST', /initializeUpload/)).toBe(2);
	});

	it('puts no signed address into a log, an error or the journal of the sandbox', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'drop-before', times: 'always', skip: 1, ...linkedIn.part });
		const error: unknown = await publishPost(world.job({ journal })).catch((thrown: unknown) => thrown);
		const { handle } = await journal.load();
		const addresses = JSON.stringify(handle).match(/ut=\w+/g)!;
		expect(addresses).toHaveLength(2);
		const requests = JSON.stringify(world.sandbox.journal.requests);
		const said = `${world.logged.join()} ${JSON.stringify(error)} ${String((error as Error).stack)} ${requests}`;
		for (const address of addresses) expect(said).not.toContain(address);
	});

	it('forgets the signed addresses as soon as the bytes are there', async () => {
		const journal = new MemoryJournal();
		await publishPost(world.job({ journal }));
		expect(JSON.stringify((await journal.load()).handle)).not.toContain('ut=');
	});

	it('says what to do when the version of the API has ended, and takes a newer one that is named', async () => {
		world.sandbox.linkedin.configure({ oldestVersion: '202609', newestVersion: '202708' });
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'rejected',
			scope: 'app',
			code: 'NONEXISTENT_VERSION',
			httpStatus: 426,
			remedy: expect.stringMatching(/202608.*Update n8n-nodes-stackkraft/),
		});
		expect(world.posts()).toHaveLength(0);
		const job = world.job();
		await publishPost({ ...job, context: { ...job.context, apiVersion: '202701' } });
		expect(world.posts()).toHaveLength(1);
	});

	it('waits for midnight UTC when the day of the member is used up', async () => {
		world.sandbox.faults.add({ kind: 'quota-left', left: 0, ...commit });
		const tomorrow = new Date(world.clock.now().getTime() + 24 * 3_600_000).toISOString().slice(0, 10);
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'quota',
			code: 'member-day-limit',
			retryAt: new Date(`${tomorrow}T00:00:00Z`),
		});
	});

	describe('as a member, whose posts nobody can read (facts 5.8)', () => {
		it('takes the post that the duplicate names after a lost answer, and waits before it asks', async () => {
			world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
			const startedMs = world.clock.now().getTime();
			const { live, wasAlreadyPosted } = await publishPost(world.job());
			expect(wasAlreadyPosted).toBe(true);
			expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
			const asked = world.sandbox.journal.requests.filter(({ path }) => path === '/rest/posts');
			expect(asked.map(({ status }) => status)).toEqual([undefined, 422]);
			expect(Date.parse(asked[1]!.at) - startedMs).toBeGreaterThanOrEqual(120_000);
		});

		it('asks again when the answer to the question is lost as well', async () => {
			world.sandbox.faults.add({ kind: 'drop-after-effect', times: 2, ...commit });
			await publishPost(world.job());
			expect(world.posts()).toHaveLength(1);
		});

		it('sends nothing any more once a repeat might no longer be recognised, and asks a person', async () => {
			const journal = new MemoryJournal();
			world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
			const job = world.job({ journal, withoutMedia: true });
			const sleep = async (): Promise<void> => Promise.reject(new Error('stopped'));
			const clock = { now: () => world.clock.now(), sleep };
			const stopped = { ...job, context: { ...job.context, clock } };
			await expect(publishPost(stopped)).rejects.toThrow();
			expect((await journal.load()).commitIntent).not.toBeNull();
			// Longer than any window in which LinkedIn recognises a repeat.
			await world.clock.sleep(3 * 3_600_000, signal);
			await expect(publishPost(world.job({ journal, withoutMedia: true }))).rejects.toMatchObject({
				class: 'unknown',
				remedy: expect.stringContaining('Look at the profile'),
			});
			expect(world.posts()).toHaveLength(1);
			expect(world.requests('POST', /^\/rest\/posts$/)).toBe(1);
		});

		it('does not take a post for its own that was there before it was asked for', async () => {
			await publishPost(world.job({ withoutMedia: true }));
			await expect(publishPost(world.job({ withoutMedia: true }))).rejects.toMatchObject({
				class: 'validation',
				code: 'DUPLICATE_POST',
			});
			expect(world.posts()).toHaveLength(1);
		});

		it('reads its numbers metric by metric, whichever of its two shapes the type has', async () => {
			const { live } = await publishPost(world.job());
			await world.clock.sleep(3_600_000, signal);
			const [found] = await linkedInAdapter.metrics(world.context(), [live.platformPostId]);
			expect(found!.metrics).toEqual({
				views: null,
				watchTimeSeconds: null,
				likes: expect.any(Number),
				comments: expect.any(Number),
				shares: expect.any(Number),
				saves: expect.any(Number),
				clicks: expect.any(Number),
				reach: expect.any(Number),
				impressions: expect.any(Number),
			});
			expect(world.requests('GET', /memberCreatorPostAnalytics/)).toBe(7);
		});
	});

	describe('as a page', () => {
		it('publishes as the page and asks for no member', async () => {
			await publishPost(onPage(world.job()));
			expect(world.posts()[0]).toMatchObject({ accountId: '2414183' });
			expect(world.requests('GET', /userinfo/)).toBe(0);
		});

		it.each(['Plain words', 'Reserved (characters) & #tags, a_b*c~d <e> [f] {g} | \\ @h'])(
			'finds a text-only post among those of the page after a lost answer, without sending: %s',
			async (words) => {
				world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
				const job = onPage(world.job({ words, withoutMedia: true }));
				const { live, wasAlreadyPosted } = await publishPost(job);
				expect(wasAlreadyPosted).toBe(true);
				expect(world.posts(words).map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
				expect(world.requests('POST', /^\/rest\/posts$/)).toBe(1);
			},
		);

		it('finds a post behind a full page of others by its media', async () => {
			world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
			const journal = new MemoryJournal();
			const job = onPage(world.job({ journal }));
			const interrupted = { ...job, context: { ...job.context, signal } };
			world.sandbox.faults.add({ kind: 'status', status: 403, method: 'GET', pathPattern: '^/rest/posts$' });
			await expect(publishPost(interrupted)).rejects.toMatchObject({ class: 'auth' });
			for (let other = 0; other < 12; other++) {
				await publishPost(onPage(world.job({ words: `Other ${other}`, withoutMedia: true })));
			}
			const { live } = await publishPost(onPage(world.job({ journal })));
			expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
			expect(world.requests('POST', /^\/rest\/posts$/)).toBe(1 + 12);
		});

		it('posts again only after the call had time to appear', async () => {
			world.sandbox.faults.add({ kind: 'drop-before', ...commit });
			const startedMs = world.clock.now().getTime();
			await publishPost(onPage(world.job()));
			const [, second] = world.sandbox.journal.requests.filter(({ path }) => path === '/rest/posts');
			expect(Date.parse(second!.at) - startedMs).toBeGreaterThanOrEqual(120_000);
			expect(world.posts()).toHaveLength(1);
		});

		it('takes the duplicate that it made itself for its own post', async () => {
			const journal = new MemoryJournal();
			world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
			world.sandbox.faults.add({
				kind: 'status',
				status: 503,
				times: 'always',
				method: 'GET',
				pathPattern: '^/rest/posts$',
			});
			await expect(publishPost(onPage(world.job({ journal })))).rejects.toMatchObject({ class: 'platform' });
			world.sandbox.faults.clear();
			// As if the list had lied for longer than the reader waits.
			await journal.disarmCommit();
			const { live } = await publishPost(onPage(world.job({ journal })));
			expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
		});

		it('reads the numbers of many posts in one call, and the state of each', async () => {
			const ids: string[] = [];
			for (const words of ['One', 'Two', 'Three']) {
				const withoutMedia = words !== 'Three';
				ids.push((await publishPost(onPage(world.job({ words, withoutMedia })))).live.platformPostId);
			}
			await world.clock.sleep(3_600_000, signal);
			const found = await linkedInAdapter.metrics(world.context(), ids);
			expect(found.map(({ platformPostId }) => platformPostId)).toEqual(ids);
			expect(found[0]!.metrics).toMatchObject({ views: null, saves: null, reach: expect.any(Number) });
			expect(world.requests('GET', /organizationalEntityShareStatistics/)).toBe(1);
			expect((await linkedInAdapter.status(world.context(), ids[0]!)).state).toBe('live');
		});

		it('gives null, never 0, for a post that LinkedIn leaves out of its answer', async () => {
			const { live } = await publishPost(onPage(world.job({ withoutMedia: true })));
			const [found] = await linkedInAdapter.metrics(world.context(), [live.platformPostId]);
			expect(found!.metrics.impressions).toBeNull();
			expect(found!.raw).toBeNull();
		});

		it('is told that a right is missing when the account does not administer the page', async () => {
			world.sandbox.linkedin.account('tester', { organizationIds: [] });
			await expect(publishPost(onPage(world.job()))).rejects.toMatchObject({
				class: 'auth',
				code: 'ACCESS_DENIED',
				remedy: expect.stringContaining('administers the page'),
			});
		});
	});

	describe('with a picture, an article or words alone', () => {
		const picture = (job: PublishJob): PublishJob => {
			const bytes = Buffer.alloc(50_000, 3);
			const source = {
				sizeBytes: bytes.length,
				mimeType: 'image/png',
				fileName: 'picture.png',
				read: async function* (startByte: number, endByte: number) {
					yield bytes.subarray(startByte, endByte);
				},
			};
			const facts = { kind: 'image' as const, mimeType: 'image/png', sizeBytes: bytes.length };
			return withMedia(job, [{ source, facts }]);
		};

		it.each(['member', 'page'])('publishes one picture with its alternative text as a %s', async (author) => {
			const options = { altText: 'A cat', ...(author === 'page' && { author: page }) };
			await publishPost(withContent(picture(world.job()), { title: 'Cat', options }));
			expect(world.posts()).toMatchObject([{ title: 'Cat', mediaSizeBytes: 50_000 }]);
			expect(world.posts()[0]!.platformPostId).toMatch(/^urn:li:share:/);
		});

		it('publishes an article as a card', async () => {
			const options = { articleUrl: 'https://example.com/story', visibility: 'CONNECTIONS' };
			const content = { title: 'The story', description: 'About it', options };
			await publishPost(withContent(world.job({ withoutMedia: true }), content));
			expect(world.posts()).toMatchObject([{ title: 'The story', visibility: 'connections', media: [] }]);
		});

		it('lets no reserved character cut the text off', async () => {
			const words = 'A (really) *good* [clip] <3 #video_2 @me {x} |y| ~z~ back\\slash';
			await publishPost(world.job({ words, withoutMedia: true }));
			expect(world.posts(words)).toHaveLength(1);
		});
	});

	it('tells a wrong id from a post that is gone', async () => {
		await expect(linkedInAdapter.status(world.context(), '12345')).rejects.toMatchObject({
			class: 'validation',
			remedy: expect.stringContaining('urn:li:share:'),
		});
	});
});
