import { useSandbox, VIDEO, YouTubeClient } from './support';

const held = useSandbox();
const client = (account = 'demo', scopes?: string[]): YouTubeClient =>
	new YouTubeClient(held.sandbox, held.wire, { account, ...(scopes ? { scopes } : {}) });
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PUBLIC = { ...VIDEO, status: { privacyStatus: 'public' } };

describe('quota (facts 1.5)', () => {
	it('gives 100 uploads a day and resets them at midnight in Los Angeles, not in UTC', async () => {
		// Midnight in Los Angeles is 08:00 UTC in winter.
		held.sandbox.clock.setTo('2026-12-02T07:58:00Z');
		const youtube = client();
		for (let count = 0; count < 100; count++) expect((await youtube.start(10)).status).toBe(200);
		const refused = await youtube.start(10);
		expect([refused.status, refused.body.error.errors[0].reason]).toEqual([403, 'quotaExceeded']);
		held.sandbox.clock.setTo('2026-12-02T07:59:50Z');
		expect((await youtube.start(10)).status).toBe(403);
		held.sandbox.clock.setTo('2026-12-02T08:00:01Z');
		expect((await youtube.start(10)).status).toBe(200);
	});

	it('keeps uploads out of the general bucket, and charges an invalid request', async () => {
		const youtube = client();
		held.sandbox.faults.add({ kind: 'quota-left', left: 1, pathPattern: '^/youtube/v3/videos$' });
		expect((await youtube.get('/youtube/v3/videos?id=none&part=nonsense')).status).toBe(400);
		expect((await youtube.get('/youtube/v3/videos?id=none&part=status')).body.error.errors[0].reason).toBe(
			'quotaExceeded',
		);
		expect((await youtube.get('/youtube/v3/videos:batchGetStats?id=none&part=statistics')).status).toBe(200);
		expect((await youtube.start(10)).status).toBe(200);
	});
});

describe('the state of a video (facts 1.3)', () => {
	const STATE = 'status,processingDetails';

	it('goes from uploaded to processed with the clock', async () => {
		held.sandbox.youtube.configure({ processingMs: 60_000 });
		const youtube = client();
		const id = await youtube.upload();
		const before = (await youtube.get(`/youtube/v3/videos?id=${id}&part=${STATE}`)).body.items[0];
		expect(before.status.uploadStatus).toBe('uploaded');
		expect(before.processingDetails).toMatchObject({
			processingStatus: 'processing',
			processingProgress: {},
		});
		held.sandbox.clock.advance(60_000);
		const after = (await youtube.get(`/youtube/v3/videos?id=${id}&part=${STATE}`)).body.items[0];
		expect(after.status.uploadStatus).toBe('processed');
		expect(after.processingDetails.processingStatus).toBe('succeeded');
	});

	it.each([
		['codec', { uploadStatus: 'failed', failureReason: 'codec' }],
		['copyright', { uploadStatus: 'rejected', rejectionReason: 'copyright' }],
	])('ends with %s when it was told to fail so', async (reason, status) => {
		held.sandbox.youtube.configure({ processingMs: 0 });
		held.sandbox.faults.add({ kind: 'fail-processing', reason, method: 'PUT' });
		const youtube = client();
		const id = await youtube.upload();
		const [item] = (await youtube.get(`/youtube/v3/videos?id=${id}&part=status`)).body.items;
		expect(item.status).toMatchObject(status);
	});

	it('shows a private video to its owner only, and a scheduled one to all once it is due', async () => {
		const publishAt = new Date(held.sandbox.clock.nowMs() + HOUR_MS).toISOString();
		const id = await client('owner').upload({ ...VIDEO, status: { privacyStatus: 'private', publishAt } });
		const seenBy = async (account: string): Promise<number> =>
			(await client(account).get(`/youtube/v3/videos?id=${id}&part=status`)).body.items.length;
		expect([await seenBy('owner'), await seenBy('other')]).toEqual([1, 0]);
		held.sandbox.clock.advance(HOUR_MS);
		expect(await seenBy('other')).toBe(1);
	});

	it('refuses more than 50 ids and a list without a filter', async () => {
		const youtube = client();
		const ids = Array.from({ length: 51 }, (_unused, index) => `id${index}`).join(',');
		expect((await youtube.get(`/youtube/v3/videos?part=status&id=${ids}`)).status).toBe(400);
		expect((await youtube.get('/youtube/v3/videos?part=status')).status).toBe(400);
	});

	it('updates whole parts, deletes once, and does not resurrect a deleted video through its session', async () => {
		const youtube = client();
		const id = await youtube.upload();
		const snippet = { title: 'New', categoryId: '22' };
		const updated = await youtube.call('PUT', '/youtube/v3/videos?part=snippet', { id, snippet });
		expect(updated.body.snippet).toMatchObject({ title: 'New', description: '' });
		expect(held.sandbox.journal.posts[0]).toMatchObject({ title: 'New', visibility: 'unlisted' });
		expect((await youtube.call('DELETE', `/youtube/v3/videos?id=${id}`)).status).toBe(204);
		const again = await youtube.call('DELETE', `/youtube/v3/videos?id=${id}`);
		expect([again.status, again.body.error.errors[0].reason]).toEqual([404, 'videoNotFound']);
		expect(held.sandbox.journal.posts[0]?.deletedAt).toBeDefined();
	});
});

describe('numbers (facts 1.7)', () => {
	it('are strings that grow with age and are the same for the same age', async () => {
		const youtube = client();
		const id = await youtube.upload(PUBLIC);
		const views = async (path: string): Promise<string> =>
			(await client().get(`${path}?id=${id}&part=statistics`)).body.items[0].statistics.viewCount;
		held.sandbox.clock.advance(HOUR_MS);
		const early = await views('/youtube/v3/videos');
		held.sandbox.clock.advance(DAY_MS);
		const late = await views('/youtube/v3/videos');
		expect([typeof early, Number(late) > Number(early), Number(early) > 0]).toEqual(['string', true, true]);
		expect(await views('/youtube/v3/videos:batchGetStats')).toBe(late);
	});

	it('leave out likes that are hidden', async () => {
		held.sandbox.youtube.account('shy', { likesHidden: true });
		const youtube = client('shy');
		const id = await youtube.upload(PUBLIC);
		const [item] = (await youtube.get(`/youtube/v3/videos?id=${id}&part=statistics`)).body.items;
		expect(Object.keys(item.statistics)).toEqual(['viewCount', 'favoriteCount', 'commentCount']);
	});

	it('reach the reports only 48 to 72 hours later, and an empty report has no rows at all', async () => {
		held.sandbox.clock.setTo('2026-12-01T20:00:00Z');
		const id = await client().upload(PUBLIC);
		const report = async (more = ''): Promise<{ status: number; body: { rows?: unknown[][] } }> =>
			client().get(
				`/v2/reports?ids=channel==MINE&startDate=2026-11-25&endDate=2026-12-31&metrics=views,likes&dimensions=day&filters=video==${id}${more}`,
			);
		held.sandbox.clock.setTo('2026-12-04T07:00:00Z');
		expect((await report()).body).not.toHaveProperty('rows');
		held.sandbox.clock.setTo('2026-12-04T09:00:00Z');
		expect((await report()).body.rows).toEqual([['2026-12-01', expect.any(Number), expect.any(Number)]]);
		held.sandbox.clock.setTo('2026-12-06T09:00:00Z');
		const rows = (await report('&sort=-day')).body.rows ?? [];
		expect(rows.map(([day]) => day)).toEqual(['2026-12-03', '2026-12-02', '2026-12-01']);
	});

	it('refuse an unknown metric in the words of the real service', async () => {
		const refused = await client().get(
			'/v2/reports?ids=channel==MINE&startDate=2026-01-01&endDate=2026-01-02&metrics=impressions',
		);
		expect([refused.status, refused.body.error.errors[0].reason]).toEqual([400, 'badRequest']);
		expect(refused.body.error.message).toContain('The query is not supported.');
	});
});

describe('channels, playlists and thumbnails', () => {
	it('lead from the channel to its uploads, newest first (facts 1.8)', async () => {
		const youtube = client();
		const ids = [await youtube.upload(PUBLIC), await youtube.upload(PUBLIC), await youtube.upload(PUBLIC)];
		const channel = (await youtube.get('/youtube/v3/channels?part=contentDetails&mine=true')).body.items[0];
		const { uploads } = channel.contentDetails.relatedPlaylists;
		const path = `/youtube/v3/playlistItems?part=snippet&playlistId=${uploads}&maxResults=2`;
		const first = (await youtube.get(path)).body;
		const second = (await youtube.get(`${path}&pageToken=${first.nextPageToken}`)).body;
		const found = [...first.items, ...second.items].map((item) => item.snippet.resourceId.videoId);
		expect(found).toEqual(ids.reverse());
		expect(second.nextPageToken).toBeUndefined();
	});

	it('take a PNG for a thumbnail from a verified channel only', async () => {
		const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
		held.sandbox.youtube.account('new', { isVerified: false });
		const set = async (account: string, body: Buffer): Promise<number> => {
			const youtube = client(account);
			const id = await youtube.upload();
			const path = `${youtube.baseUrl}/upload/youtube/v3/thumbnails/set?videoId=${id}`;
			return (await held.wire.send(path, { method: 'POST', token: youtube.token, body })).status;
		};
		expect([await set('demo', png), await set('demo', Buffer.from('text')), await set('new', png)]).toEqual([
			200, 400, 403,
		]);
	});
});

describe('who may do what (facts 1.1, 1.6)', () => {
	const READ_ONLY = ['https://www.googleapis.com/auth/youtube.readonly'];

	it('needs the upload scope to upload and a reading scope to read', async () => {
		const refused = await client('demo', READ_ONLY).start(10);
		expect([refused.status, refused.body.error.errors[0].reason]).toEqual([403, 'insufficientPermissions']);
		const uploadOnly = client('demo', ['https://www.googleapis.com/auth/youtube.upload']);
		expect((await uploadOnly.get('/youtube/v3/videos?id=x&part=status')).status).toBe(403);
	});

	it('answers 401 without a token, with an unknown one, and after the account removed the app', async () => {
		const youtube = client();
		const path = `${youtube.baseUrl}/youtube/v3/channels?part=id&mine=true`;
		held.sandbox.youtube.revokeAccount('demo');
		const answers = [
			await held.wire.send(path),
			await held.wire.send(path, { token: 'nonsense' }),
			await held.wire.send(path, { token: youtube.token }),
		];
		expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
	});

	it('records a path that YouTube does not have, and answers it in its shape', async () => {
		const unknown = await client().get('/youtube/v4/videos');
		expect(unknown.body.error.code).toBe(404);
		expect(held.sandbox.journal.unexpected).toEqual([
			{ network: 'youtube', method: 'GET', path: '/youtube/v4/videos', why: 'unknown path' },
		]);
	});
});

describe('playlists of one’s own and categories', () => {
	const REQUEST = { kind: 'youtube#video' };
	const insert = async (youtube: YouTubeClient, playlistId: string, videoId: string, part = 'snippet') =>
		youtube.call('POST', `/youtube/v3/playlistItems?part=${part}`, {
			snippet: { playlistId, resourceId: { ...REQUEST, videoId } },
		});
	const firstPlaylist = async (youtube: YouTubeClient): Promise<string> =>
		(await youtube.get('/youtube/v3/playlists?part=snippet&mine=true')).body.items[0].id;
	const reasonOf = (reply: { status: number; body: { error?: { errors: [{ reason: string }] } } }) => [
		reply.status,
		reply.body.error?.errors[0].reason,
	];

	it('hold the same video as often as it was added, since nothing stops a second call', async () => {
		const youtube = client();
		const [playlistId, videoId] = [await firstPlaylist(youtube), await youtube.upload(PUBLIC)];
		const added = await insert(youtube, playlistId, videoId);
		expect(added.body).toMatchObject({
			kind: 'youtube#playlistItem',
			snippet: { playlistId, position: 0, resourceId: { kind: 'youtube#video', videoId } },
		});
		await insert(youtube, playlistId, videoId);
		const path = `/youtube/v3/playlistItems?part=id&playlistId=${playlistId}`;
		expect((await youtube.get(`${path}&videoId=${videoId}`)).body.items).toHaveLength(2);
		expect((await youtube.get(`${path}&videoId=another`)).body.items).toHaveLength(0);
	});

	it('refuse what is not there, what is not one’s own and what is no playlist item', async () => {
		const youtube = client();
		const [playlistId, videoId] = [await firstPlaylist(youtube), await youtube.upload(PUBLIC)];
		const foreign = await firstPlaylist(client('other'));
		expect(reasonOf(await insert(youtube, 'PLnone', videoId))).toEqual([404, 'playlistNotFound']);
		expect(reasonOf(await insert(youtube, playlistId, 'none'))).toEqual([404, 'videoNotFound']);
		expect(reasonOf(await insert(youtube, foreign, videoId))).toEqual([403, 'playlistItemsNotAccessible']);
		expect(reasonOf(await insert(youtube, playlistId, videoId, 'id'))).toEqual([400, 'playlistIdRequired']);
		const unknown = { snippet: { playlistId, videoId } };
		const call = await youtube.call('POST', '/youtube/v3/playlistItems?part=snippet', unknown);
		expect(reasonOf(call)).toEqual([400, 'badRequest']);
	});

	it('need the right to manage the account, and cost 50 of the general units (facts 1.1, 1.5)', async () => {
		const scopes = ['youtube.upload', 'youtube.readonly'].map(
			(name) => `https://www.googleapis.com/auth/${name}`,
		);
		const limited = client('demo', scopes);
		const [playlistId, videoId] = [await firstPlaylist(limited), await limited.upload(PUBLIC)];
		expect(reasonOf(await insert(limited, playlistId, videoId))).toEqual([403, 'insufficientPermissions']);
		held.sandbox.faults.add({ kind: 'quota-left', left: 49, pathPattern: '/playlistItems$' });
		expect(reasonOf(await insert(client(), playlistId, videoId))).toEqual([403, 'quotaExceeded']);
		expect((await client().get('/youtube/v3/playlists?part=id&mine=true')).status).toBe(200);
	});

	it('tell which categories a video can have, for a region only', async () => {
		const youtube = client();
		const { items } = (await youtube.get('/youtube/v3/videoCategories?part=snippet&regionCode=DE')).body;
		expect(items).toContainEqual(
			expect.objectContaining({ id: '22', snippet: expect.objectContaining({ assignable: true }) }),
		);
		expect((await youtube.get('/youtube/v3/videoCategories?part=snippet')).status).toBe(400);
		expect((await youtube.get('/youtube/v3/videoCategories?part=snippet&regionCode=de')).status).toBe(400);
	});
});
