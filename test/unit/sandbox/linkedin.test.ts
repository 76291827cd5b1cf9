import { linkedInClients, VERSIONED } from './linkedin-client';
import { sha256, someBytes, useSandbox, type Reply } from './support';

const held = useSandbox({ networks: ['linkedin'] });
const { Client, put } = linkedInClients(held);
const PART = 4 * 1024 * 1024;

describe('the version and the headers (facts 5.1)', () => {
	it('refuses a call without a version, with one that ended, and with one that is none', async () => {
		const client = new Client();
		const versioned = async (version: string): Promise<unknown[]> => {
			const { status, body } = await client.get('/rest/videos/x', {
				...VERSIONED,
				'linkedin-version': version,
			});
			return [status, body.code];
		};
		const { status, body } = await client.get('/rest/videos/x', { 'x-restli-protocol-version': '2.0.0' });
		expect([status, body.code]).toEqual([400, 'VERSION_MISSING']);
		expect(await versioned('202511')).toEqual([426, 'NONEXISTENT_VERSION']);
		expect(await versioned('202699')).toEqual([426, 'NONEXISTENT_VERSION']);
		expect(await versioned('202608')).toEqual([404, 'NOT_FOUND']);
		held.sandbox.linkedin.configure({ oldestVersion: '202609', newestVersion: '202612' });
		expect(await versioned('202608')).toEqual([426, 'NONEXISTENT_VERSION']);
	});

	it('refuses a call without the protocol version', async () => {
		expect((await new Client().get('/rest/videos/x', { 'linkedin-version': '202608' })).status).toBe(400);
	});
});

describe('video upload (facts 5.2)', () => {
	it('gives ranges of 4 MiB with inclusive ends, and hashes what came in any order', async () => {
		const client = new Client();
		const file = someBytes(PART + 200_000);
		const { value } = (await client.initialize(file.length)).body;
		expect(value).toMatchObject({ uploadToken: '', video: expect.stringMatching(/^urn:li:video:/) });
		const ranges = value.uploadInstructions.map((one: { firstByte: number; lastByte: number }) => [
			one.firstByte,
			one.lastByte,
		]);
		expect(ranges).toEqual([
			[0, PART - 1],
			[PART, file.length - 1],
		]);
		const [first, second] = value.uploadInstructions;
		const etag2 = (await put(second.uploadUrl, file.subarray(PART))).headers['etag'];
		const old = (await put(first.uploadUrl, file.subarray(0, PART))).headers['etag'];
		const etag1 = (await put(first.uploadUrl, file.subarray(0, PART))).headers['etag'];
		expect(etag1).not.toBe(old);
		expect((await client.status(value.video)).body.status).toBe('WAITING_UPLOAD');
		expect((await client.finalize(value.video, [old, etag2])).status).toBe(400);
		expect((await client.finalize(value.video, [etag2, etag1])).status).toBe(400);
		expect((await client.finalize(value.video, [etag1])).status).toBe(400);
		expect((await client.finalize(value.video, [etag1, etag2])).status).toBe(200);
		expect((await client.finalize(value.video, [etag1, etag2])).status).toBe(400);
		held.sandbox.clock.advance(2_000);
		await client.create({ content: { media: { id: value.video } } });
		expect(held.sandbox.journal.posts[0]).toMatchObject({
			mediaSha256: sha256(file),
			mediaSizeBytes: file.length,
		});
	});

	it('refuses a part of another length, another type, a wrong key and an address that is over', async () => {
		const client = new Client();
		const { value } = (await client.initialize(100_000)).body;
		const { uploadUrl } = value.uploadInstructions[0];
		expect((await put(uploadUrl, someBytes(99_999))).status).toBe(400);
		expect((await put(uploadUrl, someBytes(100_001))).status).toBe(400);
		expect((await put(uploadUrl, someBytes(100_000), 'video/mp4')).status).toBe(400);
		expect((await put(uploadUrl.replace(/ut=./, 'ut=-'), someBytes(100_000))).status).toBe(401);
		held.sandbox.clock.advance(25 * 3_600_000);
		expect((await put(uploadUrl, someBytes(100_000))).status).toBe(401);
	});

	it('keeps the key of an address out of its records', async () => {
		const { value } = (await new Client().initialize(100_000)).body;
		const { uploadUrl } = value.uploadInstructions[0];
		await put(uploadUrl, someBytes(100_000));
		const key = new URL(uploadUrl).searchParams.get('ut') as string;
		expect(JSON.stringify(held.sandbox.journal.requests)).not.toContain(key);
	});

	it('stores nothing of a part whose connection was cut', async () => {
		const client = new Client();
		const { value } = (await client.initialize(500_000)).body;
		const { uploadUrl } = value.uploadInstructions[0];
		held.sandbox.faults.add({ kind: 'cut-body-after-bytes', bytes: 100_000, method: 'PUT' });
		await expect(put(uploadUrl, someBytes(500_000))).rejects.toThrow();
		expect((await client.finalize(value.video, ['x'])).status).toBe(400);
	});

	it('works on a video before a post may name it, and fails on command', async () => {
		held.sandbox.linkedin.configure({ processingMs: 60_000 });
		const client = new Client();
		const video = await client.video(someBytes(80_000));
		const attempt = async (): Promise<unknown[]> => {
			const created = await client.create({ content: { media: { id: video } } });
			return [created.status, created.body.code];
		};
		expect((await client.status(video)).body.status).toBe('PROCESSING');
		expect(await attempt()).toEqual([400, 'MEDIA_ASSET_WAITING_UPLOAD']);
		held.sandbox.clock.advance(60_000);
		expect((await client.status(video)).body.status).toBe('AVAILABLE');
		held.sandbox.faults.add({ kind: 'fail-processing', method: 'POST', pathPattern: 'videos$', skip: 1 });
		const broken = await client.video(someBytes(80_000));
		held.sandbox.clock.advance(60_000);
		expect((await client.status(broken)).body).toMatchObject({
			status: 'PROCESSING_FAILED',
			processingFailureReason: expect.any(String),
		});
		const refused = await client.create({ content: { media: { id: broken } } });
		expect(refused.body.code).toBe('MEDIA_ASSET_PROCESSING_FAILED');
	});

	it('takes an image in one PUT, and does not let a member read it', async () => {
		const client = new Client();
		const request = { initializeUploadRequest: { owner: client.person } };
		const { value } = (await client.post('/rest/images?action=initializeUpload', request)).body;
		expect((await put(value.uploadUrl, someBytes(3_000), 'image/png')).status).toBe(201);
		expect((await client.status(value.image)).status).toBe(403);
		held.sandbox.clock.advance(1_000);
		const created = await client.create({ content: { media: { id: value.image, altText: 'A cat' } } });
		expect(created.headers['x-restli-id']).toMatch(/^urn:li:share:\d+$/);
	});

	it('refuses a stranger, a page that is not administered, and sizes that are not taken', async () => {
		const client = new Client();
		expect((await client.initialize(100_000, 'urn:li:person:somebody')).status).toBe(403);
		expect((await client.initialize(100_000, 'urn:li:organization:1')).status).toBe(403);
		expect((await client.initialize(74_999)).status).toBe(400);
		expect((await client.initialize(5_000_000_001)).status).toBe(400);
	});
});

describe('posts (facts 5.3, 5.6, 5.8)', () => {
	it('answers 201 without a body and the id in a header, and shows the post', async () => {
		const created = await new Client().create();
		expect([created.status, created.body]).toEqual([201, '']);
		const urn = created.headers['x-restli-id'] as string;
		const [post] = held.sandbox.journal.posts;
		expect(post).toMatchObject({ platformPostId: urn, visibility: 'public', text: 'Hello' });
		expect(post?.url).toBe(`${held.sandbox.linkedin.baseUrl}/feed/update/${urn}`);
		expect((await held.wire.send(post?.url as string)).body).toContain('pretend LinkedIn');
	});

	it('refuses the same post again and names the first, until the window is over', async () => {
		const client = new Client();
		const urn = (await client.create()).headers['x-restli-id'];
		const again = await client.create();
		expect([again.status, again.body.code, again.body.message]).toEqual([
			422,
			'DUPLICATE_POST',
			`Content is a duplicate of ${urn}`,
		]);
		expect((await client.create({ commentary: 'Hello!' })).status).toBe(201);
		expect((await new Client('other').create()).status).toBe(201);
		held.sandbox.clock.advance(3_600_001);
		expect((await client.create()).status).toBe(201);
	});

	it.each([
		['Words (cut here', 'Words '],
		['Words \\(kept\\)', 'Words (kept)'],
		['#tag {hashtag|\\#|my\\_tag} a_b', '#tag #my_tag a'],
		['By @[Ann](urn:li:person:x) and @bob', 'By Ann and '],
	])('cuts "%s" at the first reserved character that is not escaped', async (commentary, shown) => {
		await new Client().create({ commentary });
		expect(held.sandbox.journal.posts[0]?.text).toBe(shown);
	});

	it.each([
		['no words and no content', { commentary: '' }, 'INVALID_VALUE_FOR_FIELD'],
		['3001 characters', { commentary: 'x'.repeat(3_001) }, 'FIELD_LENGTH_TOO_LONG'],
		['an unknown field', { text: 'x' }, 'INVALID_VALUE_FOR_FIELD'],
		['another visibility', { visibility: 'FRIENDS' }, 'INVALID_VALUE_FOR_FIELD'],
	])('refuses %s', async (_what, change, code) => {
		const refused = await new Client().create(change);
		expect([refused.status, refused.body.code]).toEqual([400, code]);
		expect(refused.body.errorDetails.inputErrors[0]).toMatchObject({ code });
	});

	it('lets a page be read by its administrator, and a member by nobody', async () => {
		held.sandbox.linkedin.account('demo', { organizationIds: ['7'] });
		const client = new Client();
		const author = 'urn:li:organization:7';
		const urn = (await client.create({ author })).headers['x-restli-id'] as string;
		const own = (await client.create()).headers['x-restli-id'] as string;
		const list = (whose: string): Promise<Reply> =>
			client.get(`/rest/posts?q=author&author=${encodeURIComponent(whose)}&count=10&sortBy=LAST_MODIFIED`);
		expect((await list(author)).body.elements).toMatchObject([{ id: urn, author, commentary: 'Hello' }]);
		expect((await list(client.person)).status).toBe(403);
		expect((await client.get(`/rest/posts/${encodeURIComponent(urn)}`)).body.lifecycleState).toBe(
			'PUBLISHED',
		);
		expect((await client.get(`/rest/posts/${encodeURIComponent(own)}`)).status).toBe(403);
	});

	it('lets nobody post without the scope for it', async () => {
		const refused = await new Client('demo', ['openid', 'profile']).create();
		expect([refused.status, refused.body.serviceErrorCode]).toEqual([403, 100]);
	});
});

describe('limits and numbers (facts 5.5, 5.7)', () => {
	it('ends the member’s day after 150 calls, without a header, and begins anew at midnight UTC', async () => {
		held.sandbox.clock.setTo('2026-12-01T23:00:00Z');
		const client = new Client();
		held.sandbox.faults.add({ kind: 'quota-left', left: 1, pathPattern: '^/rest/posts$' });
		expect((await client.create()).status).toBe(201);
		const refused = await client.create({ commentary: 'Two' });
		expect([refused.status, refused.body.serviceErrorCode, refused.body.message]).toEqual([
			429,
			101,
			'Resource level throttle MEMBER DAY limit for calls to this resource is reached.',
		]);
		expect(Object.keys(refused.headers).filter((name) => /limit|retry/.test(name))).toEqual([]);
		held.sandbox.clock.setTo('2026-12-02T00:00:01Z');
		expect((await client.create({ commentary: 'Two' })).status).toBe(201);
	});

	it('gives one number of a member’s post per call, and only to the member with the scope', async () => {
		const client = new Client();
		const urn = (await client.create()).headers['x-restli-id'] as string;
		held.sandbox.clock.advance(3_600_000);
		const query = (entity: string, type: string): string =>
			`/rest/memberCreatorPostAnalytics?q=entity&entity=(share:${entity})&queryType=${type}&aggregation=TOTAL`;
		const encoded = encodeURIComponent(urn);
		const seen = await client.get(query(encoded, 'IMPRESSION'));
		expect(seen.body.elements).toEqual([
			{ count: expect.any(Number), metricType: expect.anything(), targetEntity: { share: urn } },
		]);
		expect((await client.get(query(urn, 'IMPRESSION'))).status).toBe(400);
		expect((await client.get(query(encoded, 'VIEWS'))).status).toBe(400);
		expect((await new Client('other').get(query(encoded, 'IMPRESSION'))).status).toBe(404);
		const without = new Client('demo', ['openid', 'profile', 'w_member_social']);
		expect((await without.get(query(encoded, 'IMPRESSION'))).status).toBe(403);
	});

	it('leaves a page’s post without activity out of the numbers', async () => {
		held.sandbox.linkedin.account('demo', { organizationIds: ['7'] });
		const client = new Client();
		const author = 'urn:li:organization:7';
		const urn = (await client.create({ author })).headers['x-restli-id'] as string;
		const path = `/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity=${encodeURIComponent(author)}`;
		const read = async (): Promise<unknown[]> =>
			(await client.get(`${path}&shares=List(${encodeURIComponent(urn)})`)).body.elements;
		expect(await read()).toEqual([]);
		held.sandbox.clock.advance(3_600_000);
		expect(await read()).toMatchObject([{ share: urn, organizationalEntity: author }]);
		expect((await client.get(`${path}&shares=${encodeURIComponent(urn)}`)).status).toBe(400);
	});
});

describe('OAuth (facts 5.1)', () => {
	const REDIRECT = 'http://localhost:5678/rest/oauth2-credential/callback';
	const client = { client_id: 'sandbox-linkedin-client', client_secret: 'sandbox-linkedin-secret' };
	const token = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> =>
		held.wire.send(`${held.sandbox.linkedin.baseUrl}/oauth/v2/accessToken`, { form, headers });

	async function codeFor(scope: string): Promise<string> {
		const query = new URLSearchParams({
			client_id: client.client_id,
			redirect_uri: REDIRECT,
			response_type: 'code',
			state: 'abc',
			scope,
		});
		const consent = await held.wire.send(
			`${held.sandbox.linkedin.baseUrl}/oauth/v2/authorization?${String(query)}`,
		);
		return new URL(consent.headers['location'] as string).searchParams.get('code') as string;
	}

	it('gives 60 days for a code, the secret in the form, and scopes with commas', async () => {
		const code = await codeFor('openid profile w_member_social');
		const grant = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...client };
		const { status, body } = await token(grant);
		expect(status).toBe(200);
		expect(body).toMatchObject({
			expires_in: 5_184_000,
			refresh_token_expires_in: 31_536_000,
			scope: 'openid,profile,w_member_social',
		});
		const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token, ...client };
		expect((await token(refresh)).status).toBe(200);
		expect((await token(grant)).body.error).toBe('invalid_grant');
		const me = await held.wire.send(`${held.sandbox.linkedin.baseUrl}/v2/userinfo`, {
			token: body.access_token,
		});
		expect(me.body.sub).toEqual(expect.any(String));
	});

	it('looks at no Basic header', async () => {
		const code = await codeFor('openid');
		const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
		const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT };
		expect((await token(form, { authorization: `Basic ${basic}` })).status).toBe(401);
	});

	it('gives no refresh token to an app that is no partner', async () => {
		held.sandbox.linkedin.configure({ givesRefreshTokens: false });
		const code = await codeFor('openid');
		const { body } = await token({
			grant_type: 'authorization_code',
			code,
			redirect_uri: REDIRECT,
			...client,
		});
		expect(body).not.toHaveProperty('refresh_token');
	});

	it('tells an expired token from a revoked one', async () => {
		const me = new Client();
		held.sandbox.clock.advance(61 * 86_400_000);
		expect((await me.create()).body.serviceErrorCode).toBe(65_602);
		held.sandbox.linkedin.revokeAccount('demo');
		expect((await me.create()).body.serviceErrorCode).toBe(65_601);
	});
});
