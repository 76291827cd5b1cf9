import { FormData } from 'undici';
import { sha256, someBytes, useSandbox, type Call, type Reply } from './support';

const held = useSandbox({ networks: ['facebook'] });
const api = '/v26.0';

/** Speaks to the Graph as a person, and as the first of that person's pages. */
class PageClient {
	private constructor(
		readonly userToken: string,
		readonly pageToken: string,
		readonly pageId: string,
	) {}

	static async connect(account = 'demo', scopes?: string[]): Promise<PageClient> {
		const { accessToken, accountId } = held.sandbox.facebook.issueTokens({
			account,
			...(scopes ? { scopes } : {}),
		});
		const { body } = await send(`${api}/me/accounts`, { token: accessToken });
		return new PageClient(accessToken, body.data[0].access_token, accountId);
	}

	get(path: string): Promise<Reply> {
		return send(api + path, { token: this.pageToken });
	}

	post(edge: string, json: unknown): Promise<Reply> {
		return send(`${api}/${this.pageId}/${edge}`, { token: this.pageToken, json });
	}

	form(edge: string, fields: Record<string, string>, file: { name: string; bytes: Buffer }): Promise<Reply> {
		const body = new FormData();
		for (const [name, value] of Object.entries(fields)) body.set(name, value);
		body.set(file.name, new Blob([new Uint8Array(file.bytes)]), 'file');
		return send(`${api}/${this.pageId}/${edge}`, { token: this.pageToken, body });
	}

	raw(uploadUrl: string, file: Buffer, offset = 0, scheme = 'OAuth'): Promise<Reply> {
		return held.wire.send(uploadUrl, {
			method: 'POST',
			body: file.subarray(offset),
			headers: {
				authorization: `${scheme} ${this.pageToken}`,
				offset: String(offset),
				file_size: String(file.length),
			},
		});
	}

	finish(videoId: string, description = 'A reel'): Promise<Reply> {
		const json = { upload_phase: 'finish', video_id: videoId, video_state: 'PUBLISHED', description };
		return this.post('video_reels', json);
	}

	status(videoId: string): Promise<Reply> {
		return this.get(`/${videoId}?fields=status,published,post_id,permalink_url`);
	}

	async reel(file = someBytes(1_000)): Promise<string> {
		const { body } = await this.post('video_reels', { upload_phase: 'start' });
		expect((await this.raw(body.upload_url, file)).body).toMatchObject({ success: true });
		expect((await this.finish(body.video_id)).body).toMatchObject({ success: true });
		return body.video_id as string;
	}
}

function send(path: string, call: Call = {}): Promise<Reply> {
	return held.wire.send(held.sandbox.facebook.baseUrl + path, call);
}

const posts = () => held.sandbox.journal.posts;
const codeOf = ({ body }: Reply): unknown[] => [body.error.code, body.error.error_subcode];

describe('tokens of Facebook (facts 6.1)', () => {
	const client = { client_id: '100200300400500', client_secret: 'sandbox-facebook-secret' };
	const redirect_uri = 'http://localhost:5678/rest/oauth2-credential/callback';

	async function code(scope = 'pages_show_list,pages_manage_posts'): Promise<string> {
		const query = new URLSearchParams({
			...client,
			redirect_uri,
			scope,
			state: 'abc',
			response_type: 'code',
		});
		const consent = await send(`${api}/dialog/oauth?${query.toString()}`);
		return new URL(consent.headers['location'] ?? '').searchParams.get('code') ?? '';
	}

	it('gives a token of one to two hours for a code, by GET, and no refresh token', async () => {
		const query = new URLSearchParams({ ...client, redirect_uri, code: await code() });
		const { body } = await send(`${api}/oauth/access_token?${query.toString()}`);
		expect(Object.keys(body as object).sort()).toEqual(['access_token', 'expires_in', 'token_type']);
		expect(body.expires_in).toBeGreaterThanOrEqual(3_600);
		expect(body.expires_in).toBeLessThanOrEqual(7_200);
	});

	it('takes the same as a form, the way n8n sends it', async () => {
		const form = { ...client, redirect_uri, code: await code(), grant_type: 'authorization_code' };
		expect((await send(`${api}/oauth/access_token`, { form })).status).toBe(200);
	});

	it('exchanges it for sixty days, and a page token from that one outlives it', async () => {
		const { accessToken } = held.sandbox.facebook.issueTokens({ account: 'demo' });
		const form = { ...client, grant_type: 'fb_exchange_token', fb_exchange_token: accessToken };
		const { body } = await send(`${api}/oauth/access_token`, { form });
		expect(body.expires_in).toBe(60 * 86_400);
		const pages = await send(`${api}/me/accounts`, { token: body.access_token as string });
		const page = pages.body.data[0];
		held.sandbox.clock.advance(61 * 86_400_000);
		expect((await send(`${api}/me/accounts`, { token: body.access_token as string })).status).toBe(400);
		const read = await send(`${api}/${page.id}/published_posts`, { token: page.access_token });
		expect(read.status).toBe(200);
		held.sandbox.facebook.revokeAccount('demo');
		expect(codeOf(await send(`${api}/${page.id}/published_posts`, { token: page.access_token }))[0]).toBe(
			190,
		);
	});

	it('refuses a short token’s page once that token is over, with 190 behind HTTP 400', async () => {
		const page = await PageClient.connect();
		held.sandbox.clock.advance(2 * 3_600_000);
		const refused = await page.get(`/${page.pageId}/published_posts`);
		expect([refused.status, ...codeOf(refused)]).toEqual([400, 190, 463]);
		expect(refused.body.error).toMatchObject({ type: 'OAuthException', fbtrace_id: expect.any(String) });
	});

	it('lists the pages in pieces, each with its own token', async () => {
		held.sandbox.facebook.account('many', { pageCount: 3 });
		const { accessToken: token } = held.sandbox.facebook.issueTokens({ account: 'many' });
		const first = await send(`${api}/me/accounts?limit=2&fields=id,access_token`, { token });
		expect(first.body.data).toHaveLength(2);
		expect(first.body.paging.next).toBeTruthy();
		const after = first.body.paging.cursors.after as string;
		const rest = await send(`${api}/me/accounts?limit=2&after=${after}`, { token });
		expect(rest.body.data).toHaveLength(1);
		expect(rest.body.paging.next).toBeUndefined();
	});

	it('wants a page’s own token, its scopes and the task for everything that is published', async () => {
		const page = await PageClient.connect();
		const asPerson = await send(`${api}/${page.pageId}/feed`, {
			token: page.userToken,
			json: { message: 'x' },
		});
		expect(codeOf(asPerson)[0]).toBe(210);
		const reader = await PageClient.connect('reader', ['pages_show_list', 'pages_read_engagement']);
		expect(codeOf(await reader.post('feed', { message: 'x' }))[0]).toBe(10);
		held.sandbox.facebook.account('guest', { mayCreateContent: false });
		const guest = await PageClient.connect('guest');
		expect(codeOf(await guest.post('feed', { message: 'x' }))[0]).toBe(200);
		expect(posts()).toHaveLength(0);
	});
});

describe('reels in three phases (facts 6.2)', () => {
	it('shows nothing before finish, and the whole file after it', async () => {
		const page = await PageClient.connect();
		const file = someBytes(300_000);
		const { body } = await page.post('video_reels', { upload_phase: 'start' });
		expect(body.upload_url).toBe(`${held.sandbox.facebook.baseUrl}/video-upload/v26.0/${body.video_id}`);
		await page.raw(body.upload_url, file);
		expect((await page.status(body.video_id)).body.status).toMatchObject({
			video_status: 'upload_complete',
			uploading_phase: { status: 'complete', bytes_transferred: 300_000 },
			publishing_phase: { status: 'not_started', publish_status: 'draft' },
		});
		expect(posts()).toHaveLength(0);
		await page.finish(body.video_id, 'Seen');
		expect((await page.status(body.video_id)).body.status.video_status).toBe('processing');
		held.sandbox.clock.advance(2_000);
		const done = await page.status(body.video_id);
		expect(done.body.status).toMatchObject({
			video_status: 'ready',
			publishing_phase: { publish_status: 'published' },
		});
		const platformPostId = `${page.pageId}_${body.video_id}`;
		expect(posts()).toMatchObject([{ platformPostId, text: 'Seen', mediaSha256: sha256(file) }]);
		const opened = await held.wire.send(posts()[0]!.url);
		expect(opened.body).toContain('pretend Facebook');
	});

	it('takes the token of the upload host by the scheme OAuth only', async () => {
		const page = await PageClient.connect();
		const { body } = await page.post('video_reels', { upload_phase: 'start' });
		expect(codeOf(await page.raw(body.upload_url, someBytes(10), 0, 'Bearer'))[0]).toBe(190);
	});

	it('goes on from the byte that it has, and from no other', async () => {
		const page = await PageClient.connect();
		const file = someBytes(500_000);
		const { body } = await page.post('video_reels', { upload_phase: 'start' });
		held.sandbox.faults.add({ kind: 'cut-body-after-bytes', bytes: 200_000, pathPattern: '^/video-upload/' });
		await expect(page.raw(body.upload_url, file)).rejects.toThrow();
		const { bytes_transferred: reached } = (await page.status(body.video_id)).body.status.uploading_phase;
		expect(reached).toBeGreaterThan(0);
		expect(reached).toBeLessThanOrEqual(200_000);
		expect((await page.raw(body.upload_url, file, reached + 1)).status).toBe(400);
		expect((await page.raw(body.upload_url, file, reached)).body.success).toBe(true);
		await page.finish(body.video_id);
		expect(posts()[0]?.mediaSha256).toBe(sha256(file));
	});

	it('publishes once, however often finish is called (facts 6.7)', async () => {
		const page = await PageClient.connect();
		const videoId = await page.reel();
		expect((await page.finish(videoId, 'Again')).body.success).toBe(true);
		expect(posts().map(({ text }) => text)).toEqual(['A reel']);
	});

	it('refuses to finish what is not uploaded, and forgets it after a day', async () => {
		const page = await PageClient.connect();
		const { body } = await page.post('video_reels', { upload_phase: 'start' });
		expect((await page.finish(body.video_id)).status).toBe(400);
		held.sandbox.clock.advance(5_000_000);
		expect((await (await PageClient.connect()).status(body.video_id)).body.status.video_status).toBe(
			'uploading',
		);
		held.sandbox.clock.advance(86_400_000);
		const later = await PageClient.connect();
		expect((await later.status(body.video_id)).body.status.video_status).toBe('expired');
	});

	it('says in the phase what went wrong when processing fails, and shows nothing', async () => {
		const page = await PageClient.connect();
		held.sandbox.faults.add({
			kind: 'fail-processing',
			reason: 'bad codec',
			pathPattern: '/video_reels$',
			skip: 1,
		});
		const videoId = await page.reel();
		held.sandbox.clock.advance(2_000);
		expect((await page.status(videoId)).body.status).toMatchObject({
			video_status: 'error',
			processing_phase: { status: 'error', error: { message: 'bad codec' } },
		});
		expect(posts()).toHaveLength(0);
	});

	it('takes thirty reels in any 24 hours and no more', async () => {
		const page = await PageClient.connect();
		for (let count = 0; count < 30; count++) await page.reel(someBytes(10));
		const { body } = await page.post('video_reels', { upload_phase: 'start' });
		await page.raw(body.upload_url, someBytes(10));
		expect(codeOf(await page.finish(body.video_id))[0]).toBe(613);
		expect(posts()).toHaveLength(30);
	});
});

describe('videos in the chunk protocol (facts 6.3)', () => {
	it('dictates each range, and answers a wrong one with the right one', async () => {
		held.sandbox.facebook.configure({ chunkBytes: 400 });
		const page = await PageClient.connect();
		const file = someBytes(1_000);
		const { body } = await page.post('videos', { upload_phase: 'start', file_size: 1_000 });
		expect(body).toMatchObject({ start_offset: '0', end_offset: '400', video_id: expect.any(String) });
		const transfer = (start: number, end: number): Promise<Reply> =>
			page.form(
				'videos',
				{
					upload_phase: 'transfer',
					upload_session_id: body.upload_session_id as string,
					start_offset: String(start),
				},
				{ name: 'video_file_chunk', bytes: file.subarray(start, end) },
			);
		expect((await transfer(0, 400)).body).toEqual({ start_offset: '400', end_offset: '800' });
		const wrong = await transfer(0, 400);
		expect(codeOf(wrong)[1]).toBe(1363037);
		expect(wrong.body.error.error_data).toEqual({ start_offset: '400', end_offset: '800' });
		await transfer(400, 800);
		expect((await transfer(800, 1_000)).body).toEqual({ start_offset: '1000', end_offset: '1000' });
		expect(posts()).toHaveLength(0);
		const finish = { upload_phase: 'finish', upload_session_id: body.upload_session_id, title: 'Long' };
		expect((await page.post('videos', finish)).body).toEqual({ success: true });
		expect(posts()).toMatchObject([{ title: 'Long', mediaSha256: sha256(file) }]);
	});
});

describe('texts, links and photos (facts 6.3, 6.7)', () => {
	it('posts a text and refuses the same one soon after with 506', async () => {
		const page = await PageClient.connect();
		const made = await page.post('feed', { message: 'Hello', link: 'https://example.com/' });
		expect(made.body.id).toMatch(new RegExp(`^${page.pageId}_\\d+$`));
		expect(codeOf(await page.post('feed', { message: 'Hello', link: 'https://example.com/' }))[0]).toBe(506);
		held.sandbox.clock.advance(3_600_000);
		expect((await page.post('feed', { message: 'Hello', link: 'https://example.com/' })).status).toBe(200);
	});

	it('shows an unpublished photo only with the post that attaches it', async () => {
		const page = await PageClient.connect();
		const photo = someBytes(2_000);
		const { body } = await page.form('photos', { published: 'false' }, { name: 'source', bytes: photo });
		expect(posts()).toHaveLength(0);
		await page.post('feed', { message: 'Look', attached_media: [{ media_fbid: body.id }] });
		expect(posts()).toMatchObject([{ text: 'Look', mediaSha256: sha256(photo) }]);
		const large = { name: 'source', bytes: Buffer.alloc(4_000_001, 1) };
		expect(codeOf(await page.form('photos', { published: 'false' }, large))[1]).toBe(1366046);
	});

	it('lists what is public, newest first, with what is attached', async () => {
		const page = await PageClient.connect();
		await page.post('feed', { message: 'First' });
		held.sandbox.clock.advance(1_000);
		const videoId = await page.reel();
		const list = (): Promise<Reply> =>
			page.get(`/${page.pageId}/published_posts?fields=id,message,created_time,attachments`);
		expect((await list()).body.data).toHaveLength(1);
		held.sandbox.clock.advance(5_000);
		expect((await list()).body.data).toMatchObject([
			{ message: 'A reel', attachments: { data: [{ media_type: 'video', target: { id: videoId } }] } },
			{ message: 'First' },
		]);
	});

	it('blocks a page that posts too fast, and one that is out of calls', async () => {
		held.sandbox.facebook.account('fast', { isBlocked: true });
		const fast = await PageClient.connect('fast');
		expect(codeOf(await fast.post('feed', { message: 'x' }))[0]).toBe(368);
		const page = await PageClient.connect();
		held.sandbox.faults.add({ kind: 'quota-left', left: 0, pathPattern: '/feed$' });
		const full = await page.post('feed', { message: 'x' });
		expect(codeOf(full)[0]).toBe(80001);
		const usage = JSON.parse(full.headers['x-business-use-case-usage'] ?? '') as Record<string, unknown[]>;
		expect(usage[page.pageId]).toMatchObject([{ type: 'pages', estimated_time_to_regain_access: 42 }]);
	});
});

describe('numbers (facts 6.6)', () => {
	it('fails the whole call for one metric that is gone', async () => {
		const page = await PageClient.connect();
		const { body } = await page.post('feed', { message: 'Hello' });
		const insights = (metric: string): Promise<Reply> => page.get(`/${body.id}/insights?metric=${metric}`);
		expect((await insights('post_media_view,post_clicks')).body.data).toHaveLength(2);
		expect(codeOf(await insights('post_media_view,post_impressions'))[0]).toBe(100);
		held.sandbox.facebook.configure({ insightsDelayMs: 3_600_000 });
		expect((await insights('post_clicks')).body).toEqual({ data: [] });
	});

	it('has sets of their own for reels and for videos', async () => {
		const page = await PageClient.connect();
		const videoId = await page.reel();
		held.sandbox.clock.advance(60_000);
		const insights = (metric: string): Promise<Reply> =>
			page.get(`/${videoId}/video_insights?metric=${metric}`);
		expect((await insights('fb_reels_total_plays,post_video_view_time')).status).toBe(200);
		expect(codeOf(await insights('total_video_views'))[0]).toBe(100);
	});

	it('counts reactions and comments only for who may see people', async () => {
		const page = await PageClient.connect();
		const { body } = await page.post('feed', { message: 'Hello' });
		held.sandbox.clock.advance(3_600_000);
		const fields = 'shares,reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0)';
		const counts = await page.get(`/${body.id}?fields=${fields}`);
		expect(counts.body.reactions.summary.total_count).toBeGreaterThan(0);
		const narrow = await PageClient.connect('demo', ['pages_show_list', 'pages_read_engagement']);
		expect(codeOf(await narrow.get(`/${body.id}?fields=${fields}`))[0]).toBe(10);
		expect(codeOf(await page.get('/1_2?fields=id'))).toEqual([100, 33]);
	});
});
