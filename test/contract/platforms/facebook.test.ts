// What only Facebook does: a page's own token out of a person's, an upload host that wants another word before the
// token, videos that tell what became of them, and posts that have to be found again by what they say.
import { facebookAdapter } from '../../../lib/platforms/facebook/adapter';
import type { MediaFacts } from '../../../lib/publishing/adapter';
import type { PublishError } from '../../../lib/publishing/errors';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { HttpRequest, RangedSource } from '../../../lib/publishing/ports';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { Fate, withMedia, World, type Attempt } from './world';

const facebook = networks.find(({ name }) => name === 'facebook')!;
const signal = new AbortController().signal;
const finish = facebook.commit(facebook.mediaBytes);

interface Sent {
	readonly call: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

type Kind = 'text' | 'photo' | 'video';

const commits = {
	text: { method: 'POST', pathPattern: '/feed$' },
	photo: { method: 'POST', pathPattern: '/feed$' },
	// The call that opens the upload is the shorter of the two with this path.
	video: {
		method: 'POST',
		pathPattern: '/videos$',
		headerPatterns: { 'content-type': '^application/json', 'content-length': '^([6-9]\\d|\\d{3,})$' },
	},
} as const;

describe('Facebook', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(facebook);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	function jobOf(kind: Kind, attempt: Attempt = {}): PublishJob {
		const job = world.job({ ...attempt, withoutMedia: kind === 'text' });
		if (kind === 'text') return job;
		if (kind === 'video') {
			const content = { ...job.draft.content, options: { videoType: 'video' } };
			return { ...job, draft: { ...job.draft, content } };
		}
		const source: RangedSource = {
			sizeBytes: 300_000,
			mimeType: 'image/jpeg',
			fileName: 'photo.jpg',
			read: (startByte, endByte) => world.media.read(startByte, endByte),
		};
		const facts: MediaFacts = { kind: 'image', mimeType: 'image/jpeg', sizeBytes: 300_000 };
		return withMedia(job, [{ source, facts }]);
	}

	function recording(job: PublishJob, sent: Sent[]): PublishJob {
		const { http } = job.context;
		const send = async (message: HttpRequest, stop: AbortSignal) => {
			const { pathname, search } = new URL(message.url);
			const { authorization = '', ...headers } = message.headers ?? {};
			sent.push({
				call: `${message.method} ${decodeURIComponent(pathname + search).replace(/\d{12,}/g, 'ID')}`,
				headers: { ...headers, scheme: authorization.split(' ')[0]! },
				body: typeof message.body === 'string' ? JSON.parse(message.body) : undefined,
			});
			return await http.send(message, stop);
		};
		return { ...job, context: { ...job.context, http: { send } } };
	}

	it('asks for the page, opens, sends the bytes, finishes, and waits until it is public (facts 6.1, 6.2)', async () => {
		const sent: Sent[] = [];
		const job = world.job({ words: 'Recorded' });
		const content = { ...job.draft.content, title: 'A title' };
		const { live } = await publishPost(recording({ ...job, draft: { ...job.draft, content } }, sent));
		const [pageId, videoId] = live.platformPostId.split('_');
		const status = 'GET /v26.0/ID?fields=status,permalink_url,published,post_id';
		const json = { 'content-type': 'application/json', scheme: 'Bearer' };
		expect(sent).toEqual([
			{
				call: 'GET /v26.0/me/accounts?fields=id,name,access_token&limit=100',
				headers: { scheme: 'Bearer' },
				body: undefined,
			},
			{ call: 'POST /v26.0/ID/video_reels', headers: json, body: { upload_phase: 'start' } },
			{ call: status, headers: { scheme: 'Bearer' }, body: undefined },
			{
				call: 'POST /video-upload/v26.0/ID',
				headers: {
					scheme: 'OAuth',
					offset: '0',
					file_size: String(facebook.mediaBytes),
					'content-type': 'application/octet-stream',
					'content-length': String(facebook.mediaBytes),
				},
				body: undefined,
			},
			{ call: status, headers: { scheme: 'Bearer' }, body: undefined },
			{
				call: 'POST /v26.0/ID/video_reels',
				headers: json,
				body: {
					upload_phase: 'finish',
					video_id: videoId,
					video_state: 'PUBLISHED',
					description: 'Recorded',
					title: 'A title',
				},
			},
			{ call: status, headers: { scheme: 'Bearer' }, body: undefined },
			{ call: status, headers: { scheme: 'Bearer' }, body: undefined },
		]);
		expect(live.url).toBe(`${world.context().apiBaseUrl}/reel/${videoId}/`);
		expect(world.posts('Recorded')[0]?.accountId).toBe(pageId);
	});

	it('publishes with the token of the page and never with that of the person', async () => {
		const seen: string[] = [];
		const job = world.job();
		const { http } = job.context;
		const send: typeof http.send = async (message, stop) => {
			if (!message.url.includes('/me/accounts')) seen.push(message.headers?.['authorization'] ?? '');
			expect(message.url).not.toContain('token=');
			return await http.send(message, stop);
		};
		const journal = new MemoryJournal();
		await publishPost({ ...job, journal, context: { ...job.context, http: { send } } });
		const tokens = [...new Set(seen.map((header) => header.split(' ')[1]!))];
		expect(tokens).toEqual([expect.stringMatching(/^page-/)]);
		const kept = JSON.stringify(await journal.load()) + world.logged.join('\n');
		for (const token of [...tokens, ...world.tokens]) expect(kept).not.toContain(token);
	});

	describe('the choice of the page', () => {
		const withPage = (pageId?: string): PublishJob => {
			const job = world.job({ withoutMedia: true });
			const options = pageId === undefined ? {} : { pageId };
			return { ...job, draft: { ...job.draft, content: { ...job.draft.content, options } } };
		};

		it('asks which one when there are several, and names them', async () => {
			const { accountId } = world.sandbox.facebook.account('tester', { pageCount: 2 });
			const failing = publishPost(withPage());
			await expect(failing).rejects.toMatchObject({
				class: 'validation',
				remedy: expect.stringContaining(accountId),
			});
			expect(world.posts()).toHaveLength(0);
		});

		it('posts on the chosen one, though it stands on a later page of the list', async () => {
			const { accountId } = world.sandbox.facebook.account('tester', { pageCount: 5 });
			world.sandbox.facebook.configure({ pageSize: 2 });
			const { live } = await publishPost(withPage(`${accountId}5`));
			expect(live.platformPostId).toMatch(new RegExp(`^${accountId}5_`));
		});

		it('refuses a page that the person does not manage', async () => {
			await expect(publishPost(withPage('4711'))).rejects.toMatchObject({ class: 'auth', code: 'page' });
			world.sandbox.facebook.account('tester', { pageCount: 0 });
			await expect(publishPost(withPage())).rejects.toMatchObject({ class: 'auth', code: 'page' });
		});
	});

	describe.each(['text', 'photo', 'video'] as const)('a %s', (kind) => {
		it('is posted exactly once, wherever the process dies, with and without a lost answer', async () => {
			let edges = 0;
			for (const isAnswerLost of [false, true]) {
				for (let edge = 1; edge < 150; edge++) {
					const words = `${kind} ${edge} ${isAnswerLost}`;
					const journal = new MemoryJournal();
					const fate = new Fate(edge);
					world.sandbox.faults.clear();
					if (isAnswerLost) world.sandbox.faults.add({ kind: 'drop-after-effect', ...commits[kind] });
					const died = await publishPost(jobOf(kind, { words, journal, fate })).then(
						() => false,
						() => fate.isDead,
					);
					if (!died) break;
					edges++;
					const { live } = await publishPost(jobOf(kind, { words, journal }));
					const seen = world.posts(words).map(({ platformPostId }) => platformPostId);
					expect({ edge, seen }).toEqual({ edge, seen: [live.platformPostId] });
				}
			}
			expect(edges).toBeGreaterThan(20);
		});

		it('carries all its bytes and opens at its address', async () => {
			const { live } = await publishPost(jobOf(kind));
			const sizes = { text: undefined, photo: 300_000, video: facebook.mediaBytes };
			expect(world.posts()).toMatchObject([
				{ platformPostId: live.platformPostId, mediaSizeBytes: sizes[kind], url: live.url },
			]);
			expect((await fetch(live.url)).status).toBe(200);
		});

		it('is found after a 503 that came behind the effect', async () => {
			world.sandbox.faults.add({ kind: 'status-after-effect', status: 503, ...commits[kind] });
			const { wasAlreadyPosted } = await publishPost(jobOf(kind));
			expect(wasAlreadyPosted).toBe(true);
			expect(world.posts()).toHaveLength(1);
		});

		it('tells its numbers and that it is live', async () => {
			const { live } = await publishPost(jobOf(kind));
			await world.clock.sleep(3_600_000, signal);
			const context = world.context();
			const [found] = await facebookAdapter.metrics(context, [live.platformPostId]);
			expect(found?.metrics).toMatchObject({
				views: expect.any(Number),
				reach: expect.any(Number),
				clicks: expect.any(Number),
				likes: expect.any(Number),
				saves: null,
				watchTimeSeconds: kind === 'video' ? expect.any(Number) : null,
			});
			const status = await facebookAdapter.status(context, live.platformPostId);
			expect(status).toMatchObject({ state: 'live', url: live.url });
		});
	});

	it.each([
		['Plain words', {}],
		['A link https://example.com/some/path?with=query and a bare one https://example.com', {}],
		['Emoji 👩‍👩‍👧\n\nand   spaces', {}],
		['', { link: 'https://example.com/only-a-link' }],
	])('finds the text post %p after a lost answer', async (words, options) => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commits.text });
		const job = jobOf('text', { words });
		const draft = { ...job.draft, content: { ...job.draft.content, options } };
		const { live, wasAlreadyPosted } = await publishPost({ ...job, draft });
		expect(wasAlreadyPosted).toBe(true);
		expect(world.sandbox.journal.posts.map(({ platformPostId }) => platformPostId)).toEqual([
			live.platformPostId,
		]);
	});

	it('finds a photo without words by the photo itself, among others', async () => {
		await publishPost(jobOf('photo', { words: '' }));
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commits.photo });
		const { live } = await publishPost(jobOf('photo', { words: '' }));
		const made = world.sandbox.journal.posts.map(({ platformPostId }) => platformPostId);
		expect(made).toHaveLength(2);
		expect(live.platformPostId).toBe(made[1]);
	});

	it('never calls a post absent before it had time to appear', async () => {
		world.sandbox.faults.add({ kind: 'drop-before', ...commits.text });
		const startedMs = world.clock.now().getTime();
		await publishPost(jobOf('text'));
		const [, second] = world.sandbox.journal.requests.filter(({ path }) => path.endsWith('/feed'));
		expect(Date.parse(second!.at) - startedMs).toBeGreaterThanOrEqual(5 * 60_000);
	});

	it('tells a person when the same text stands there from somebody else', async () => {
		world.sandbox.facebook.configure({ duplicateWindowMs: 86_400_000 });
		await publishPost(jobOf('text'));
		await world.clock.sleep(30 * 60_000, signal);
		await expect(publishPost(jobOf('text'))).rejects.toMatchObject({ class: 'validation', code: '506' });
		expect(world.posts()).toHaveLength(1);
	});

	it('waits for a video that is worked on for longer than one run, and sends nothing meanwhile', async () => {
		world.sandbox.facebook.configure({ processingMs: 40 * 60_000 });
		const journal = new MemoryJournal();
		await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({
			class: 'unknown',
			code: 'processing',
		});
		await world.clock.sleep(40 * 60_000, signal);
		expect((await publishPost(world.job({ journal }))).wasAlreadyPosted).toBe(true);
		const finishes = world.sandbox.journal.requests.filter(
			({ path, bodyBytes }) => path.endsWith('/video_reels') && bodyBytes >= 100,
		);
		expect(finishes).toHaveLength(1);
	});

	it('says for good that processing failed, also when the answer to finish was lost', async () => {
		world.sandbox.faults.add({ kind: 'fail-processing', reason: 'bad codec', ...finish });
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...finish });
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'rejected',
			message: expect.stringContaining('bad codec'),
		});
		expect(world.posts()).toHaveLength(0);
	});

	it('starts over when the upload expired before anything was published with it', async () => {
		const journal = new MemoryJournal();
		const until = new Fate(8);
		await publishPost(world.job({ journal, fate: until })).catch(() => undefined);
		expect((await journal.load()).handle).not.toBeNull();
		await world.clock.sleep(25 * 3_600_000, signal);
		await publishPost(world.job({ journal }));
		expect(world.posts()).toHaveLength(1);
	});

	it('goes on with the range that Facebook names when the answer to a part was lost', async () => {
		world.sandbox.facebook.configure({ chunkBytes: 500_000 });
		world.sandbox.faults.add({
			kind: 'drop-after-effect',
			method: 'POST',
			pathPattern: '/videos$',
			headerPatterns: { 'content-type': '^multipart/' },
			skip: 1,
		});
		await publishPost(jobOf('video'));
		expect(world.posts()[0]?.mediaSizeBytes).toBe(facebook.mediaBytes);
		expect(world.media.openedBytes).toBeLessThan(facebook.mediaBytes + 500_001);
	});

	it('gives up after a bounded number of cuts without one new byte', async () => {
		world.sandbox.faults.add({
			kind: 'cut-body-after-bytes',
			bytes: 100,
			times: 'always',
			pathPattern: '^/video-upload/',
		});
		await expect(publishPost(world.job())).rejects.toMatchObject({ class: 'network' });
		expect(world.posts()).toHaveLength(0);
	});

	it('waits as long as the page’s own usage says', async () => {
		world.sandbox.faults.add({ kind: 'quota-left', left: 0, pathPattern: '/video_reels$' });
		const startedMs = world.clock.now().getTime();
		const error: unknown = await publishPost(world.job()).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ class: 'rate-limit', code: '80001', scope: 'account' });
		const waitMs = (error as PublishError).retryAt!.getTime() - startedMs;
		expect(waitMs).toBeGreaterThanOrEqual(42 * 60_000);
		expect(waitMs).toBeLessThan(43 * 60_000);
	});

	it('uploads anew when the media changed under the upload', async () => {
		const journal = new MemoryJournal();
		await publishPost(world.job({ journal, fate: new Fate(8) })).catch(() => undefined);
		await journal.saveHandle({ ...(await journal.load()).handle, sizesBytes: [5] });
		await publishPost(world.job({ journal }));
		expect(world.posts()[0]?.mediaSizeBytes).toBe(facebook.mediaBytes);
	});
});
