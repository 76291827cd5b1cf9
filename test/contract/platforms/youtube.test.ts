// What only YouTube does: sessions that keep less than they were sent, that are forgotten, and buckets that
// are full until midnight Pacific.
import { type PublishError } from '../../../lib/publishing/errors';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import { publishPost } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { Fate, World } from './world';

const youtube = networks.find(({ name }) => name === 'youtube')!;
const signal = new AbortController().signal;

describe('YouTube', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(youtube);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	const whole = (): void => {
		expect(world.posts()).toHaveLength(1);
		expect(world.posts()[0]?.mediaSizeBytes).toBe(youtube.mediaBytes);
	};

	it('opens one session, sends the parts, and lets a small last piece publish', async () => {
		await publishPost(world.job());
		const calls = world.sandbox.journal.requests.map(({ method, headers }) =>
			[method, headers['content-range']].filter(Boolean).join(' '),
		);
		const size = youtube.mediaBytes;
		expect(calls).toEqual([
			'POST',
			`PUT bytes */${size}`,
			`PUT bytes 0-${1024 * 1024 - 1}/${size}`,
			`PUT bytes */${size}`,
			`PUT bytes ${1024 * 1024}-${size - 1}/${size}`,
		]);
	});

	it('goes on from what the session kept when it kept less than it was sent', async () => {
		world.sandbox.faults.add({ kind: 'store-less', bytes: 300_000, ...youtube.part });
		await publishPost(world.job());
		whole();
	});

	it('sends all of it again when a 308 without Range says that nothing was kept', async () => {
		world.sandbox.faults.add({ kind: 'store-less', bytes: 0, ...youtube.part });
		await publishPost(world.job());
		whole();
	});

	it('gives up after a bounded number of parts of which nothing is kept', async () => {
		world.sandbox.faults.add({ kind: 'store-less', bytes: 0, times: 'always', ...youtube.part });
		await expect(publishPost(world.job())).rejects.toMatchObject({
			class: 'platform',
			code: 'upload-stalled',
		});
		expect(world.posts()).toHaveLength(0);
	});

	it('waits for 503s to pass and asks the session before it sends again', async () => {
		world.sandbox.faults.add({ kind: 'status', status: 503, times: 2, ...youtube.part });
		await publishPost(world.job());
		whole();
	});

	it('starts over when the session is forgotten before anything was published with it', async () => {
		const journal = new MemoryJournal();
		const fate = new Fate(6);
		await publishPost(world.job({ journal, fate })).catch(() => undefined);
		expect((await journal.load()).handle).not.toBeNull();
		await world.clock.sleep(8 * 24 * 3_600_000, signal);
		await publishPost(world.job({ journal }));
		whole();
	});

	it('finds the video in the channel when its session is forgotten after a lost answer', async () => {
		const journal = new MemoryJournal();
		const { live } = await lostWithForgottenSession(journal);
		const second = await publishPost(world.job({ journal }));
		expect(second).toEqual({ live, wasAlreadyPosted: true, followUps: [] });
		whole();
	});

	it('takes no other video of the channel for the lost one', async () => {
		const journal = new MemoryJournal();
		await publishPost(world.job({ words: 'Another clip of the same minute' }));
		const { live } = await lostWithForgottenSession(journal);
		const second = await publishPost(world.job({ journal }));
		expect(second.live).toEqual(live);
	});

	/** The last piece worked, the process died before it knew, and a week later the session is forgotten. */
	async function lostWithForgottenSession(journal: MemoryJournal) {
		const crash = new Error('died');
		journal.recordLive = async () => {
			throw crash;
		};
		await expect(publishPost(world.job({ journal }))).rejects.toBe(crash);
		journal.recordLive = MemoryJournal.prototype.recordLive.bind(journal);
		const [post] = world.posts();
		await world.clock.sleep(8 * 24 * 3_600_000, signal);
		return { live: { platformPostId: post!.platformPostId, url: post!.url } };
	}

	it('waits for midnight Pacific when the daily uploads are used up', async () => {
		world.sandbox.faults.add({ kind: 'quota-left', left: 0, method: 'POST' });
		const error = (await publishPost(world.job()).catch((thrown: unknown) => thrown)) as PublishError;
		expect(error).toMatchObject({ class: 'quota', scope: 'app' });
		const hour = new Intl.DateTimeFormat('en-US', {
			timeZone: 'America/Los_Angeles',
			hour: 'numeric',
			hourCycle: 'h23',
			minute: 'numeric',
			second: 'numeric',
		}).format(error.retryAt);
		expect(hour).toBe('00:00:00');
		expect(error.retryAt!.getTime() - world.clock.now().getTime()).toBeLessThanOrEqual(25 * 3_600_000);
	});

	it('never leaves the privacy to YouTube, which would make the video public', async () => {
		const job = world.job();
		await publishPost({ ...job, draft: { ...job.draft, content: { title: 'Quiet clip' } } });
		expect(world.sandbox.journal.posts[0]).toMatchObject({ title: 'Quiet clip', visibility: 'private' });
	});

	it('uploads anew when the media changed under the upload', async () => {
		const journal = new MemoryJournal();
		await publishPost(world.job({ journal, fate: new Fate(6) })).catch(() => undefined);
		await journal.saveHandle({ ...(await journal.load()).handle, sizeBytes: 5 });
		await publishPost(world.job({ journal }));
		whole();
	});
});
