import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../sandbox';
import { KIB, sha256, someBytes, useSandbox, type Reply } from './support';

const held = useSandbox();
const MIB = 1024 * KIB;
const PUBLISH = '/v2/post/publish';
const POST_INFO = { title: 'A talk #clip', privacy_level: 'PUBLIC_TO_EVERYONE' };

const tokenOf = (account = 'demo', scopes?: string[]): string =>
	held.sandbox.tiktok.issueTokens({ account, ...(scopes ? { scopes } : {}) }).accessToken;
const post = (path: string, json: unknown, token = tokenOf()): Promise<Reply> =>
	held.wire.send(held.sandbox.tiktok.baseUrl + path, { json, token });
const plan = (videoSize: number, chunkSize = videoSize, chunks = Math.floor(videoSize / chunkSize)) => ({
	source: 'FILE_UPLOAD',
	video_size: videoSize,
	chunk_size: chunkSize,
	total_chunk_count: chunks,
});
const init = (source: unknown, info: unknown = POST_INFO): Promise<Reply> =>
	post(`${PUBLISH}/video/init/`, { post_info: info, source_info: source });
const status = (publishId: string, token = tokenOf()): Promise<Reply> =>
	post(`${PUBLISH}/status/fetch/`, { publish_id: publishId }, token);
const codeOf = ({ status: http, body }: Reply): [number, string] => [http, body.error.code];

function put(
	url: string,
	file: Buffer,
	[first, end]: readonly [number, number],
	headers: Record<string, string> = {},
): Promise<Reply> {
	return held.wire.send(url, {
		method: 'PUT',
		body: file.subarray(first, end),
		headers: {
			'content-type': 'video/mp4',
			'content-range': `bytes ${first}-${end - 1}/${file.length}`,
			...headers,
		},
	});
}

async function uploaded(info: unknown = POST_INFO): Promise<{ publishId: string; file: Buffer }> {
	const file = someBytes(1000);
	const { data } = (await init(plan(file.length), info)).body;
	expect((await put(data.upload_url, file, [0, file.length])).status).toBe(201);
	return { publishId: data.publish_id, file };
}

describe('what may be posted (facts 2.2, 2.6, 2.7)', () => {
	it('tells the options of the creator, and takes no other', async () => {
		const info = await post(`${PUBLISH}/creator_info/query/`, {});
		expect(info.body).toMatchObject({
			error: { code: 'ok' },
			data: { creator_username: 'demo', max_video_post_duration_sec: 600, duet_disabled: false },
		});
		expect(info.body.data.privacy_level_options).toContain('PUBLIC_TO_EVERYONE');
		const refused = await init(plan(1000), { ...POST_INFO, privacy_level: 'FOLLOWER_OF_CREATOR' });
		expect(codeOf(refused)).toEqual([403, 'privacy_level_option_mismatch']);
	});

	it.each([
		['no privacy level', { title: 'x' }],
		['2201 characters', { ...POST_INFO, title: 'x'.repeat(2201) }],
		['branded content for nobody', { ...POST_INFO, privacy_level: 'SELF_ONLY', brand_content_toggle: true }],
		['an unknown key', { ...POST_INFO, hashtags: [] }],
	])('refuses %s', async (_what, info) => {
		expect(codeOf(await init(plan(1000), info))).toEqual([400, 'invalid_param']);
	});

	it('lets an app without audit post to private accounts only', async () => {
		held.sandbox.tiktok.account('demo', { appIsAudited: false });
		expect(codeOf(await init(plan(1000)))).toEqual([
			403,
			'unaudited_client_can_only_post_to_private_accounts',
		]);
	});

	it('takes six inits a minute and tells of it in no header', async () => {
		for (let count = 0; count < 6; count++) expect((await init(plan(1000))).status).toBe(200);
		const refused = await init(plan(1000));
		expect(codeOf(refused)).toEqual([429, 'rate_limit_exceeded']);
		expect(Object.keys(refused.headers).filter((name) => /rate|retry/.test(name))).toEqual([]);
		held.sandbox.clock.advance(60_001);
		expect((await init(plan(1000))).status).toBe(200);
	});

	it('refuses a dead token and a missing permission with their own words', async () => {
		const path = `${PUBLISH}/creator_info/query/`;
		expect(codeOf(await post(path, {}, 'nonsense'))).toEqual([401, 'access_token_invalid']);
		expect(codeOf(await post(path, {}, tokenOf('demo', ['video.list'])))).toEqual([
			401,
			'scope_not_authorized',
		]);
	});

	it('takes photos and addresses only from a verified domain', async () => {
		const pull = await init({ source: 'PULL_FROM_URL', video_url: 'https://example.com/a.mp4' });
		expect(codeOf(pull)).toEqual([403, 'url_ownership_unverified']);
	});
});

describe('chunks (facts 2.3)', () => {
	it.each([
		['one chunk that says another size', plan(20 * MIB, 10 * MIB, 1)],
		['a rounded-up count', plan(25 * MIB, 10 * MIB, 3)],
		['a chunk below 5 MB', plan(20 * MIB, 4 * MIB)],
		['one chunk above 64 MB', plan(65_000_000)],
		['a small file in two', plan(4 * MIB, 2 * MIB)],
		['nothing', plan(0, 0, 1)],
	])('refuses %s', async (_what, source) => {
		expect(codeOf(await init(source))).toEqual([400, 'invalid_param']);
	});

	it('takes the example of the documentation: the last chunk absorbs the remainder', async () => {
		expect((await init(plan(50_000_123, 10_000_000, 5))).status).toBe(200);
	});

	it('wants chunks in their order, says how far it is, and posts with the last byte', async () => {
		const file = someBytes(11 * MIB + 7);
		const { data } = (await init(plan(file.length, 5.5 * MIB, 2))).body;
		const half = 5.5 * MIB;
		expect((await put(data.upload_url, file, [half, file.length])).status).toBe(416);
		expect((await put(data.upload_url, file, [0, half - 1])).status).toBe(400);
		const first = await put(data.upload_url, file, [0, half]);
		expect([first.status, first.headers['content-range']]).toEqual([206, `bytes 0-${half}/${file.length}`]);
		expect((await put(data.upload_url, file, [0, half])).status).toBe(416);
		expect((await status(data.publish_id)).body.data).toEqual({
			status: 'PROCESSING_UPLOAD',
			uploaded_bytes: half,
		});
		expect(held.sandbox.journal.posts).toEqual([]);
		expect((await put(data.upload_url, file, [half, file.length])).status).toBe(201);
		expect(held.sandbox.journal.posts).toMatchObject([
			{ network: 'tiktok', text: 'A talk #clip', visibility: 'public', mediaSha256: sha256(file) },
		]);
	});

	it('forgets a chunk that was cut', async () => {
		const file = someBytes(1000);
		const { data } = (await init(plan(file.length))).body;
		held.sandbox.faults.add({ kind: 'cut-body-after-bytes', bytes: 500, method: 'PUT' });
		await expect(put(data.upload_url, file, [0, file.length])).rejects.toThrow();
		expect((await status(data.publish_id)).body.data.uploaded_bytes).toBe(0);
		expect((await put(data.upload_url, file, [0, file.length])).status).toBe(201);
		expect(held.sandbox.journal.posts[0]?.mediaSha256).toBe(sha256(file));
	});

	it('goes on with half an upload after a restart, and the hash is that of the whole file', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'sandbox-tiktok-'));
		const options = { networks: ['tiktok'], statePath: join(folder, 'state.ndjson') } as const;
		const first = await startSandbox(options);
		const file = someBytes(11 * MIB);
		const half = 5.5 * MIB;
		const source = plan(file.length, half, 2);
		const { accessToken: token } = first.tiktok.issueTokens({ account: 'demo' });
		const opened = await held.wire.send(`${first.tiktok.baseUrl}${PUBLISH}/video/init/`, {
			json: { post_info: POST_INFO, source_info: source },
			token,
		});
		const address = new URL(opened.body.data.upload_url);
		await put(address.toString(), file, [0, half]);
		await first.stop();
		const second = await startSandbox(options);
		address.port = new URL(second.tiktok.baseUrl).port;
		expect((await put(address.toString(), file, [half, file.length])).status).toBe(201);
		expect(second.journal.posts).toMatchObject([{ mediaSha256: sha256(file) }]);
		await second.stop();
		rmSync(folder, { recursive: true });
	});

	it('answers without JSON: 400 with a token or a strange type, 403 after an hour, 404 for a stranger', async () => {
		const file = someBytes(1000);
		const { data } = (await init(plan(file.length))).body;
		const send = async (url: string, headers: Record<string, string> = {}): Promise<unknown[]> => {
			const reply = await put(url, file, [0, file.length], headers);
			return [reply.status, reply.body];
		};
		expect(await send(data.upload_url, { authorization: 'Bearer x' })).toEqual([400, '']);
		expect(await send(data.upload_url, { 'content-type': 'text/plain' })).toEqual([400, '']);
		expect(await send(`${data.upload_url}x`)).toEqual([404, '']);
		held.sandbox.clock.advance(3_600_000);
		expect(await send(data.upload_url)).toEqual([403, '']);
	});
});

describe('what becomes of an upload (facts 2.4, 2.8)', () => {
	it('is processed, complete, and then public under a number that no double can hold', async () => {
		held.sandbox.tiktok.configure({ processingMs: 60_000, moderationMs: 60_000 });
		const { publishId } = await uploaded();
		expect((await status(publishId)).body.data.status).toBe('PROCESSING_UPLOAD');
		held.sandbox.clock.advance(60_000);
		expect((await status(publishId)).body.data).not.toHaveProperty('publicaly_available_post_id');
		held.sandbox.clock.advance(60_000);
		const raw = await fetch(`${held.sandbox.tiktok.baseUrl}${PUBLISH}/status/fetch/`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf()}` },
			body: JSON.stringify({ publish_id: publishId }),
		});
		const [entry] = held.sandbox.journal.posts;
		const digits = entry!.platformPostId;
		expect(await raw.text()).toContain(`"publicaly_available_post_id":[${digits}]`);
		expect(Number.isSafeInteger(Number(digits))).toBe(false);
		expect((await held.wire.send(entry!.url)).body).toContain('pretend TikTok');
	});

	it('fails with a reason, and then nothing is public', async () => {
		held.sandbox.faults.add({ kind: 'fail-processing', method: 'PUT' });
		const { publishId } = await uploaded();
		held.sandbox.clock.advance(1_500);
		expect((await status(publishId)).body.data).toMatchObject({
			status: 'FAILED',
			fail_reason: 'file_format_check_failed',
		});
		expect(held.sandbox.journal.posts).toEqual([]);
	});

	it('puts a draft into the inbox', async () => {
		const file = someBytes(1000);
		const opened = await post(`${PUBLISH}/inbox/video/init/`, { source_info: plan(file.length) });
		await put(opened.body.data.upload_url, file, [0, file.length]);
		held.sandbox.clock.advance(1_500);
		expect((await status(opened.body.data.publish_id)).body.data.status).toBe('SEND_TO_USER_INBOX');
		expect(held.sandbox.journal.posts).toEqual([]);
	});

	it('knows publish ids of their owner only', async () => {
		const { publishId } = await uploaded();
		expect(codeOf(await status('v_pub_file~v2.1'))).toEqual([400, 'invalid_publish_id']);
		expect(codeOf(await status(publishId, tokenOf('other')))).toEqual([
			400,
			'token_not_authorized_for_specified_publish_id',
		]);
	});

	it('lists and counts what is public, by its id as text, and nothing else', async () => {
		await uploaded();
		await uploaded({ ...POST_INFO, privacy_level: 'SELF_ONLY' });
		held.sandbox.clock.advance(3_600_000);
		const id = held.sandbox.journal.posts[0]!.platformPostId;
		const list = await post('/v2/video/list/?fields=id,create_time,view_count', { max_count: 20 });
		expect(list.body.data).toMatchObject({ videos: [{ id }], has_more: false });
		expect(list.body.data.videos[0].view_count).toBeGreaterThan(0);
		const query = await post('/v2/video/query/?fields=id,like_count', { filters: { video_ids: [id, '1'] } });
		expect(query.body.data.videos).toEqual([{ id, like_count: expect.any(Number) }]);
		const tooMany = { filters: { video_ids: Array.from({ length: 21 }, (_, index) => String(index)) } };
		expect(codeOf(await post('/v2/video/query/?fields=id', tooMany))).toEqual([400, 'invalid_params']);
	});
});

describe('OAuth (facts 2.1)', () => {
	const redirect = 'http://localhost:5678/rest/oauth2-credential/callback';
	const consentTo = (change: Record<string, string> = {}): Promise<Reply> => {
		const query = {
			client_key: 'sandbox-tiktok-key',
			redirect_uri: redirect,
			response_type: 'code',
			scope: 'user.info.basic,video.publish',
			state: 'abc',
			...change,
		};
		const search = new URLSearchParams(query).toString();
		return held.wire.send(`${held.sandbox.tiktok.baseUrl}/v2/auth/authorize/?${search}`);
	};
	const client = { client_key: 'sandbox-tiktok-key', client_secret: 'sandbox-tiktok-secret' };
	const tokenCall = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> =>
		held.wire.send(`${held.sandbox.tiktok.baseUrl}/v2/oauth/token/`, { form, headers });
	const codeFrom = (reply: Reply): string =>
		new URL(reply.headers['location'] as string).searchParams.get('code') as string;
	const exchange = (code: string) => ({
		...client,
		grant_type: 'authorization_code',
		code,
		redirect_uri: redirect,
	});

	it('speaks of a client_key, joins scopes with commas, and answers flat', async () => {
		const tokens = await tokenCall(exchange(codeFrom(await consentTo())));
		expect(tokens.body).toMatchObject({
			expires_in: 86_400,
			refresh_expires_in: 31_536_000,
			scope: 'user.info.basic,video.publish',
			open_id: expect.any(String),
			token_type: 'Bearer',
		});
	});

	it('knows no client_id and no Basic header', async () => {
		expect((await consentTo({ client_key: '', client_id: 'sandbox-tiktok-key' })).status).toBe(400);
		const { client_key: _left, ...form } = exchange(codeFrom(await consentTo()));
		const basic = Buffer.from('sandbox-tiktok-key:sandbox-tiktok-secret').toString('base64');
		const refused = await tokenCall(
			{ ...form, client_id: 'sandbox-tiktok-key' },
			{ authorization: `Basic ${basic}` },
		);
		expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client']);
		expect(refused.body).toHaveProperty('log_id');
	});

	it('gives a new refresh token at every refresh, and refuses a used one', async () => {
		const first = (await tokenCall(exchange(codeFrom(await consentTo())))).body;
		const refresh = (token: string): Promise<Reply> =>
			tokenCall({ ...client, grant_type: 'refresh_token', refresh_token: token });
		const second = await refresh(first.refresh_token);
		expect(second.body.refresh_token).not.toBe(first.refresh_token);
		expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant');
	});

	it('takes a challenge in hex and none in base64url', async () => {
		const verifier = 'v'.repeat(64);
		const digest = (encoding: 'hex' | 'base64url') => createHash('sha256').update(verifier).digest(encoding);
		const pkce = (challenge: string) => ({ code_challenge: challenge, code_challenge_method: 'S256' });
		expect((await consentTo(pkce(digest('base64url')))).status).toBe(400);
		const code = codeFrom(await consentTo(pkce(digest('hex'))));
		expect((await tokenCall({ ...exchange(code), code_verifier: verifier })).status).toBe(200);
	});

	it('revokes with an empty answer', async () => {
		const tokens = (await tokenCall(exchange(codeFrom(await consentTo())))).body;
		const form = { ...client, token: tokens.access_token };
		const revoked = await held.wire.send(`${held.sandbox.tiktok.baseUrl}/v2/oauth/revoke/`, { form });
		expect([revoked.status, revoked.body]).toEqual([200, '']);
		expect(codeOf(await post(`${PUBLISH}/creator_info/query/`, {}, tokens.access_token))[0]).toBe(401);
	});
});
