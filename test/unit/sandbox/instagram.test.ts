import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Call, type Reply, sha256, someBytes, useSandbox } from './support';

const held = useSandbox({ networks: ['instagram'] });
const DAY_MS = 86_400_000;

class Client {
	readonly token: string;
	readonly userId: string;

	constructor(scopes?: string[]) {
		const issued = held.sandbox.instagram.issueTokens({ account: 'demo', ...(scopes ? { scopes } : {}) });
		this.token = issued.accessToken;
		this.userId = issued.accountId;
	}

	send(path: string, call: Call = {}): Promise<Reply> {
		const url = path.startsWith('http') ? path : held.sandbox.instagram.baseUrl + path;
		return held.wire.send(url, { token: this.token, ...call });
	}

	container(
		json: unknown = { media_type: 'REELS', upload_type: 'resumable', caption: 'Hi' },
	): Promise<Reply> {
		return this.send(`/v26.0/${this.userId}/media`, { json });
	}

	/** Headers as facts 3.2 want them; `change` breaks them. */
	upload(uri: string, file: Buffer, offset = 0, change: Record<string, string> = {}): Promise<Reply> {
		const headers = {
			authorization: `OAuth ${this.token}`,
			offset: String(offset),
			file_size: String(file.length),
			...change,
		};
		return held.wire.send(uri, { method: 'POST', body: file.subarray(offset), headers });
	}

	async status(id: string): Promise<Reply['body']> {
		return (await this.send(`/v26.0/${id}?fields=id,status,status_code,video_status`)).body;
	}

	publish(id: string): Promise<Reply> {
		return this.send(`/v26.0/${this.userId}/media_publish`, { json: { creation_id: id } });
	}

	async ready(file = someBytes(1000)): Promise<string> {
		const { id, uri } = (await this.container()).body;
		expect((await this.upload(uri, file)).body).toMatchObject({ success: true });
		held.sandbox.clock.advance(60_000);
		return id as string;
	}
}

const codes = ({ status, body }: Reply): unknown[] => [status, body.error?.code, body.error?.error_subcode];

describe('container, status, publish (facts 3.2)', () => {
	it('takes a file by resumable upload and shows it only after media_publish', async () => {
		const client = new Client();
		const file = someBytes(200_000);
		const id = await client.ready(file);
		expect(held.sandbox.journal.posts).toHaveLength(0);
		expect((await client.status(id)).status_code).toBe('FINISHED');
		const mediaId = (await client.publish(id)).body.id;
		const [post] = held.sandbox.journal.posts;
		expect(post).toMatchObject({ platformPostId: mediaId, text: 'Hi', mediaSha256: sha256(file) });
		expect((await client.status(id)).status_code).toBe('PUBLISHED');
		const media = (await client.send(`/v26.0/${mediaId}?fields=permalink,timestamp,media_product_type`)).body;
		expect(media).toMatchObject({ permalink: post!.url, media_product_type: 'REELS' });
		expect(new Date(media.timestamp).getTime()).not.toBeNaN();
		expect((await held.wire.send(media.permalink)).body).toContain('nothing here is public');
	});

	it('refuses to publish too early, twice, after a day, and what it does not know', async () => {
		const client = new Client();
		const early = (await client.container()).body.id;
		expect(codes(await client.publish(early))).toEqual([400, 9007, 2207027]);
		const id = await client.ready();
		expect((await client.publish(id)).status).toBe(200);
		expect(codes(await client.publish(id))).toEqual([400, 9007, 2207027]);
		expect(codes(await client.publish('123'))).toEqual([400, 24, 2207006]);
		held.sandbox.clock.advance(DAY_MS);
		expect((await client.status(early)).status_code).toBe('EXPIRED');
		expect(codes(await client.publish(early))).toEqual([400, -2, 2207020]);
		expect(held.sandbox.journal.posts).toHaveLength(1);
	});

	it('keeps what arrived of a cut upload and says how much', async () => {
		const client = new Client();
		const file = someBytes(500_000);
		const { id, uri } = (await client.container()).body;
		held.sandbox.faults.add({ kind: 'cut-body-after-bytes', bytes: 200_000, pathPattern: 'ig-api-upload' });
		await expect(client.upload(uri, file)).rejects.toThrow();
		const { bytes_transferred: stored } = (await client.status(id)).video_status.uploading_phase;
		expect(stored).toBeGreaterThan(0);
		expect(stored).toBeLessThanOrEqual(200_000);
		expect((await client.upload(uri, file, 0)).body.debug_info).toMatchObject({ retriable: true });
		expect((await client.upload(uri, file, stored)).body.success).toBe(true);
		held.sandbox.clock.advance(60_000);
		await client.publish(id);
		expect(held.sandbox.journal.posts[0]?.mediaSha256).toBe(sha256(file));
	});

	it('wants the token of the upload host as OAuth, and both numbers', async () => {
		const client = new Client();
		const { uri } = (await client.container()).body;
		const bearer = { authorization: `Bearer ${client.token}` };
		expect((await client.upload(uri, someBytes(10), 0, bearer)).status).toBe(401);
		expect((await client.upload(uri, someBytes(10), 0, { offset: 'x' })).status).toBe(400);
		expect((await client.upload(uri, someBytes(10), 0, { file_size: '5' })).status).toBe(400);
	});

	it('fails the media on command, with the subcode in the text', async () => {
		held.sandbox.faults.add({ kind: 'fail-processing', reason: '2207026', pathPattern: 'ig-api-upload' });
		const client = new Client();
		const id = await client.ready();
		const container = await client.status(id);
		expect([container.status_code, container.status]).toEqual(['ERROR', expect.stringContaining('2207026')]);
	});

	it.each([
		['two sources', { media_type: 'REELS', upload_type: 'resumable', video_url: 'http://a/b.mp4' }, 100],
		['no source', { media_type: 'REELS' }, 100],
		['an unknown field', { media_type: 'REELS', upload_type: 'resumable', title: 'x' }, 100],
		['2201 characters', { media_type: 'REELS', upload_type: 'resumable', caption: 'x'.repeat(2201) }, 100],
		['31 hashtags', { media_type: 'REELS', upload_type: 'resumable', caption: '#a '.repeat(31) }, 100],
		['an address that nobody can fetch', { image_url: 'http://127.0.0.1:1/a.jpg' }, 9004],
		['words in a story', { media_type: 'STORIES', upload_type: 'resumable', caption: 'x' }, 100],
		['a cover of a story', { media_type: 'STORIES', upload_type: 'resumable', thumb_offset: 1 }, 100],
		['a reel in a carousel', { media_type: 'REELS', upload_type: 'resumable', is_carousel_item: true }, 100],
		['a video that is neither reel nor story', { media_type: 'VIDEO', upload_type: 'resumable' }, 100],
		[
			'words of an item',
			{ media_type: 'VIDEO', upload_type: 'resumable', is_carousel_item: true, caption: 'x' },
			100,
		],
		['a tag without a place', { image_url: 'http://127.0.0.1:1/a.jpg', user_tags: [{ username: 'a' }] }, 100],
		[
			'an unknown trial',
			{ media_type: 'REELS', upload_type: 'resumable', trial_params: { graduation_strategy: 'X' } },
			100,
		],
		['a carousel of one', { media_type: 'CAROUSEL', children: ['1'] }, 100],
		[
			'a carousel of eleven',
			{ media_type: 'CAROUSEL', children: Array.from({ length: 11 }, () => '1') },
			100,
		],
		['items that are not there', { media_type: 'CAROUSEL', children: ['1', '2'] }, 24],
	])('refuses a container with %s', async (_what, json, code) => {
		const refused = await new Client().container(json);
		expect([refused.status, refused.body.error.code]).toEqual([400, code]);
	});
});

describe('carousels (facts 3.2)', () => {
	const item = { media_type: 'VIDEO', upload_type: 'resumable', is_carousel_item: true };

	it('takes finished items that were made to be items, and shows them only together', async () => {
		const client = new Client();
		const files = [someBytes(100), someBytes(200)];
		const ids: string[] = [];
		for (const file of files) {
			const { id, uri } = (await client.container(item)).body;
			await client.upload(uri, file);
			ids.push(id);
		}
		const carousel = { media_type: 'CAROUSEL', children: ids.join(','), caption: 'Both' };
		expect(codes(await client.container(carousel))).toEqual([400, 9007, 2207027]);
		held.sandbox.clock.advance(60_000);
		expect(codes(await client.container({ ...carousel, children: [...ids, await client.ready()] }))).toEqual([
			400, 24, 2207006,
		]);
		expect((await client.publish(ids[0] ?? '')).status).toBe(400);
		const { id } = (await client.container(carousel)).body;
		held.sandbox.clock.advance(60_000);
		const mediaId = (await client.publish(id)).body.id;
		expect(
			held.sandbox.journal.posts.map(({ text, media }) => [text, media.map((one) => one.sha256)]),
		).toEqual([['Both', files.map(sha256)]]);
		const shown = (await client.send(`/v26.0/${mediaId}?fields=media_type,media_product_type`)).body;
		expect(shown).toMatchObject({ media_type: 'CAROUSEL_ALBUM', media_product_type: 'FEED' });
	});
});

describe('stories and comments', () => {
	async function story(client: Client): Promise<string> {
		const { id, uri } = (await client.container({ media_type: 'STORIES', upload_type: 'resumable' })).body;
		await client.upload(uri, someBytes(100));
		held.sandbox.clock.advance(60_000);
		return (await client.publish(id)).body.id as string;
	}

	it('shows a story for 24 hours, in a list of its own (facts 3.6)', async () => {
		const client = new Client();
		const id = await story(client);
		const listed = async (edge: string): Promise<unknown[]> =>
			(await client.send(`/v26.0/${client.userId}/${edge}?fields=id,media_product_type`)).body.data;
		expect(await listed('media')).toEqual([]);
		expect(await listed('stories')).toEqual([{ id, media_product_type: 'STORY' }]);
		held.sandbox.clock.advance(DAY_MS);
		expect(await listed('stories')).toEqual([]);
		expect(codes(await client.send(`/v26.0/${id}`))).toEqual([400, 100, 33]);
	});

	it('takes comments under what is not a story, from who may write them', async () => {
		const client = new Client();
		const mediaId = (await client.publish(await client.ready())).body.id;
		const write = async (who: Client, id: string, json: unknown): Promise<Reply> =>
			await who.send(`/v26.0/${id}/comments`, { json });
		expect((await write(client, mediaId, { message: 'First' })).body.id).toMatch(/^\d+$/);
		expect(codes(await write(client, mediaId, { message: ' ' }))[1]).toBe(100);
		expect(codes(await write(client, await story(client), { message: 'x' }))[1]).toBe(100);
		const scopes = ['instagram_business_basic', 'instagram_business_content_publish'];
		expect(codes(await write(new Client(scopes), mediaId, { message: 'x' }))[1]).toBe(10);
		const { data } = (await client.send(`/v26.0/${mediaId}/comments?fields=id,text,username`)).body;
		expect(data).toEqual([{ id: expect.any(String), text: 'First', username: 'demo' }]);
	});
});

describe('media behind an address (facts 3.2, 0.4)', () => {
	let server: Server;
	let address: string;
	const picture = someBytes(3000);

	beforeEach(async () => {
		server = createServer((request, response) => {
			if (request.url === '/moved.jpg') return void response.writeHead(302, { location: '/a.jpg' }).end();
			const type = request.url?.endsWith('.png') ? 'image/png' : 'image/jpeg';
			response.writeHead(200, { 'content-type': type }).end(picture);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterEach(async () => new Promise((resolve) => server.close(resolve)));

	it('really fetches a JPEG, and takes neither a PNG nor a redirect', async () => {
		const client = new Client();
		const { id } = (await client.container({ image_url: `${address}/a.jpg`, caption: 'Pic' })).body;
		held.sandbox.clock.advance(60_000);
		await client.publish(id);
		expect(held.sandbox.journal.posts[0]).toMatchObject({ text: 'Pic', mediaSha256: sha256(picture) });
		expect(held.sandbox.journal.posts[0]!.url).toContain('/p/');
		expect(codes(await client.container({ image_url: `${address}/a.png` }))[1]).toBe(36001);
		expect(codes(await client.container({ image_url: `${address}/moved.jpg` }))[1]).toBe(9004);
	});
});

describe('limits and accounts (facts 3.4, 3.5)', () => {
	it('counts posts of the rolling day, says so, and refuses the one too many', async () => {
		held.sandbox.instagram.account('demo', { quotaTotal: 1 });
		const client = new Client();
		await client.publish(await client.ready());
		const limit = `/v26.0/${client.userId}/content_publishing_limit?fields=config,quota_usage`;
		expect((await client.send(limit)).body.data).toEqual([
			{ quota_usage: 1, config: { quota_total: 1, quota_duration: 86_400 } },
		]);
		const second = await client.ready();
		expect(codes(await client.publish(second)).slice(1)).toEqual([9, 2207042]);
		held.sandbox.clock.advance(DAY_MS - 60_000);
		expect((await client.send(limit)).body.data[0].quota_usage).toBe(0);
	});

	it('stops a restricted account at the publishing call', async () => {
		held.sandbox.instagram.account('demo', { isRestricted: true });
		const client = new Client();
		expect(codes(await client.publish(await client.ready())).slice(1)).toEqual([25, 2207050]);
	});

	it('says with code 190 that a token is over, behind HTTP 400, and 10 that it may not', async () => {
		const client = new Client();
		held.sandbox.faults.add({ kind: 'expire-token', method: 'GET' });
		expect(codes(await client.send('/v26.0/me?fields=user_id'))).toEqual([400, 190, 463]);
		const reader = new Client(['instagram_business_basic']);
		expect(codes(await reader.container()).slice(0, 2)).toEqual([403, 10]);
	});
});

describe('insights (facts 3.6)', () => {
	it('fails the whole call for one metric that a reel does not have, and knows no impressions', async () => {
		const client = new Client();
		const { id } = (await client.publish(await client.ready())).body;
		const read = (metric: string) => client.send(`/v26.0/${id}/insights?metric=${metric}`);
		expect((await read('views,saved')).body.data.map(({ name }: { name: string }) => name)).toEqual([
			'views',
			'saved',
		]);
		for (const metric of ['views,follows', 'impressions']) {
			expect(codes(await read(metric)).slice(0, 2)).toEqual([400, 100]);
		}
		held.sandbox.instagram.configure({ insightsDelayMs: 48 * 3_600_000 });
		expect((await read('views')).body.data).toEqual([]);
	});
});

describe('tokens (facts 3.1)', () => {
	const client = { client_id: '990000000000001', client_secret: 'sandbox-instagram-secret' };
	const redirect = 'http://localhost:5678/rest/oauth2-credential/callback';
	const scope = 'instagram_business_basic,instagram_business_content_publish';

	async function shortToken(): Promise<string> {
		const { baseUrl } = held.sandbox.instagram;
		const query = new URLSearchParams({
			client_id: client.client_id,
			redirect_uri: redirect,
			response_type: 'code',
			scope,
			state: 's',
		});
		const consent = await held.wire.send(`${baseUrl}/oauth/authorize?${query}`);
		const code = new URL(consent.headers['location']!).searchParams.get('code')!;
		const form = { ...client, grant_type: 'authorization_code', redirect_uri: redirect, code };
		const { body } = await held.wire.send(`${baseUrl}/oauth/access_token`, { form });
		expect(body).toMatchObject({ user_id: expect.any(String), permissions: scope });
		expect((await held.wire.send(`${baseUrl}/oauth/access_token`, { form })).status).toBe(400);
		return body.access_token as string;
	}

	const renew = (path: string, query: Record<string, string>): Promise<Reply> =>
		held.wire.send(`${held.sandbox.instagram.baseUrl}/${path}?${new URLSearchParams(query)}`);
	const me = async (token: string): Promise<number> =>
		(await held.wire.send(`${held.sandbox.instagram.baseUrl}/v26.0/me`, { token })).status;

	it('lives an hour, until it is exchanged for sixty days with the secret', async () => {
		const token = await shortToken();
		const grant = { grant_type: 'ig_exchange_token', access_token: token };
		expect((await renew('access_token', { ...grant, client_secret: 'wrong' })).status).toBe(400);
		const { body } = await renew('access_token', { ...grant, client_secret: client.client_secret });
		expect(body).toMatchObject({ token_type: 'bearer', expires_in: 5_183_944 });
		held.sandbox.clock.advance(2 * 3_600_000);
		expect([await me(token), await me(body.access_token)]).toEqual([400, 200]);
	});

	it('renews itself once it is a day old, and never after its end', async () => {
		const { accessToken } = held.sandbox.instagram.issueTokens({ account: 'demo' });
		const grant = { grant_type: 'ig_refresh_token', access_token: accessToken };
		expect((await renew('refresh_access_token', grant)).status).toBe(400);
		held.sandbox.clock.advance(DAY_MS);
		const { body } = await renew('refresh_access_token', grant);
		expect(body.access_token).not.toBe(accessToken);
		held.sandbox.clock.advance(59.5 * DAY_MS);
		expect([await me(accessToken), await me(body.access_token)]).toEqual([400, 200]);
		expect(codes(await renew('refresh_access_token', grant))).toEqual([400, 190, 463]);
	});
});
