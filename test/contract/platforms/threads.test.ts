// What only Threads does: it fetches the media itself, a container is the key to exactly once, and a published
// container names no post.
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { HttpRequest } from '../../../lib/publishing/ports';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { withMedia, World } from './world';

const threads = networks.find(({ name }) => name === 'threads')!;
const signal = new AbortController().signal;
const commit = threads.commit(threads.mediaBytes);
const lost = { kind: 'drop-after-effect', ...commit } as const;

/** A job that also keeps what it sends. */
function recorded(job: PublishJob): { job: PublishJob; sent: HttpRequest[] } {
	const sent: HttpRequest[] = [];
	const { http } = job.context;
	const send: typeof http.send = async (request, stop) => {
		sent.push(request);
		return await http.send(request, stop);
	};
	return { job: { ...job, context: { ...job.context, http: { send } } }, sent };
}

function shown({ method, url, headers, body }: HttpRequest): string {
	const { pathname, searchParams } = new URL(url);
	const fields = new URLSearchParams(typeof body === 'string' ? body : searchParams);
	const shownFields = [...fields].map(([name, value]) => `${name}=${value}`).join(' ');
	const type = headers?.['content-type'] ?? '-';
	return `${method} ${pathname.replace(/\d{15,}/g, 'ID')} ${type} ${shownFields.replace(/\d{15,}/g, 'ID')}`;
}

describe('Threads', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(threads);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	it('asks who it is, makes a container, waits for it, publishes it and reads the address (facts 7.2)', async () => {
		const { job, sent } = recorded(world.job());
		const address = await job.draft.media[0]?.publicUrl?.();
		const content = { text: 'Recorded', options: { replyControl: 'followers_only', topicTag: 'Clips' } };
		await publishPost({ ...job, draft: { ...job.draft, content } });
		const form = 'application/x-www-form-urlencoded';
		const calls = sent.map(shown);
		expect(calls.filter((call, index) => call !== calls[index - 1])).toEqual([
			'GET /v1.0/me - fields=id',
			'GET /v1.0/ID/threads_publishing_limit - fields=quota_usage,config',
			`POST /v1.0/ID/threads ${form} media_type=VIDEO video_url=${address} text=Recorded reply_control=followers_only topic_tag=Clips`,
			'GET /v1.0/ID - fields=status,error_message',
			`POST /v1.0/ID/threads_publish ${form} creation_id=ID`,
			'GET /v1.0/ID - fields=id,permalink,timestamp,text,media_type',
		]);
		for (const { headers, url } of sent) {
			expect(headers?.['authorization']).toMatch(/^Bearer /);
			expect(url).not.toContain('access_token');
		}
	});

	it.each(['Plain words', 'Emoji 👩‍👩‍👧 and #topic', 'Two  spaces\n\nand lines', '日本語のテキスト'])(
		'finds a text post after a lost answer: %s',
		async (words) => {
			world.sandbox.faults.add(lost);
			const { live, wasAlreadyPosted } = await publishPost(world.job({ words, withoutMedia: true }));
			expect(wasAlreadyPosted).toBe(true);
			expect(world.posts(words).map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
			expect(world.requests('POST', /threads_publish$/)).toBe(1);
		},
	);

	it('tells its own post from an earlier one with the same words', async () => {
		const first = await publishPost(world.job());
		await world.clock.sleep(3_600_000, signal);
		world.sandbox.faults.add(lost);
		const second = await publishPost(world.job());
		expect(second.wasAlreadyPosted).toBe(true);
		expect(second.live.platformPostId).not.toBe(first.live.platformPostId);
		expect(world.posts()).toHaveLength(2);
	});

	it('leaves it to a person when two posts could be the one whose answer was lost', async () => {
		world.sandbox.faults.add(lost);
		const journal = new MemoryJournal();
		// Nobody can look for it until a second, equal post stands beside it.
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 3, method: 'GET', skip: 3 });
		await publishPost(world.job({ journal, withoutMedia: true })).catch(() => undefined);
		await publishPost(world.job({ withoutMedia: true }));
		const failure = publishPost(world.job({ journal, withoutMedia: true }));
		await expect(failure).rejects.toMatchObject({ class: 'unknown' });
		expect(world.posts()).toHaveLength(2);
	});

	it('says posted when the connection ends right after the call that named the post, and looks for nothing', async () => {
		const ended = { kind: 'status', status: 400, reason: '190', times: 'always', method: 'GET' } as const;
		world.sandbox.faults.add({ ...ended, pathPattern: '^/v1.0/\\d+$', skip: 2 });
		const { live, wasAlreadyPosted } = await publishPost(world.job());
		const [seen] = world.posts();
		expect(live).toEqual({ platformPostId: seen?.platformPostId, url: '' });
		expect(wasAlreadyPosted).toBe(false);
		expect(world.posts()).toHaveLength(1);
	});

	it('looks for the post when only its address could not be read', async () => {
		const permalink = { method: 'GET', pathPattern: '^/v1.0/\\d+$', skip: 2 };
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 3, ...permalink });
		const { live, wasAlreadyPosted } = await publishPost(world.job());
		expect({ seen: world.posts().length, wasAlreadyPosted }).toEqual({
			seen: 1,
			wasAlreadyPosted: true,
		});
		expect(live.url).toBe(world.posts()[0]!.url);
	});

	it('publishes once although a call that was taken for lost has worked after all', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add(lost);
		world.sandbox.faults.add({
			kind: 'drop-before',
			times: 'always',
			method: 'GET',
			pathPattern: '^/v1.0/\\d+$',
			skip: 2,
		});
		await publishPost(world.job({ journal })).catch(() => undefined);
		world.sandbox.faults.clear();
		// As if a reader had been told "not published" before the call had its effect.
		await journal.disarmCommit();
		const { live } = await publishPost(world.job({ journal }));
		expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
	});

	it('publishes the same container again, and not before a lost call had time to have its effect', async () => {
		world.sandbox.faults.add({ kind: 'drop-before', ...commit });
		const startedMs = world.clock.now().getTime();
		await publishPost(world.job());
		const calls = world.sandbox.journal.requests.filter(({ path }) => path.endsWith('/threads_publish'));
		expect(Date.parse(calls[1]!.at) - startedMs).toBeGreaterThanOrEqual(120_000);
		expect(world.requests('POST', /\/threads$/)).toBe(1);
	});

	it('goes on with the container that an earlier run made', async () => {
		const journal = new MemoryJournal();
		const status = { method: 'GET', pathPattern: '^/v1.0/\\d+$' };
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 3, ...status });
		await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({ class: 'platform' });
		await publishPost(world.job({ journal }));
		expect(world.requests('POST', /\/threads$/)).toBe(1);
		expect(world.posts()).toHaveLength(1);
	});

	it('makes a new container when the old one waited for more than a day', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'status', status: 429, ...commit });
		await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({ class: 'rate-limit' });
		await world.clock.sleep(25 * 3_600_000, signal);
		await publishPost(world.job({ journal }));
		expect(world.posts()).toHaveLength(1);
		expect(world.requests('POST', /\/threads$/)).toBe(2);
	});

	it('says what to check when Threads cannot fetch the media, and tries a new container later', async () => {
		const journal = new MemoryJournal();
		const job = world.job({ journal });
		const address = 'http://127.0.0.1:1/clip.mp4';
		const unreachable = withMedia(
			job,
			job.draft.media.map((media) => ({ ...media, publicUrl: async () => address })),
		);
		await expect(publishPost(unreachable)).rejects.toMatchObject({
			class: 'platform',
			code: 'FAILED_DOWNLOADING_VIDEO',
			remedy: expect.stringContaining('Public Base URL'),
		});
		await publishPost(world.job({ journal }));
		expect(world.posts()).toMatchObject([{ mediaSizeBytes: threads.mediaBytes }]);
	});

	it('refuses a post with media that has no public address, and makes nothing', async () => {
		const job = world.job();
		const unreachable = withMedia(
			job,
			job.draft.media.map(({ publicUrl: _none, ...media }) => media),
		);
		await expect(publishPost(unreachable)).rejects.toMatchObject({
			class: 'validation',
			code: 'media.public-url',
			remedy: expect.stringContaining('Media Folder'),
		});
		expect(world.requests('POST', /./)).toBe(0);
	});

	it('makes a new container when the media changed under the post', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'status', status: 429, ...commit });
		await publishPost(world.job({ journal })).catch(() => undefined);
		await journal.saveHandle({ ...(await journal.load()).handle, mediaBytes: 5 });
		await publishPost(world.job({ journal }));
		expect(world.requests('POST', /\/threads$/)).toBe(2);
		expect(world.posts()).toHaveLength(1);
	});

	it('pauses the account when Threads restricted it', async () => {
		world.sandbox.threads.account('tester', { isRestricted: true });
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'rejected',
			scope: 'account',
			code: '10/4279013',
		});
	});

	it('adds reposts, quotes and shares, and gives null for what Threads never says', async () => {
		const { live } = await publishPost(world.job());
		await world.clock.sleep(3_600_000, signal);
		const [found] = await threads.adapter.metrics(world.context(), [live.platformPostId]);
		const raw = found!.raw as { data: { name: string; values: { value: number }[] }[] };
		const said = Object.fromEntries(raw.data.map(({ name, values }) => [name, values[0]!.value]));
		expect(found!.metrics).toEqual({
			views: said['views'],
			likes: said['likes'],
			comments: said['replies'],
			shares: said['reposts']! + said['quotes']! + said['shares']!,
			saves: null,
			clicks: null,
			watchTimeSeconds: null,
			reach: null,
			impressions: null,
		});
	});
});
