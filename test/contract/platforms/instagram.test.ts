// What only Instagram does: containers that say what became of them, a day that is full, posts that are found by
// their words, and media behind an address.
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { recordingJson, withoutRepeats } from './recording';
import { Fate, withMedia, World } from './world';

const instagram = networks.find(({ name }) => name === 'instagram')!;
const signal = new AbortController().signal;
const commit = instagram.commit(instagram.mediaBytes);

describe('Instagram', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(instagram);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	const published = (): number => world.requests('POST', /media_publish$/);

	it('asks for account and room, prepares, sends the file, waits, publishes and reads the address', async () => {
		const { job, sent } = recordingJson(world.job());
		await publishPost(job);
		const bearer = { authorization: 'Bearer' };
		const json = { 'content-type': 'application/json', ...bearer };
		const status = 'GET /v26.0/ID?fields=id,status,status_code,video_status';
		const size = String(instagram.mediaBytes);
		expect(withoutRepeats(sent)).toEqual([
			{ call: 'GET /v26.0/me?fields=user_id', headers: bearer },
			{ call: 'GET /v26.0/ID/content_publishing_limit?fields=config,quota_usage', headers: bearer },
			{
				call: 'POST /v26.0/ID/media',
				headers: json,
				body: { media_type: 'REELS', upload_type: 'resumable', caption: 'Hello from the clip' },
			},
			{ call: status, headers: bearer },
			{
				call: 'POST /ig-api-upload/v26.0/ID',
				headers: {
					authorization: 'OAuth',
					'content-type': 'application/octet-stream',
					'content-length': size,
					file_size: size,
					offset: '0',
				},
				body: 'bytes',
			},
			{ call: status, headers: bearer },
			{
				call: 'POST /v26.0/ID/media_publish',
				headers: json,
				body: { creation_id: 'ID' },
			},
			{ call: 'GET /v26.0/ID?fields=id,permalink', headers: bearer },
		]);
	});

	it('puts the fields of a reel into its container', async () => {
		const { job, sent } = recordingJson(world.job());
		const options = {
			shareToFeed: false,
			thumbOffsetMs: 1500,
			coverUrl: 'https://example.com/cover.jpg',
			audioName: 'Our song',
			collaborators: ['friend'],
			isAiGenerated: true,
		};
		await publishPost({ ...job, draft: { ...job.draft, content: { text: 'Words', options } } });
		expect(sent.find(({ call }) => call === 'POST /v26.0/ID/media')?.body).toEqual({
			media_type: 'REELS',
			upload_type: 'resumable',
			caption: 'Words',
			share_to_feed: false,
			cover_url: 'https://example.com/cover.jpg',
			thumb_offset: 1500,
			audio_name: 'Our song',
			collaborators: ['friend'],
			is_ai_generated: true,
		});
	});

	it.each(['Plain words', '', 'Emoji 👩‍👩‍👧 and #hashtag @somebody', 'Two\n\nparagraphs  and spaces '])(
		'finds a post by its words after a lost answer: %j',
		async (words) => {
			world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
			const { live, wasAlreadyPosted } = await publishPost(world.job({ words }));
			expect(wasAlreadyPosted).toBe(true);
			expect(world.sandbox.journal.posts.map(({ platformPostId }) => platformPostId)).toEqual([
				live.platformPostId,
			]);
			expect(published()).toBe(1);
		},
	);

	it('does not take an older post with the same words for the lost one', async () => {
		const first = await publishPost(world.job());
		await world.clock.sleep(3_600_000, signal);
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
		const second = await publishPost(world.job());
		expect(second.live.platformPostId).not.toBe(first.live.platformPostId);
		expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([
			first.live.platformPostId,
			second.live.platformPostId,
		]);
	});

	it('asks a person rather than guess which of two posts with the same words is the lost one', async () => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 'always', method: 'GET', skip: 5 });
		const journal = new MemoryJournal();
		await expect(publishPost(world.job({ journal }))).rejects.toThrow();
		world.sandbox.faults.clear();
		await publishPost(world.job());
		await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({ class: 'unknown' });
		expect(world.posts()).toHaveLength(2);
	});

	it('never calls a post absent before the lost call has surely ended', async () => {
		world.sandbox.faults.add({ kind: 'drop-before', ...commit });
		const startedMs = world.clock.now().getTime();
		await publishPost(world.job());
		const [, second] = world.sandbox.journal.requests.filter(({ path }) => path.endsWith('media_publish'));
		expect(Date.parse(second!.at) - startedMs).toBeGreaterThanOrEqual(120_000);
	});

	it('says posted when the connection ends right after the call that named the post, and looks for nothing', async () => {
		const ended = { kind: 'status', status: 400, reason: '190', times: 'always', method: 'GET' } as const;
		world.sandbox.faults.add({ ...ended, skip: 5 });
		const { live, wasAlreadyPosted } = await publishPost(world.job());
		const [seen] = world.posts();
		expect(live).toEqual({ platformPostId: seen?.platformPostId, url: '' });
		expect(wasAlreadyPosted).toBe(false);
		expect(world.posts()).toHaveLength(1);
	});

	it('goes on looking when the address of a published post cannot be read', async () => {
		world.sandbox.faults.add({ kind: 'status', status: 400, reason: '100', method: 'GET', skip: 5 });
		const seen = () => world.sandbox.journal.requests.filter(({ faults }) => faults.length > 0);
		await publishPost(world.job());
		expect(seen()).toHaveLength(1);
		expect(published()).toBe(1);
		expect(world.posts()).toHaveLength(1);
	});

	it('sends no byte of a video for which the day has no room', async () => {
		world.sandbox.instagram.account('tester', { quotaTotal: 0 });
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'quota',
			retryAt: expect.any(Date),
		});
		expect(world.media.openedBytes).toBe(0);
	});

	it('waits when the day fills up during the upload, and keeps the container', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'quota-left', left: 0, ...commit });
		await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({ class: 'quota' });
		expect((await journal.load()).commitIntent).toBeNull();
		await publishPost(world.job({ journal }));
		expect(world.requests('POST', /\/media$/)).toBe(1);
		expect(world.posts()).toHaveLength(1);
	});

	it('waits as many minutes as the usage header says', async () => {
		const usage = { '1': [{ type: 'instagram', call_count: 100, estimated_time_to_regain_access: 17 }] };
		world.sandbox.faults.add({
			kind: 'status',
			status: 403,
			reason: '80002',
			method: 'POST',
			responseHeaders: { 'x-business-use-case-usage': JSON.stringify(usage) },
		});
		const startedMs = world.clock.now().getTime();
		const failure = await publishPost(world.job()).catch((error: unknown) => error as { retryAt: Date });
		expect(failure).toMatchObject({ class: 'rate-limit' });
		const waitMin = ((failure as { retryAt: Date }).retryAt.getTime() - startedMs) / 60_000;
		expect(waitMin).toBeGreaterThanOrEqual(17);
		expect(waitMin).toBeLessThan(18);
	});

	it('makes a new container when the old one expired before the post', async () => {
		const journal = new MemoryJournal();
		await publishPost(world.job({ journal, fate: new Fate(20) })).catch(() => undefined);
		expect((await journal.load()).handle).not.toBeNull();
		await world.clock.sleep(25 * 3_600_000, signal);
		await publishPost(world.job({ journal }));
		expect(world.posts()).toHaveLength(1);
		expect(world.requests('POST', /\/media$/)).toBe(2);
	});

	it('tries a new container for trouble that passes, such as 2207053', async () => {
		world.sandbox.faults.add({
			kind: 'fail-processing',
			reason: '2207053',
			...instagram.processed(instagram.mediaBytes),
		});
		await publishPost(world.job());
		expect(world.requests('POST', /\/media$/)).toBe(2);
		expect(world.posts()).toHaveLength(1);
	});

	it('stops for good when the account is restricted', async () => {
		world.sandbox.instagram.account('tester', { isRestricted: true });
		await expect(publishPost(world.job())).rejects.toMatchObject({ class: 'rejected', scope: 'account' });
		expect(world.posts()).toHaveLength(0);
	});

	it('gives null, never 0, while the numbers are not there yet', async () => {
		const { live } = await publishPost(world.job());
		const read = async () =>
			(await instagram.adapter.metrics(world.context(), [live.platformPostId]))[0]!.metrics;
		world.sandbox.instagram.configure({ insightsDelayMs: 48 * 3_600_000 });
		expect(await read()).toMatchObject({ views: null, reach: null, saves: null, watchTimeSeconds: null });
		await world.clock.sleep(49 * 3_600_000, signal);
		const later = await read();
		for (const name of [
			'views',
			'likes',
			'comments',
			'shares',
			'saves',
			'watchTimeSeconds',
			'reach',
		] as const) {
			expect(later[name]).toEqual(expect.any(Number));
		}
	});

	it('does not send the token to an upload address that is not Meta’s', async () => {
		const job = world.job();
		const http: PublishJob['context']['http'] = {
			send: async (message, abort) => {
				const answer = await job.context.http.send(message, abort);
				const bodyText = answer.bodyText.replace(/"uri":"[^"]+"/, '"uri":"https://evil.example/x"');
				return { ...answer, bodyText };
			},
		};
		const failure = publishPost({ ...job, context: { ...job.context, http } });
		await expect(failure).rejects.toMatchObject({ code: 'foreign-upload-address' });
	});

	it('lets Instagram fetch the public address when the account may not send files', async () => {
		const { job, sent } = recordingJson(world.job());
		const http: PublishJob['context']['http'] = {
			send: async (message, abort) => {
				const asksForUpload = typeof message.body === 'string' && message.body.includes('upload_type');
				if (!asksForUpload) return await job.context.http.send(message, abort);
				const error = { message: '(#100) video_url is required', type: 'OAuthException', code: 100 };
				return { status: 400, headers: {}, bodyText: JSON.stringify({ error }) };
			},
		};
		const publicMediaUrl = 'http://127.0.0.1:1/clip.mp4';
		const media = job.draft.media.map((each) => ({ ...each, publicUrl: async () => publicMediaUrl }));
		const failure = publishPost({ ...withMedia(job, media), context: { ...job.context, http } });
		await expect(failure).rejects.toMatchObject({ code: '9004/2207052' });
		expect(sent.at(-1)?.body).toEqual({
			media_type: 'REELS',
			caption: 'Hello from the clip',
			video_url: publicMediaUrl,
		});
	});
});
