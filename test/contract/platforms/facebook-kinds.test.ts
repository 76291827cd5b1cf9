// Photos, stories and planned posts on Facebook (facts 6.2, 6.3, 6.7): each as it leaves this machine, each exactly
// once, and nothing sent again where nobody can look.
import { facebookAdapter } from '../../../lib/platforms/facebook/adapter';
import type { DraftMedia } from '../../../lib/publishing/adapter';
import { PublishError } from '../../../lib/publishing/errors';
import { MemoryJournal } from '../../../lib/publishing/memory-journal';
import type { HttpRequest } from '../../../lib/publishing/ports';
import type { PostContent } from '../../../lib/publishing/post';
import { publishPost, type PublishJob } from '../../../lib/publishing/publish';
import { fileOf, pictures } from './files';
import { networks } from './networks';
import { Fate, withMedia, World, type Attempt } from './world';

const facebook = networks.find(({ name }) => name === 'facebook')!;
const signal = new AbortController().signal;
const feed = { method: 'POST', pathPattern: '/feed$' } as const;
const id = expect.stringMatching(/^\d+$/) as string;

interface Post extends Attempt {
	readonly media?: readonly DraftMedia[];
	readonly content?: PostContent;
}

describe('Facebook', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(facebook);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	function jobOf({ media = [], content, ...attempt }: Post): PublishJob {
		const job = withMedia(world.job(attempt), media);
		return { ...job, draft: { ...job.draft, content: { ...job.draft.content, ...content } } };
	}

	interface Sent {
		readonly calls: readonly string[];
		readonly bodies: readonly unknown[];
	}

	/** Without the reads. */
	async function sent(job: PublishJob): Promise<Sent> {
		const calls: string[] = [];
		const bodies: unknown[] = [];
		const { http } = job.context;
		const send = async (message: HttpRequest, stop: AbortSignal) => {
			const { pathname } = new URL(message.url);
			if (message.method === 'POST') calls.push(`POST ${pathname.replace(/\d{12,}/g, 'ID')}`);
			if (typeof message.body === 'string') bodies.push(JSON.parse(message.body));
			return await http.send(message, stop);
		};
		await publishPost({ ...job, context: { ...job.context, http: { send } } });
		return { calls, bodies };
	}

	it('sends several photos one after the other, seen by nobody, and one post that attaches them in order', async () => {
		const { calls, bodies } = await sent(jobOf({ media: pictures(3) }));
		expect(calls).toEqual([
			...Array.from({ length: 3 }, () => 'POST /v26.0/ID/photos'),
			'POST /v26.0/ID/feed',
		]);
		expect(bodies).toEqual([
			{
				message: 'Hello from the clip',
				attached_media: [{ media_fbid: id }, { media_fbid: id }, { media_fbid: id }],
			},
		]);
		expect(world.posts()[0]?.media.map(({ sizeBytes }) => sizeBytes)).toEqual([20_000, 20_001, 20_002]);
	});

	it('sends a link with its words in one call', async () => {
		const { calls, bodies } = await sent(
			jobOf({ content: { options: { link: 'https://example.com/story' } } }),
		);
		expect(calls).toEqual(['POST /v26.0/ID/feed']);
		expect(bodies).toEqual([{ message: 'Hello from the clip', link: 'https://example.com/story' }]);
	});

	it('sends a photo as multipart, and the post that attaches it', async () => {
		const { calls, bodies } = await sent(jobOf({ media: pictures(1) }));
		expect(calls).toEqual(['POST /v26.0/ID/photos', 'POST /v26.0/ID/feed']);
		expect(bodies).toEqual([{ message: 'Hello from the clip', attached_media: [{ media_fbid: id }] }]);
	});

	it('sends a video in the ranges that Facebook names, and finishes its session', async () => {
		world.sandbox.facebook.configure({ chunkBytes: 200_000 });
		const content = { title: 'Title', options: { videoType: 'video' } };
		const { calls, bodies } = await sent(jobOf({ media: [fileOf('video/mp4', 500_000)], content }));
		expect(calls).toEqual(Array.from({ length: 5 }, () => 'POST /v26.0/ID/videos'));
		expect(bodies).toEqual([
			{ upload_phase: 'start', file_size: 500_000 },
			{
				upload_phase: 'finish',
				upload_session_id: id,
				description: 'Hello from the clip',
				title: 'Title',
			},
		]);
	});

	it('says in the log that photos go out without what they show', async () => {
		await publishPost(jobOf({ media: pictures(1) }));
		expect(world.logged.join('\n')).toContain('no alternative text');
	});

	it.each([false, true])(
		'posts several photos exactly once, wherever the process dies (answer lost: %s)',
		async (isAnswerLost) => {
			let edge = 1;
			for (; edge < 150; edge++) {
				const post: Post = { words: `Photos ${edge}`, media: pictures(3), journal: new MemoryJournal() };
				const fate = new Fate(edge);
				world.sandbox.faults.clear();
				if (isAnswerLost) world.sandbox.faults.add({ kind: 'drop-after-effect', ...feed });
				const died = await publishPost(jobOf({ ...post, fate })).then(
					() => false,
					() => fate.isDead,
				);
				if (!died) break;
				const { live } = await publishPost(jobOf(post));
				const seen = world.posts(`Photos ${edge}`).map(({ platformPostId }) => platformPostId);
				expect({ edge, seen }).toEqual({ edge, seen: [live.platformPostId] });
			}
			expect(edge).toBeGreaterThan(20);
		},
	);

	it('goes on with the first photo that is not there yet', async () => {
		const journal = new MemoryJournal();
		const media = pictures(3);
		world.sandbox.faults.add({
			kind: 'status',
			status: 503,
			times: 'always',
			pathPattern: '/photos$',
			skip: 2,
		});
		await expect(publishPost(jobOf({ media, journal }))).rejects.toMatchObject({ class: 'platform' });
		world.sandbox.faults.clear();
		await publishPost(jobOf({ media, journal }));
		expect(media.slice(0, 2).map((file) => file.openedBytes())).toEqual([20_000, 20_001]);
	});

	it('sends a photo again whose upload was cut, and no other', async () => {
		const media = pictures(2);
		world.sandbox.faults.add({
			kind: 'cut-body-after-bytes',
			bytes: 5_000,
			pathPattern: '/photos$',
			skip: 1,
		});
		await publishPost(jobOf({ media }));
		expect(media.map((file) => file.openedBytes())).toEqual([20_000, 2 * 20_001]);
	});

	it('finds an album without words by its photos, among others', async () => {
		await publishPost(jobOf({ words: '', media: pictures(2) }));
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...feed });
		const { live } = await publishPost(jobOf({ words: '', media: pictures(3) }));
		expect(world.sandbox.journal.posts.map(({ platformPostId }) => platformPostId)[1]).toBe(
			live.platformPostId,
		);
		expect(world.requests('POST', /\/feed$/)).toBe(2);
	});

	it('asks a person when an album does not tell its photos and there are no words to know it by', async () => {
		const job = jobOf({ words: '', media: pictures(2) });
		const { http } = job.context;
		world.sandbox.faults.add({ kind: 'drop-after-effect', ...feed });
		const cut: typeof http.send = async (message, stop) => {
			const answer = await http.send(message, stop);
			if (!message.url.includes('/published_posts')) return answer;
			const body = JSON.parse(answer.bodyText) as { data: { attachments?: { data: object[] } }[] };
			for (const { attachments } of body.data) {
				for (const album of attachments?.data ?? []) Reflect.deleteProperty(album, 'subattachments');
			}
			return { ...answer, bodyText: JSON.stringify(body) };
		};
		const blurred = { ...job, context: { ...job.context, http: { send: cut } } };
		await expect(publishPost(blurred)).rejects.toMatchObject({ class: 'unknown', needsPerson: true });
		expect(world.requests('POST', /\/feed$/)).toBe(1);
	});

	describe.each([
		['video', fileOf('video/mp4', 400_000), '/video_stories$'],
		['photo', fileOf('image/jpeg', 40_000), '/photo_stories$'],
	] as const)('a story with a %s', (kind, file, pathPattern) => {
		const story = (attempt: Attempt = {}): PublishJob =>
			jobOf({ ...attempt, media: [file], content: { text: '', options: { placement: 'story' } } });
		// The call that opens the upload of a video has the same path and a shorter body.
		const commit = {
			method: 'POST',
			pathPattern,
			headerPatterns: { 'content-length': '^(3[4-9]|[4-9]\\d|\\d{3,})$' },
		};

		it('is published by the call that names the medium and nothing else', async () => {
			const { calls, bodies } = await sent(story());
			expect({ calls, bodies }).toEqual(
				kind === 'video'
					? {
							calls: [
								'POST /v26.0/ID/video_stories',
								'POST /video-upload/v26.0/ID',
								'POST /v26.0/ID/video_stories',
							],
							bodies: [{ upload_phase: 'start' }, { upload_phase: 'finish', video_id: id }],
						}
					: { calls: ['POST /v26.0/ID/photos', 'POST /v26.0/ID/photo_stories'], bodies: [{ photo_id: id }] },
			);
			const [post] = world.sandbox.journal.posts;
			expect(post).toMatchObject({ title: 'Story', mediaSizeBytes: file.source.sizeBytes });
			const status = await facebookAdapter.status(world.context(), post!.platformPostId);
			expect(status.state).toBe('live');
		});

		it.each(['drop-after-effect', 'drop-before'] as const)(
			'is a person’s at once after a lost answer (%s), and never sent again',
			async (fault) => {
				world.sandbox.faults.add({ kind: fault, ...commit });
				const journal = new MemoryJournal();
				for (let run = 0; run < 3; run++) {
					await expect(publishPost(story({ journal }))).rejects.toMatchObject({
						class: 'unknown',
						needsPerson: true,
						remedy: expect.stringMatching(/Look at the stories.*2026-.*Nothing is sent again/),
					});
				}
				expect(world.sandbox.journal.posts.length).toBeLessThanOrEqual(1);
				const sentCommits = world.sandbox.journal.requests.filter(
					({ path, bodyBytes }) => new RegExp(pathPattern).test(path) && bodyBytes > 33,
				);
				expect(sentCommits.length).toBeLessThanOrEqual(1);
			},
		);

		it('is out at most once, wherever the process dies', async () => {
			let edge = 1;
			for (; edge < 100; edge++) {
				const journal = new MemoryJournal();
				const fate = new Fate(edge);
				const before = world.sandbox.journal.posts.length;
				const died = await publishPost(story({ journal, fate })).then(
					() => false,
					() => fate.isDead,
				);
				if (!died) break;
				const isArmed = (await journal.load()).commitIntent !== null;
				const again = await publishPost(story({ journal })).catch((thrown: unknown) => thrown);
				const made = world.sandbox.journal.posts.length - before;
				const isAsked = again instanceof PublishError && again.needsPerson;
				expect({ edge, isAsked, isOne: isArmed ? made <= 1 : made === 1 }).toEqual({
					edge,
					isAsked: isArmed,
					isOne: true,
				});
			}
			expect(edge).toBeGreaterThan(10);
		});

		it('is refused with an empty file before a single request', async () => {
			const empty = { ...file, facts: { ...file.facts, sizeBytes: 0 } };
			await expect(publishPost(withMedia(story(), [empty]))).rejects.toMatchObject({ class: 'validation' });
			expect(world.sandbox.journal.requests).toHaveLength(0);
		});
	});

	it('refuses a story whose video Facebook cannot process', async () => {
		world.sandbox.faults.add({ kind: 'fail-processing', pathPattern: '^/video-upload/' });
		const content = { text: '', options: { placement: 'story' } };
		await expect(
			publishPost(jobOf({ media: [fileOf('video/mp4', 400_000)], content })),
		).rejects.toMatchObject({ class: 'validation', code: '6000' });
		expect(world.sandbox.journal.posts).toHaveLength(0);
	});

	describe('a planned post', () => {
		const inMs = (delayMs: number): string => new Date(world.clock.now().getTime() + delayMs).toISOString();
		const planned = (delayMs: number, post: Post = {}, videoType = 'reel'): PublishJob =>
			jobOf({ ...post, content: { options: { videoType, scheduledPublishTime: inMs(delayMs) } } });
		const clip = (): readonly DraftMedia[] => [fileOf('video/mp4', 400_000)];

		it.each<[string, () => readonly DraftMedia[], string]>([
			['text', () => [], 'reel'],
			['album', () => pictures(2), 'reel'],
			['reel', clip, 'reel'],
			['video', clip, 'video'],
		])('of %s is handed over now, and live from its time on', async (_, media, videoType) => {
			const { live } = await publishPost(planned(3_600_000, { media: media() }, videoType));
			expect(world.posts()).toMatchObject([{ platformPostId: live.platformPostId, visibility: 'scheduled' }]);
			const before = await facebookAdapter.status(world.context(), live.platformPostId);
			expect(before).toMatchObject({ state: 'processing', reason: expect.stringContaining('planned') });
			await world.clock.sleep(3_600_000, signal);
			const after = await facebookAdapter.status(world.context(), live.platformPostId);
			expect(after.state).toBe('live');
		});

		it.each([5 * 60_000, 31 * 86_400_000])(
			'is refused %i ms ahead, before a single request',
			async (delayMs) => {
				await expect(publishPost(planned(delayMs))).rejects.toMatchObject({
					class: 'validation',
					code: 'option:scheduledPublishTime',
				});
				expect(world.sandbox.journal.requests).toHaveLength(0);
			},
		);

		it('that is a reel is found by its video after a lost answer', async () => {
			world.sandbox.faults.add({ kind: 'drop-after-effect', ...facebook.commit(400_000) });
			const { wasAlreadyPosted } = await publishPost(planned(3_600_000, { media: clip() }));
			expect(wasAlreadyPosted).toBe(true);
			expect(world.posts()).toHaveLength(1);
		});

		it('of words is a person’s after a lost answer: the list of posts shows no planned ones', async () => {
			world.sandbox.faults.add({ kind: 'drop-after-effect', ...feed });
			await expect(publishPost(planned(3_600_000))).rejects.toMatchObject({
				needsPerson: true,
				remedy: expect.stringContaining('planned posts'),
			});
			expect(world.requests('POST', /\/feed$/)).toBe(1);
		});
	});
});
