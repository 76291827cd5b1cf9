// Posts of X beyond one video: pictures, GIFs, descriptions, polls, replies, quotes.
import { createHash } from 'node:crypto';
import type { DraftMedia, MediaFacts } from '../../../lib/publishing/adapter';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { recordingJson, withoutRepeats } from './recording';
import { StandingJournal } from './standing';
import { Fate, withMedia, World } from './world';

const x = networks.find(({ name }) => name === 'x')!;
const commit = x.commit(x.mediaBytes);
const signal = new AbortController().signal;
const once = { method: 'POST', pathPattern: '^/2/media/upload$' } as const;

/** X looks into the first bytes of a picture. */
function picture(index: number, more: Partial<DraftMedia> = {}): DraftMedia {
	const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(2_000 + index, index)]);
	return medium(bytes, { kind: 'image', mimeType: 'image/jpeg' }, more);
}

function gif(): DraftMedia {
	return medium(Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(500)]), {
		kind: 'gif',
		mimeType: 'image/gif',
	});
}

function medium(
	bytes: Buffer,
	facts: Pick<MediaFacts, 'kind' | 'mimeType'>,
	more: Partial<DraftMedia> = {},
): DraftMedia {
	async function* read(startByte: number, endByte: number): AsyncGenerator<Uint8Array> {
		yield bytes.subarray(startByte, endByte);
	}
	return {
		source: { mimeType: facts.mimeType, fileName: 'medium', sizeBytes: bytes.length, read },
		facts: { ...facts, sizeBytes: bytes.length },
		...more,
	};
}

async function hashOf({ source }: DraftMedia): Promise<string> {
	const hash = createHash('sha256');
	for await (const piece of source.read(0, source.sizeBytes)) hash.update(piece);
	return hash.digest('hex');
}

const fourPictures = (): readonly DraftMedia[] =>
	[0, 1, 2, 3].map((index) => picture(index, { altText: `Picture ${index}` }));

describe('posts of X', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(x);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	const withOptions = (job: PublishJob, options: Record<string, unknown>): PublishJob => ({
		...job,
		draft: { ...job.draft, content: { ...job.draft.content, options } },
	});
	const words = (text: string, options: Record<string, unknown> = {}): PublishJob =>
		withOptions(world.job({ words: text, withoutMedia: true }), options);
	const json = { 'content-type': 'application/json', authorization: 'Bearer' };
	const form = {
		'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/) as string,
		'content-length': expect.stringMatching(/^\d+$/) as string,
		authorization: 'Bearer',
	};
	const bearer = { authorization: 'Bearer' };

	it('posts pictures without words once when it stands still right before its call, although X takes them twice', async () => {
		const pictures = (job: PublishJob): PublishJob => withMedia(job, [picture(1)]);
		const journal = new StandingJournal(world, pictures, '');
		await publishPost(pictures(world.job({ journal, words: '' }))).catch(() => undefined);
		expect(journal.tookOver).toMatchObject({ live: {} });
		expect(world.sandbox.journal.posts).toHaveLength(1);
	});

	it('posts a video by these very requests', async () => {
		const { job, sent } = recordingJson(world.job());
		await publishPost(job);
		expect(withoutRepeats(sent)).toEqual([
			{
				call: 'POST /2/media/upload/initialize',
				headers: json,
				body: { media_type: 'video/mp4', total_bytes: x.mediaBytes, media_category: 'tweet_video' },
			},
			{ call: 'POST /2/media/upload/ID/append', headers: form, body: 'bytes' },
			{ call: 'POST /2/media/upload/ID/finalize', headers: bearer, body: undefined },
			{ call: 'GET /2/media/upload?command=STATUS&media_id=ID', headers: bearer, body: undefined },
			{
				call: 'POST /2/tweets',
				headers: json,
				body: { text: 'Hello from the clip', media: { media_ids: ['ID'] } },
			},
		]);
	});

	it('posts a described picture by these very requests', async () => {
		const { job, sent } = recordingJson(withMedia(world.job(), [picture(0, { altText: 'A cat' })]));
		await publishPost(job);
		expect(sent).toEqual([
			{ call: 'POST /2/media/upload', headers: form, body: 'bytes' },
			{
				call: 'POST /2/media/metadata',
				headers: json,
				body: { id: 'ID', metadata: { alt_text: { text: 'A cat' } } },
			},
			{
				call: 'POST /2/tweets',
				headers: json,
				body: { text: 'Hello from the clip', media: { media_ids: ['ID'] } },
			},
		]);
	});

	it('posts four pictures in their order, each whole and each with its own description', async () => {
		const media = fourPictures();
		const { live } = await publishPost(withMedia(world.job(), media));
		const [post] = world.posts();
		expect(post?.media.map(({ sha256 }) => sha256)).toEqual(await Promise.all(media.map(hashOf)));
		const answer = await fetch(
			`${world.sandbox.x.baseUrl}/2/tweets/${live.platformPostId}?expansions=attachments.media_keys&media.fields=alt_text`,
			{ headers: { authorization: `Bearer ${await world.authorizer.getToken()}` } },
		);
		const { includes } = (await answer.json()) as { includes: { media: { alt_text: string }[] } };
		expect(includes.media.map(({ alt_text }) => alt_text)).toEqual(media.map(({ altText }) => altText));
	});

	it('posts a GIF in segments, and waits until X has worked on it', async () => {
		await publishPost(withMedia(world.job(), [gif()]));
		expect(world.posts()).toMatchObject([{ media: [{ sizeBytes: 506 }] }]);
		expect(world.requests('GET', /STATUS/)).toBeGreaterThan(0);
	});

	it('posts a video whose description X does not take, and says so in the log', async () => {
		const job = world.job();
		const described = job.draft.media.map((media) => ({ ...media, altText: 'A talk' }));
		await publishPost(withMedia(job, described));
		expect(world.posts()).toHaveLength(1);
		expect(world.requests('POST', /metadata$/)).toBe(0);
		expect(world.logged.join()).toContain('without it');
	});

	it('posts four pictures exactly once, wherever the process dies and with a lost answer', async () => {
		for (let edge = 1; edge <= 100; edge++) {
			const text = `Pictures ${edge}`;
			const journal = new MemoryJournal();
			const fate = new Fate(edge);
			world.sandbox.faults.clear();
			if (edge % 2 === 0) world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
			const mine = fourPictures();
			await publishPost(withMedia(world.job({ words: text, journal, fate }), mine)).catch(() => undefined);
			if (!fate.isDead) return;
			await publishPost(withMedia(world.job({ words: text, journal }), mine));
			const seen = world.posts(text).map(({ media }) => media.length);
			expect({ edge, seen }).toEqual({ edge, seen: [4] });
		}
		throw new Error('the run never ended by itself');
	});

	it('uploads no picture a second time after a crash between two of them', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 3, skip: 2, ...once });
		const media = fourPictures();
		await expect(publishPost(withMedia(world.job({ journal }), media))).rejects.toMatchObject({
			class: 'platform',
		});
		const before = world.requests('POST', /^\/2\/media\/upload$/);
		await publishPost(withMedia(world.job({ journal }), media));
		expect(world.requests('POST', /^\/2\/media\/upload$/) - before).toBe(2);
		expect(world.posts()[0]?.media).toHaveLength(4);
	});

	it('sends a picture again whose upload was cut', async () => {
		world.sandbox.faults.add({ kind: 'cut-body-after-bytes', bytes: 500, ...once });
		await publishPost(withMedia(world.job(), [picture(7)]));
		expect(world.posts()).toMatchObject([{ media: [{ sizeBytes: 2_010 }] }]);
	});

	it('starts anew when one of the pictures was exchanged meanwhile', async () => {
		const journal = new MemoryJournal();
		const [first, ...others] = fourPictures();
		world.sandbox.faults.add({ kind: 'status', status: 402, ...commit });
		const before = withMedia(world.job({ journal }), [first!, ...others]);
		await expect(publishPost(before)).rejects.toMatchObject({ class: 'rejected' });
		const exchanged = [first!, ...others.slice(0, 2), picture(50)];
		await publishPost(withMedia(world.job({ journal }), exchanged));
		expect(world.posts()[0]?.media.map(({ sha256 }) => sha256)).toEqual(
			await Promise.all(exchanged.map(hashOf)),
		);
	});

	it('finds pictures without words after a lost answer, and not those of somebody else', async () => {
		await publishPost(withMedia(world.job({ words: '' }), [picture(1)]));
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
		const { live } = await publishPost(withMedia(world.job({ words: '' }), [picture(2), picture(3)]));
		expect(world.posts('').map(({ media }) => media.length)).toEqual([1, 2]);
		expect(world.posts('')[1]?.platformPostId).toBe(live.platformPostId);
	});

	it('says for good when X cannot process a picture', async () => {
		world.sandbox.faults.add({ kind: 'fail-processing', ...once });
		await expect(publishPost(withMedia(world.job(), [picture(1)]))).rejects.toMatchObject({
			class: 'rejected',
			code: 'InvalidMedia',
		});
		expect(world.posts()).toHaveLength(0);
	});

	it('asks a question with a poll', async () => {
		const poll = { options: ['Yes', 'No'], durationMinutes: 60 };
		await publishPost(words('Is it?', { poll, replySettings: 'following' }));
		expect(world.posts('Is it?')).toHaveLength(1);
	});

	it('finds a reply after a lost answer, although X puts a name in front of it', async () => {
		const { accessToken } = world.sandbox.x.issueTokens({ account: 'other' });
		const question = await fetch(`${world.sandbox.x.baseUrl}/2/tweets`, {
			method: 'POST',
			headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
			body: JSON.stringify({ text: 'What does @tester say?' }),
		});
		const { data } = (await question.json()) as { data: { id: string } };
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
		const { live, wasAlreadyPosted } = await publishPost(words('This', { replyToPostId: data.id }));
		expect(wasAlreadyPosted).toBe(true);
		expect(world.posts('This').map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
	});

	it('does not take a post with the same words for its reply', async () => {
		const own = await publishPost(words('Question'));
		await publishPost(words('Same words'));
		await world.clock.sleep(2 * 3_600_000, signal);
		world.sandbox.faults.add({ kind: 'drop-before', ...commit });
		const reply = { replyToPostId: own.live.platformPostId };
		const { wasAlreadyPosted } = await publishPost(words('Same words', reply));
		expect(wasAlreadyPosted).toBe(false);
		expect(world.posts('Same words')).toHaveLength(2);
	});

	it('says what to do when X does not let the account reply', async () => {
		const { accessToken } = world.sandbox.x.issueTokens({ account: 'other' });
		const foreign = await fetch(`${world.sandbox.x.baseUrl}/2/tweets`, {
			method: 'POST',
			headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
			body: JSON.stringify({ text: 'Nobody asked' }),
		});
		const { data } = (await foreign.json()) as { data: { id: string } };
		await expect(publishPost(words('Hello', { replyToPostId: data.id }))).rejects.toMatchObject({
			class: 'rejected',
			remedy: expect.stringContaining('mentioned'),
		});
	});

	it('quotes only where the plan allows it, and finds the quote after a lost answer', async () => {
		const { live: own } = await publishPost(words('Original'));
		const quote = { quotePostId: own.platformPostId };
		await expect(publishPost(words('Quoting', quote))).rejects.toMatchObject({
			class: 'auth',
			code: 'client-forbidden',
		});
		world.sandbox.x.account('tester', { isEnterprise: true });
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
		const { wasAlreadyPosted } = await publishPost(words('Quoting', quote));
		expect(wasAlreadyPosted).toBe(true);
		expect(world.posts('Quoting')).toHaveLength(1);
	});

	it('looks through more than one page of the timeline', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
		world.sandbox.faults.add({ kind: 'status', status: 404, times: 'always', pathPattern: '^/2/users/me' });
		await expect(
			publishPost({ ...words('The lost one'), journal }).then(() => 'posted'),
		).rejects.toMatchObject({ class: 'rejected' });
		world.sandbox.faults.clear();
		for (let index = 0; index < 99; index++) {
			await publishPost(words(`Later ${index}`));
			if (index % 50 === 0) await world.clock.sleep(16 * 60_000, signal);
		}
		await publishPost(words('And one more'));
		const { wasAlreadyPosted } = await publishPost({ ...words('The lost one'), journal });
		expect(wasAlreadyPosted).toBe(true);
		expect(world.requests('GET', /\/tweets\?.*pagination_token=/)).toBe(1);
	});

	it('tells the quartiles of a video beside its numbers, for as long as X does', async () => {
		const { live } = await publishPost(world.job());
		await world.clock.sleep(3_600_000, signal);
		const [read] = await x.adapter.metrics(world.context(), [live.platformPostId]);
		expect(read?.raw).toMatchObject({
			id: live.platformPostId,
			organic_metrics: { impression_count: expect.any(Number) },
			includes: { media: [{ non_public_metrics: { playback_50_count: expect.any(Number) } }] },
		});
		expect(read?.metrics.views).toEqual(expect.any(Number));
	});
});
