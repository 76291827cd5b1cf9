// The exact requests of YouTube's posts and numbers, reviewed against the facts (1.2, 1.3, 1.5, 1.7).
import { Readable } from 'node:stream';
import type { AdapterContext, DraftMedia } from '../../../lib/publishing/adapter';
import { publishPost } from '../../../lib/publishing/publish';
import { networks } from './networks';
import { withMedia, World } from './world';

const youtube = networks.find(({ name }) => name === 'youtube')!;
const size = youtube.mediaBytes;
const mebibyte = 1024 * 1024;
const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(96, 5)]);
const thumbnail: DraftMedia = {
	facts: { kind: 'image', mimeType: 'image/jpeg', sizeBytes: picture.length },
	source: {
		sizeBytes: picture.length,
		mimeType: 'image/jpeg',
		fileName: 'thumbnail.jpg',
		read: () => Readable.from([picture]),
	},
};

interface Sent {
	readonly call: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

describe('the requests to YouTube', () => {
	let world: World;

	beforeEach(async () => {
		world = await World.start(youtube);
	});

	afterEach(async () => {
		expect(world.sandbox.journal.unexpected).toEqual([]);
		await world.stop();
	});

	/** What leaves this machine, bodies included; streams, tokens and sessions are only named. */
	function recording(context: AdapterContext): { context: AdapterContext; sent: Sent[] } {
		const sent: Sent[] = [];
		const http: AdapterContext['http'] = {
			send: async (message, abort) => {
				const { method, url, headers = {}, body } = message;
				const { pathname, search } = new URL(url);
				const { authorization = '', ...shown } = headers;
				sent.push({
					call: `${method} ${decodeURIComponent(pathname + search).replace(/upload_id=[^&]+/, 'upload_id=SESSION')}`,
					headers: { ...shown, authorization: authorization.split(' ')[0]! },
					body: typeof body === 'string' ? (JSON.parse(body) as unknown) : body && 'bytes',
				});
				return await context.http.send(message, abort);
			},
		};
		return { context: { ...context, http }, sent };
	}

	const bearer = { authorization: 'Bearer' };
	const video = { 'content-type': 'video/mp4', ...bearer };
	const upload = (part: string): readonly Sent[] => {
		const session = `PUT /upload/youtube/v3/videos?uploadType=resumable&part=${part}&upload_id=SESSION`;
		const probe = {
			call: session,
			headers: { 'content-length': '0', 'content-range': `bytes */${size}`, ...bearer },
			body: undefined,
		};
		const piece = (startByte: number, endByte: number): Sent => ({
			call: session,
			headers: {
				...video,
				'content-length': String(endByte - startByte),
				'content-range': `bytes ${startByte}-${endByte - 1}/${size}`,
			},
			body: 'bytes',
		});
		return [probe, piece(0, mebibyte), probe, piece(mebibyte, size)];
	};
	const opening = (part: string, body: unknown): Sent => ({
		call: `POST /upload/youtube/v3/videos?uploadType=resumable&part=${part}`,
		headers: {
			'content-type': 'application/json; charset=UTF-8',
			'x-upload-content-type': 'video/mp4',
			'x-upload-content-length': String(size),
			...bearer,
		},
		body,
	});

	it('of a video: open, ask, send up to the brink, ask, publish', async () => {
		const job = world.job();
		const { context, sent } = recording(job.context);
		await publishPost({ ...job, context });
		const body = {
			snippet: {
				title: 'Hello from the clip',
				description: 'A clip',
				tags: ['clip'],
				categoryId: '22',
			},
			status: { privacyStatus: 'public', selfDeclaredMadeForKids: false },
		};
		expect(sent).toEqual([opening('snippet,status', body), ...upload('snippet,status')]);
	});

	it('of a video with everything: each part is named, then thumbnail and playlist', async () => {
		const base = world.job();
		const job = withMedia(base, [...base.draft.media, thumbnail]);
		const { context, sent } = recording(job.context);
		const options = {
			privacyStatus: 'private',
			publishAt: '2027-01-01T00:00:00Z',
			categoryId: '28',
			madeForKids: true,
			containsSyntheticMedia: true,
			language: 'en',
			license: 'creativeCommon',
			embeddable: false,
			hasPaidProductPlacement: true,
			localizations: { de: { title: 'Ein Clip' } },
			playlistIds: ['PLnone'],
		};
		const { live } = await publishPost({
			...job,
			context,
			draft: { ...job.draft, content: { title: 'Everything', options } },
		});
		const part = 'snippet,status,paidProductPlacementDetails,localizations';
		expect(sent).toEqual([
			opening(part, {
				snippet: { title: 'Everything', description: '', categoryId: '28', defaultLanguage: 'en' },
				status: {
					privacyStatus: 'private',
					selfDeclaredMadeForKids: true,
					containsSyntheticMedia: true,
					publishAt: '2027-01-01T00:00:00Z',
					embeddable: false,
					license: 'creativeCommon',
				},
				paidProductPlacementDetails: { hasPaidProductPlacement: true },
				localizations: { de: { title: 'Ein Clip', description: '' } },
			}),
			...upload(part),
			{
				call: `POST /upload/youtube/v3/thumbnails/set?videoId=${live.platformPostId}&uploadType=media`,
				headers: { 'content-type': 'image/jpeg', 'content-length': '100', ...bearer },
				body: 'bytes',
			},
			{
				call: `GET /youtube/v3/playlistItems?part=id&playlistId=PLnone&videoId=${live.platformPostId}&maxResults=1`,
				headers: bearer,
				body: undefined,
			},
		]);
	});

	it('of a line in a playlist', async () => {
		const { live } = await publishPost(world.job());
		const { context, sent } = recording(world.context());
		const { items } = (await (
			await fetch(`${world.sandbox.youtube.baseUrl}/youtube/v3/playlists?part=id&mine=true`, {
				headers: { authorization: `Bearer ${await world.authorizer.getToken()}` },
			})
		).json()) as { items: [{ id: string }] };
		const playlistId = items[0].id;
		const content = { title: 'x', options: { playlistIds: [playlistId] } };
		await youtube.adapter.followUp!(context, { content, media: [] }, live);
		const videoId = live.platformPostId;
		expect(sent.at(-1)).toEqual({
			call: 'POST /youtube/v3/playlistItems?part=snippet',
			headers: { 'content-type': 'application/json', ...bearer },
			body: { snippet: { playlistId, resourceId: { kind: 'youtube#video', videoId } } },
		});
	});

	it('of status and numbers: one call for fifty videos, and one report', async () => {
		const { context, sent } = recording(world.context());
		await youtube.adapter.status(context, 'one');
		await youtube.adapter.metrics(context, ['one', 'two']);
		expect(sent.map(({ call }) => call)).toEqual([
			'GET /youtube/v3/videos?part=status,processingDetails&id=one',
			'GET /youtube/v3/videos:batchGetStats?part=snippet,statistics&id=one,two',
			expect.stringMatching(
				/^GET \/v2\/reports\?ids=channel==MINE&startDate=2005-02-14&endDate=\d{4}-\d\d-\d\d&metrics=views,engagedViews,.*shares.*&dimensions=video&filters=video==one,two&sort=-views&maxResults=2$/,
			),
		]);
	});

	it('gives shares, saves and watch time days later, and null until then', async () => {
		const { live } = await publishPost(world.job());
		const numbers = async () =>
			(await youtube.adapter.metrics(world.context(), [live.platformPostId]))[0]!.metrics;
		expect(await numbers()).toMatchObject({ shares: null, saves: null, watchTimeSeconds: null });
		await world.clock.sleep(5 * 24 * 3_600_000, new AbortController().signal);
		const late = await numbers();
		expect(late).toMatchObject({ saves: 0, clicks: null, reach: null, impressions: null });
		expect(late.watchTimeSeconds).toBeGreaterThan(0);
		expect(late.shares).toBeGreaterThan(0);
	});

	it('gives the live numbers when there are no late ones', async () => {
		const { live } = await publishPost(world.job());
		world.sandbox.faults.add({ kind: 'status', status: 403, pathPattern: '^/v2/reports$' });
		const [found] = await youtube.adapter.metrics(world.context(), [live.platformPostId]);
		expect(found!.metrics).toMatchObject({ views: expect.any(Number), shares: null });
		expect(world.logged.join()).toContain('no watch time');
	});

	it('says nothing where the channel hides its likes and takes no comments', async () => {
		const { live } = await publishPost(world.job());
		world.sandbox.youtube.account('tester', { likesHidden: true, commentsDisabled: true });
		const [found] = await youtube.adapter.metrics(world.context(), [live.platformPostId]);
		expect(found!.metrics).toMatchObject({ views: expect.any(Number), likes: null, comments: null });
	});
});
