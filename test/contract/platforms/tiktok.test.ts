// What only TikTok does: the last byte publishes, ids no double can hold, posts whose id comes late or never, and
// uploads that die after an hour.
import { tiktokAdapter } from '../../../lib/platforms/tiktok/adapter';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { networks, type NetworkUnderTest } from './networks';
import { Fate, World } from './world';

const inChunks = networks.find(({ name }) => name === 'tiktok')!;
/** As users have it: anything up to 64 MB goes in one chunk. */
const inOneChunk: NetworkUnderTest = { ...inChunks, adapter: tiktokAdapter, mediaBytes: 300_100 };
const signal = new AbortController().signal;
const minuteMs = 60_000;
const isPut = { method: 'PUT' } as const;

interface Sent {
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

describe('TikTok', () => {
	let world: World;

	const start = async (network: NetworkUnderTest): Promise<World> => (world = await World.start(network));
	const withOptions = (job: PublishJob, options: Record<string, unknown>): PublishJob => ({
		...job,
		draft: { ...job.draft, content: { ...job.draft.content, options } },
	});
	const calls = (): string[] =>
		world.sandbox.journal.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`);

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	/** What leaves this machine, bodies included; streams are only named. */
	function recording(job: PublishJob): { job: PublishJob; sent: Sent[] } {
		const sent: Sent[] = [];
		const http: PublishJob['context']['http'] = {
			send: async (message, abort) => {
				const { method, url, headers = {}, body } = message;
				const { authorization, ...shown } = headers as Record<string, string>;
				sent.push({
					path: `${method} ${new URL(url).pathname}`,
					headers: { ...shown, ...(authorization && { authorization: authorization.split(' ')[0]! }) },
					body: typeof body === 'string' ? (JSON.parse(body) as unknown) : 'bytes',
				});
				return await job.context.http.send(message, abort);
			},
		};
		return { job: { ...job, context: { ...job.context, http } }, sent };
	}

	it('asks the creator, opens, sends the file in one chunk, and reads until the id is told', async () => {
		await start(inOneChunk);
		const { job, sent } = recording(world.job());
		await publishPost(job);
		const json = { 'content-type': 'application/json; charset=UTF-8', authorization: 'Bearer' };
		const publishId = expect.stringMatching(/^v_pub_file~v2\.\d+$/) as string;
		const status = {
			path: 'POST /v2/post/publish/status/fetch/',
			headers: json,
			body: { publish_id: publishId },
		};
		expect(sent).toEqual([
			{ path: 'POST /v2/post/publish/creator_info/query/', headers: json, body: {} },
			{
				path: 'POST /v2/post/publish/video/init/',
				headers: json,
				body: {
					post_info: {
						title: 'Hello from the clip',
						privacy_level: 'PUBLIC_TO_EVERYONE',
						disable_duet: false,
						disable_comment: false,
						disable_stitch: false,
						brand_content_toggle: false,
						brand_organic_toggle: false,
						is_aigc: false,
					},
					source_info: {
						source: 'FILE_UPLOAD',
						video_size: 300_100,
						chunk_size: 300_100,
						total_chunk_count: 1,
					},
				},
			},
			{
				path: 'PUT /video/',
				headers: {
					'content-type': 'video/mp4',
					'content-length': '300100',
					'content-range': 'bytes 0-300099/300100',
				},
				body: 'bytes',
			},
			status,
			status,
			status,
			status,
		]);
	});

	it('sends a large file in chunks, the remainder with the last', async () => {
		await start(inChunks);
		await publishPost(world.job());
		const ranges = world.sandbox.journal.requests
			.filter(({ method }) => method === 'PUT')
			.map(({ headers }) => headers['content-range']);
		expect(ranges).toEqual(['bytes 0-5499999/11000100', 'bytes 5500000-11000099/11000100']);
	});

	it('gives the id with all its digits', async () => {
		await start(inOneChunk);
		const { live } = await publishPost(world.job());
		expect(Number.isSafeInteger(Number(live.platformPostId))).toBe(false);
		expect(live.platformPostId).toBe(world.posts()[0]!.platformPostId);
		expect(live.url).toBe(world.posts()[0]!.url);
	});

	it('posts a file of one chunk exactly once, wherever the process dies', async () => {
		await start(inOneChunk);
		for (let edge = 1; edge <= 100; edge++) {
			const words = `Clip ${edge}`;
			const journal = new MemoryJournal();
			const fate = new Fate(edge);
			world.sandbox.faults.clear();
			if (edge % 2 === 0) world.sandbox.faults.add({ kind: 'drop-after-effect', ...isPut });
			await publishPost(world.job({ words, journal, fate })).catch(() => undefined);
			if (!fate.isDead) return;
			await publishPost(world.job({ words, journal }));
			expect({ edge, seen: world.posts(words).length }).toEqual({ edge, seen: 1 });
		}
		throw new Error('the run never ended by itself');
	});

	it('goes on with the same upload when TikTok kept less of a chunk than it was sent', async () => {
		await start(inChunks);
		world.sandbox.faults.add({ kind: 'store-less', bytes: 1_000_000, ...inChunks.part });
		world.sandbox.faults.add({ kind: 'store-less', bytes: 2_000_000, ...inChunks.commit(11_000_100) });
		await publishPost(world.job());
		expect(world.posts()).toMatchObject([{ mediaSizeBytes: 11_000_100 }]);
		expect(calls().filter((call) => call.endsWith('/video/init/'))).toHaveLength(1);
	});

	it('gives up after a bounded number of chunks of which nothing is kept', async () => {
		await start(inChunks);
		world.sandbox.faults.add({ kind: 'store-less', bytes: 0, times: 'always', ...isPut });
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'platform',
			code: 'upload-stalled',
		});
		expect(world.posts()).toHaveLength(0);
	});

	it('never opens a second upload after a lost last byte, even when nothing of it arrived', async () => {
		await start(inOneChunk);
		world.sandbox.faults.add({ kind: 'drop-before', times: 2, ...isPut });
		await publishPost(world.job());
		expect(world.posts()).toHaveLength(1);
		expect(calls().filter((call) => call.endsWith('/video/init/'))).toHaveLength(1);
	});

	it('knows a post by its publish id while moderation lasts, and finds its numbers later', async () => {
		await start({ ...inOneChunk, sandboxSettings: { moderationMs: 3 * 60 * minuteMs } });
		const { live } = await publishPost(world.job());
		expect(live.platformPostId).toMatch(/^v_pub_file~/);
		expect((await fetch(live.url)).status).toBe(200);
		const context = world.context();
		expect(await tiktokAdapter.metrics(context, [live.platformPostId])).toEqual([]);
		expect((await tiktokAdapter.status(context, live.platformPostId)).state).toBe('live');
		await world.clock.sleep(4 * 60 * minuteMs, signal);
		const [numbers] = await tiktokAdapter.metrics(context, [live.platformPostId]);
		expect(numbers).toMatchObject({ platformPostId: live.platformPostId, metrics: { saves: null } });
		expect(numbers!.metrics.views).toBeGreaterThan(0);
		const status = await tiktokAdapter.status(context, live.platformPostId);
		expect(status).toMatchObject({ state: 'live', url: world.posts()[0]!.url });
	});

	it('does not wait for an id that a private post never gets', async () => {
		await start(inOneChunk);
		const { live } = await publishPost(withOptions(world.job(), { privacyLevel: 'SELF_ONLY' }));
		expect(live.platformPostId).toMatch(/^v_pub_file~/);
		expect(world.sandbox.journal.posts).toMatchObject([{ ...live, visibility: 'SELF_ONLY' }]);
		expect(calls().filter((call) => call.includes('status'))).toHaveLength(1);
	});

	it('shows nobody what nobody said to show', async () => {
		await start(inOneChunk);
		await publishPost(withOptions(world.job(), {}));
		expect(world.sandbox.journal.posts).toMatchObject([{ visibility: 'SELF_ONLY' }]);
	});

	it('leaves a draft in the inbox, without words and without a public post', async () => {
		await start(inOneChunk);
		const job = world.job({ words: '' });
		const { live } = await publishPost(withOptions(job, { delivery: 'inbox' }));
		expect(live.platformPostId).toMatch(/^v_inbox_file~/);
		expect(world.sandbox.journal.posts).toEqual([]);
		expect(await tiktokAdapter.status(world.context(), live.platformPostId)).toMatchObject({
			state: 'processing',
			reason: expect.stringContaining('inbox'),
		});
	});

	it('takes what the creator may not do for a matter of the post, before an upload is opened', async () => {
		await start(inOneChunk);
		world.sandbox.tiktok.account('tester', { isPrivate: true });
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'validation',
			code: 'privacy_level_option_mismatch',
			remedy: expect.stringContaining('SELF_ONLY'),
		});
		world.sandbox.tiktok.account('tester', { isPrivate: false, maxVideoSec: 20 });
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'validation',
			remedy: expect.stringContaining('20 s'),
		});
		expect(calls().filter((call) => call.includes('/init/'))).toEqual([]);
	});

	it('keeps comments off where the creator has them off', async () => {
		await start(inOneChunk);
		world.sandbox.tiktok.account('tester', { commentDisabled: true });
		const { job, sent } = recording(world.job());
		await publishPost(job);
		expect(sent[1]!.body).toMatchObject({ post_info: { disable_comment: true, disable_duet: false } });
	});

	it('uploads anew when the address died before the last byte, and not before it is surely dead', async () => {
		await start(inOneChunk);
		const journal = new MemoryJournal();
		const untilOpened = new Fate(8);
		await publishPost(world.job({ journal, fate: untilOpened })).catch(() => undefined);
		expect((await journal.load()).handle).not.toBeNull();
		await world.clock.sleep(61 * minuteMs, signal);
		await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({ code: 'upload-expired' });
		await world.clock.sleep(20 * minuteMs, signal);
		await publishPost(world.job({ journal }));
		expect(world.posts()).toHaveLength(1);
	});

	it('begins anew by itself when TikTok failed with the upload by its own fault', async () => {
		await start(inOneChunk);
		world.sandbox.faults.add({ kind: 'fail-processing', reason: 'internal', ...isPut });
		await publishPost(world.job());
		expect(world.posts()).toHaveLength(1);
	});

	it('waits a day when the creator has posted enough, and then needs a new upload', async () => {
		await start(inOneChunk);
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'fail-processing', reason: 'spam_risk_too_many_posts', ...isPut });
		const error: unknown = await publishPost(world.job({ journal })).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ class: 'quota', code: 'spam_risk_too_many_posts' });
		const { retryAt } = error as { retryAt: Date };
		expect(retryAt.getTime() - world.clock.now().getTime()).toBeGreaterThan(23 * 60 * minuteMs);
		await world.clock.sleep(24 * 60 * minuteMs, signal);
		await publishPost(world.job({ journal }));
		expect(world.posts()).toHaveLength(1);
	});

	it('looks later instead of sending when TikTok works for long', async () => {
		await start({ ...inOneChunk, sandboxSettings: { processingMs: 20 * minuteMs } });
		const journal = new MemoryJournal();
		await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({ class: 'unknown' });
		await world.clock.sleep(20 * minuteMs, signal);
		const { live, wasAlreadyPosted } = await publishPost(world.job({ journal }));
		expect(wasAlreadyPosted).toBe(true);
		expect(live.platformPostId).toBe(world.posts()[0]!.platformPostId);
		expect(calls().filter((call) => call.startsWith('PUT'))).toHaveLength(1);
	});

	it('takes a reader that is broken for no proof, and sends nothing again', async () => {
		await start(inOneChunk);
		const journal = new MemoryJournal();
		const reader = { method: 'POST', pathPattern: '/status/fetch/$' } as const;
		world.sandbox.faults.add({ kind: 'status', status: 500, times: 'always', ...reader });
		await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({ class: 'platform' });
		expect((await journal.load()).commitIntent).not.toBeNull();
		world.sandbox.faults.clear();
		await world.clock.sleep(minuteMs, signal);
		expect((await publishPost(world.job({ journal }))).wasAlreadyPosted).toBe(true);
		expect(calls().filter((call) => call.startsWith('PUT'))).toHaveLength(1);
	});

	it('asks for permissions at once, without burning a refresh token that cannot help', async () => {
		await start(inOneChunk);
		world.sandbox.faults.add({ kind: 'status', status: 401, reason: 'scope_not_authorized', method: 'POST' });
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'auth',
			code: 'scope_not_authorized',
		});
		expect(world.authorizer.refreshes).toBe(0);
	});
});
