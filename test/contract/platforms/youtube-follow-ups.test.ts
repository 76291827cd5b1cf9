// What hangs on a video of YouTube: its thumbnail and its playlists. The video is out, whatever happens to them.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { DraftMedia } from '../../../lib/publishing/adapter';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { readCategories, readPlaylists } from '../../../lib/platforms/youtube/lists';
import type { FaultOrder } from '../../../sandbox';
import { networks } from './networks';
import { Fate, withMedia, World, type Attempt } from './world';

const youtube = networks.find(({ name }) => name === 'youtube')!;
const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(300_000, 5)]);
const thumbnail: DraftMedia = {
	facts: { kind: 'image', mimeType: 'image/jpeg', sizeBytes: picture.length },
	source: {
		sizeBytes: picture.length,
		mimeType: 'image/jpeg',
		fileName: 'thumbnail.jpg',
		read: (startByte, endByte) => Readable.from([picture.subarray(startByte, endByte)]),
	},
};
const onThumbnail = { method: 'POST', pathPattern: '/thumbnails/set$' };
const onInsert = { method: 'POST', pathPattern: '/playlistItems$' };
const done = (name: string) => ({ name, isDone: true, problem: null });
const missing = (name: string, problem: string) => ({
	name,
	isDone: false,
	problem: expect.stringContaining(problem),
});

describe('what hangs on a video of YouTube', () => {
	let world: World;
	let playlistId: string;

	beforeEach(async () => {
		world = await World.start(youtube);
		playlistId = (await readPlaylists(world.context()))[0]!.id;
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	function jobWith(playlistIds: readonly string[], attempt: Attempt = {}): PublishJob {
		const job = withMedia(world.job(attempt), [...world.job(attempt).draft.media, thumbnail]);
		const { content } = job.draft;
		const options = { ...content.options, playlistIds };
		return { ...job, draft: { ...job.draft, content: { ...content, options } } };
	}

	async function read(path: string): Promise<{ items: readonly Record<string, unknown>[] }> {
		const { url, token } = { url: world.sandbox.youtube.baseUrl, token: await world.authorizer.getToken() };
		const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
		return (await answer.json()) as { items: readonly Record<string, unknown>[] };
	}

	const entriesOf = async (videoId: string): Promise<number> =>
		(await read(`/youtube/v3/playlistItems?part=id&playlistId=${playlistId}&videoId=${videoId}`)).items
			.length;

	async function expectThumbnail(videoId: string): Promise<void> {
		const { items } = await read(`/youtube/v3/videos?part=snippet&id=${videoId}`);
		const expected = createHash('sha256').update(picture).digest('hex').slice(0, 8);
		expect(JSON.stringify(items[0])).toContain(`default.jpg?v=${expected}`);
	}

	it('sets the thumbnail and puts the video into its playlist, once the video is out', async () => {
		const { live, followUps } = await publishPost(jobWith([playlistId]));
		expect(followUps).toEqual([done('thumbnail'), done(`playlist ${playlistId}`)]);
		await expectThumbnail(live.platformPostId);
		expect(await entriesOf(live.platformPostId)).toBe(1);
		expect(world.posts()).toMatchObject([{ media: [{ sizeBytes: youtube.mediaBytes }] }]);
	});

	it('asks the playlist first, and adds nothing that is there', async () => {
		const { live } = await publishPost(jobWith([playlistId]));
		const again = await youtube.adapter.followUp!(
			world.context(),
			jobWith([playlistId, playlistId]).draft,
			live,
		);
		expect(again).toEqual([done('thumbnail'), done(`playlist ${playlistId}`)]);
		expect(await entriesOf(live.platformPostId)).toBe(1);
	});

	it.each<[string, FaultOrder]>([
		['the answer is lost', { kind: 'drop-after-effect', ...onInsert }],
		['YouTube stumbles after it', { kind: 'status-after-effect', status: 503, ...onInsert }],
	])('finds the video in the playlist when %s, and adds it once', async (_, fault) => {
		world.sandbox.faults.add(fault);
		const { live, followUps } = await publishPost(jobWith([playlistId]));
		expect(followUps[1]).toEqual(done(`playlist ${playlistId}`));
		expect(await entriesOf(live.platformPostId)).toBe(1);
		expect(world.requests('POST', /playlistItems\b/)).toBe(1);
	});

	it.each<[string, FaultOrder, string]>([
		['the line breaks', { kind: 'drop-before', ...onInsert }, 'broke before the answer'],
		['YouTube stumbles', { kind: 'status', status: 503, ...onInsert }, '503'],
		[
			'the day’s quota is used up',
			{ kind: 'status', status: 403, reason: 'quotaExceeded', ...onInsert },
			'midnight Pacific',
		],
		[
			'the connection is older than playlists',
			{ kind: 'status', status: 403, reason: 'insufficientPermissions', ...onInsert },
			'connect the account again',
		],
	])('posts all the same and says what is missing when %s', async (_, fault, problem) => {
		world.sandbox.faults.add(fault);
		const { live, followUps } = await publishPost(jobWith([playlistId]));
		expect(followUps).toEqual([done('thumbnail'), missing(`playlist ${playlistId}`, problem)]);
		expect(await entriesOf(live.platformPostId)).toBe(0);
		expect(world.requests('POST', /playlistItems\b/)).toBe(1);
		expect(world.posts()).toHaveLength(1);
		expect(world.logged.join()).toContain('missing');
	});

	it('goes on with the next playlist when one is not there', async () => {
		const { followUps } = await publishPost(jobWith(['PLgone', playlistId]));
		expect(followUps).toEqual([
			done('thumbnail'),
			missing('playlist PLgone', 'cannot be found'),
			done(`playlist ${playlistId}`),
		]);
	});

	it('says that the channel has to be verified, and does not ask to connect again', async () => {
		world.sandbox.youtube.account('tester', { isVerified: false });
		const { followUps } = await publishPost(jobWith([]));
		expect(followUps).toEqual([missing('thumbnail', 'Verify the channel')]);
		expect(world.posts()).toHaveLength(1);
	});

	it.each<[string, FaultOrder]>([
		['the token is over', { kind: 'expire-token', ...onThumbnail }],
		['the line breaks', { kind: 'cut-body-after-bytes', bytes: 1_000, ...onThumbnail }],
		['YouTube stumbles', { kind: 'status', status: 503, ...onThumbnail }],
	])('sends the whole thumbnail again when %s', async (_, fault) => {
		world.sandbox.faults.add(fault);
		const { live, followUps } = await publishPost(jobWith([]));
		expect(followUps).toEqual([done('thumbnail')]);
		await expectThumbnail(live.platformPostId);
	});

	it('makes one video and at most one line in the playlist, wherever the process dies', async () => {
		let edge = 1;
		for (; edge <= 100; edge++) {
			const words = `Clip number ${edge}`;
			const journal = new MemoryJournal();
			const fate = new Fate(edge);
			const died = await publishPost(jobWith([playlistId], { words, journal, fate })).then(
				() => fate.isDead,
				() => fate.isDead,
			);
			if (!died) break;
			const { live } = await publishPost(jobWith([playlistId], { words, journal }));
			expect(world.posts(words).map(({ platformPostId }) => platformPostId)).toEqual([live.platformPostId]);
			expect(await entriesOf(live.platformPostId)).toBeLessThanOrEqual(1);
		}
		expect(edge).toBeGreaterThan(20);
		expect(edge).toBeLessThan(100);
	});
});

describe('the lists of YouTube', () => {
	it('are whole, however many pages they have, and hold only categories that a video can have', async () => {
		const world = await World.start(youtube);
		try {
			const titles = Array.from({ length: 120 }, (_, index) => `Playlist ${index}`);
			world.sandbox.youtube.account('tester', { playlists: titles });
			expect((await readPlaylists(world.context())).map(({ title }) => title)).toEqual(titles);
			const categories = await readCategories(world.context(), 'DE');
			expect(categories).toContainEqual({ id: '22', title: 'People & Blogs' });
			expect(categories.map(({ id }) => id)).not.toContain('18');
		} finally {
			await world.stop();
		}
	});
});
