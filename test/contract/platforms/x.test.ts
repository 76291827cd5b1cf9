// What only X does: posts without media, links that come back shortened, duplicates that are refused, media
// that expires.
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { Fate, World } from './world';

const x = networks.find(({ name }) => name === 'x')!;
const signal = new AbortController().signal;
const commit = x.commit(x.mediaBytes);

describe('X', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(x);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	it('initializes, appends each segment, finalizes, waits, and posts', async () => {
		await publishPost(world.job());
		const calls = world.sandbox.journal.requests.map(
			({ method, path }) => `${method} ${path.replace(/\d{5,}/, 'ID')}`,
		);
		expect(calls.filter((call, index) => call !== calls[index - 1])).toEqual([
			'POST /2/media/upload/initialize',
			'POST /2/media/upload/ID/append',
			'POST /2/media/upload/ID/finalize',
			'GET /2/media/upload?command=STATUS&media_id=ID',
			'POST /2/tweets',
		]);
		expect(world.requests('POST', /append$/)).toBe(2);
	});

	it('sends only the segment again whose answer was lost', async () => {
		world.sandbox.faults.add({ kind: 'drop-before', skip: 1, ...x.part });
		await publishPost(world.job());
		expect(world.requests('POST', /append$/)).toBe(3);
		expect(world.posts()[0]?.mediaSizeBytes).toBe(x.mediaBytes);
	});

	it.each([
		'Plain words',
		'A link https://example.com/some/long/path?with=query and more',
		'Bare link https://example.com',
		'Less < than & more > "quoted"',
		'Emoji 👩‍👩‍👧 and #hashtag @somebody',
		'日本語のテキスト',
	])('finds a text-only post after a lost answer: %s', async (words) => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
		const { live, wasAlreadyPosted } = await publishPost(world.job({ words, withoutMedia: true }));
		expect(wasAlreadyPosted).toBe(true);
		expect(world.posts(words).map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
		expect(world.requests('POST', /^\/2\/tweets$/)).toBe(1);
	});

	it('finds a post by its media when it has no words', async () => {
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
		const { wasAlreadyPosted } = await publishPost(world.job({ words: '' }));
		expect(wasAlreadyPosted).toBe(true);
		expect(world.posts('')).toHaveLength(1);
	});

	it('never calls a post absent before it had time to appear', async () => {
		world.sandbox.faults.add({ kind: 'drop-before', ...commit });
		const startedMs = world.clock.now().getTime();
		await publishPost(world.job());
		const [, second] = world.sandbox.journal.requests.filter(({ path }) => path === '/2/tweets');
		expect(Date.parse(second!.at) - startedMs).toBeGreaterThanOrEqual(120_000);
	});

	it('tells a person when the same text stands there from somebody else, and does not wait for ever', async () => {
		await publishPost(world.job({ withoutMedia: true }));
		await world.clock.sleep(30 * 60_000, signal);
		const failure = publishPost(world.job({ withoutMedia: true }));
		await expect(failure).rejects.toMatchObject({ class: 'validation', code: 'duplicate-content' });
		expect(world.posts()).toHaveLength(1);
	});

	it('takes a duplicate that it made itself for its own post', async () => {
		const journal = new MemoryJournal();
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...commit });
		// The timeline lies for longer than X ever does: the reader proves "absent", and the next call is refused.
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 'always', pathPattern: '^/2/users/' });
		await expect(publishPost(world.job({ journal }))).rejects.toMatchObject({ class: 'platform' });
		world.sandbox.faults.clear();
		await journal.disarmCommit();
		const { live } = await publishPost(world.job({ journal }));
		expect(world.posts().map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
	});

	it('uploads the media again when it expired before the post', async () => {
		const journal = new MemoryJournal();
		const untilFinalized = new Fate(24);
		await publishPost(world.job({ journal, fate: untilFinalized })).catch(() => undefined);
		expect((await journal.load()).handle).not.toBeNull();
		await world.clock.sleep(20 * 24 * 3_600_000, signal);
		await publishPost(world.job({ journal }));
		expect(world.posts()).toHaveLength(1);
		const opened = world.sandbox.journal.requests.filter(
			({ path, status }) => path.endsWith('/initialize') && status === 200,
		);
		expect(opened).toHaveLength(2);
	});

	it('waits for the later of two windows when both are used up', async () => {
		const nowSec = Math.floor(world.clock.now().getTime() / 1000);
		world.sandbox.faults.add({
			kind: 'status',
			status: 429,
			...commit,
			responseHeaders: {
				'x-rate-limit-remaining': '3',
				'x-rate-limit-reset': String(nowSec + 900),
				'x-user-limit-24hour-remaining': '0',
				'x-user-limit-24hour-reset': String(nowSec + 40_000),
			},
		});
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'rate-limit',
			retryAt: new Date((nowSec + 40_000) * 1000),
		});
	});

	it('stops for good when the credits are used up', async () => {
		world.sandbox.faults.add({ kind: 'status', status: 402, ...commit });
		await expect(publishPost(world.job())).rejects.toMatchObject({ class: 'rejected', scope: 'app' });
	});

	it('asks for clicks only while X tells them, and gives null afterwards', async () => {
		const { live } = await publishPost(world.job());
		await world.clock.sleep(3_600_000, signal);
		const read = async () => (await x.adapter.metrics(world.context(), [live.platformPostId]))[0]!.metrics;
		expect(typeof (await read()).clicks).toBe('number');
		await world.clock.sleep(40 * 24 * 3_600_000, signal);
		const old = await read();
		expect(old.clicks).toBeNull();
		expect(typeof old.likes).toBe('number');
	});
});
