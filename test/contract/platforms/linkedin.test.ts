// What only LinkedIn does: bytes to signed addresses, ETags that close the upload, an id in a header, a duplicate
// that names the post, pages beside members, and a version that ends.
import { PublishError } from '../../../lib/publishing/errors';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { HttpRequest } from '../../../lib/publishing/ports';
import type { PostContent } from '../../../lib/publishing/post';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { networks, type NetworkUnderTest } from './networks';
import { Fate, World } from './world';

/** As the member; the promises that all networks share are kept as a page. */
const linkedIn: NetworkUnderTest = {
	...networks.find(({ name }) => name === 'linkedin')!,
	contentOf: (words) => ({ text: words }),
};
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
		it.each(['drop-after-effect', 'drop-before'] as const)(
			'sends nothing a second time after a lost answer (%s), and tells a person at once where to look',
			async (kind) => {
				world.sandbox.faults.add({ kind, ...commit });
				const journal = new MemoryJournal();
				for (let run = 0; run < 3; run++) {
					await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({
						class: 'unknown',
						needsPerson: true,
						message: expect.stringContaining('2026-'),
						remedy: expect.stringMatching(/recent-activity.*“Hello from the clip”.*Nothing is sent again/),
					});
				}
				expect(world.requests('POST', /^\/rest\/posts$/)).toBe(1);
				expect((await journal.load()).commitIntent).not.toBeNull();
			},
		);

		it('asks a person after a 503 too, because the post may be there', async () => {
			world.sandbox.faults.add({ kind: 'status-after-effect', status: 503, ...commit });
			await expect(publishPost(world.job())).rejects.toMatchObject({ class: 'unknown', needsPerson: true });
			expect(world.requests('POST', /^\/rest\/posts$/)).toBe(1);
		});

		it('names an address that opens', async () => {
			world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
			const error = (await publishPost(world.job()).catch((thrown: unknown) => thrown)) as PublishError;
			const [address = ''] = /http\S+/.exec(error.remedy ?? '') ?? [];
			const page = await fetch(address);
			expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Hello from the clip')]);
		});

		it('publishes at most once, wherever it dies, and a post that is not seen is a person’s', async () => {
			for (let edge = 1; edge < 100; edge++) {
				const words = `Member ${edge}`;
				const journal = new MemoryJournal();
				const fate = new Fate(edge);
				const attempt = { words, journal, withoutMedia: true };
				const died = await publishPost(world.job({ ...attempt, fate })).then(
					() => false,
					() => fate.isDead,
				);
				if (!died) break;
				const isArmed = (await journal.load()).commitIntent !== null;
				const again = await publishPost(world.job(attempt)).catch((thrown: unknown) => thrown);
				expect({ edge, isAsked: again instanceof PublishError && again.needsPerson }).toEqual({
					edge,
					isAsked: isArmed,
				});
				expect(world.posts(words).length).toBeLessThanOrEqual(1);
				expect(isArmed || world.posts(words).length === 1).toBe(true);
			}
		});

		it('does not take a post for its own that was there before it was asked for', async () => {
			await publishPost(world.job({ withoutMedia: true }));
			await expect(publishPost(world.job({ withoutMedia: true }))).rejects.toMatchObject({
				class: 'validation',
				code: 'DUPLICATE_POST',
			});
			expect(world.posts()).toHaveLength(1);
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

		it('is told that a right is missing when the account does not administer the page', async () => {
			world.sandbox.linkedin.account('tester', { organizationIds: [] });
			await expect(publishPost(onPage(world.job()))).rejects.toMatchObject({
				class: 'auth',
				code: 'ACCESS_DENIED',
				remedy: expect.stringContaining('administers the page'),
			});
		});
	});

	it('lets no reserved character cut the text off', async () => {
		const words = 'A (really) *good* [clip] <3 #video_2 @me {x} |y| ~z~ back\\slash';
		await publishPost(world.job({ words, withoutMedia: true }));
		expect(world.posts(words)).toHaveLength(1);
	});
});
