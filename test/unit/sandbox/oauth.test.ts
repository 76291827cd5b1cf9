import { createHash } from 'node:crypto';
import { useSandbox, type Reply } from './support';

const held = useSandbox();
const REDIRECT = 'http://localhost:5678/rest/oauth2-credential/callback';
const VERIFIER = 'v'.repeat(64);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

const GOOGLE = {
	client_id: 'sandbox-google.apps.googleusercontent.com',
	redirect_uri: REDIRECT,
	response_type: 'code',
	scope: 'https://www.googleapis.com/auth/youtube.upload',
	state: 'abc',
	access_type: 'offline',
	prompt: 'consent',
};
const X = {
	client_id: 'sandbox-x-client',
	redirect_uri: REDIRECT,
	response_type: 'code',
	scope: 'tweet.read tweet.write users.read offline.access',
	state: 'abc',
	code_challenge: CHALLENGE,
	code_challenge_method: 'S256',
};
type Query = Partial<typeof GOOGLE & typeof X>;

function authorize(path: string, query: Query): Promise<Reply> {
	return held.wire.send(`${path}?${new URLSearchParams(query as Record<string, string>).toString()}`);
}
const atGoogle = (change: Query = {}): Promise<Reply> =>
	authorize(`${held.sandbox.youtube.baseUrl}/o/oauth2/v2/auth`, { ...GOOGLE, ...change });
const atX = (change: Query = {}): Promise<Reply> =>
	authorize(`${held.sandbox.x.baseUrl}/i/oauth2/authorize`, { ...X, ...change });

function codeOf(reply: Reply): string {
	expect(reply.status).toBe(302);
	const target = new URL(reply.headers['location'] as string);
	expect(target.searchParams.get('state')).toBe('abc');
	return target.searchParams.get('code') as string;
}

const basic = (id: string, secret: string): string =>
	`Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const googleToken = (form: Record<string, string>): Promise<Reply> =>
	held.wire.send(`${held.sandbox.youtube.baseUrl}/token`, {
		form: { client_id: GOOGLE.client_id, client_secret: 'sandbox-google-secret', ...form },
	});
const xToken = (
	form: Record<string, string>,
	authorization = basic(X.client_id, 'sandbox-x-secret'),
): Promise<Reply> =>
	held.wire.send(`${held.sandbox.x.baseUrl}/2/oauth2/token`, { form, headers: { authorization } });
const exchange = (code: string): Record<string, string> => ({
	grant_type: 'authorization_code',
	code,
	redirect_uri: REDIRECT,
});

describe('Google (facts 1.1)', () => {
	it('gives a refresh token for offline access, which stays the same over refreshes', async () => {
		const tokens = (await googleToken(exchange(codeOf(await atGoogle())))).body;
		expect(tokens).toMatchObject({ expires_in: 3599, token_type: 'Bearer', scope: GOOGLE.scope });
		for (let count = 0; count < 2; count++) {
			const fresh = await googleToken({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
			expect([fresh.status, 'refresh_token' in fresh.body]).toEqual([200, false]);
		}
	});

	it('gives no refresh token online, and none at a second consent without prompt=consent', async () => {
		const given = async (change: Query): Promise<boolean> =>
			'refresh_token' in (await googleToken(exchange(codeOf(await atGoogle(change))))).body;
		expect([
			await given({ access_type: 'online' }),
			await given({ prompt: 'none' }),
			await given({ prompt: 'consent' }),
		]).toEqual([false, false, true]);
	});

	it('takes the client from the body or from Basic, and refuses a wrong secret', async () => {
		const code = codeOf(await atGoogle());
		expect((await googleToken({ ...exchange(code), client_secret: 'wrong' })).body.error).toBe(
			'invalid_client',
		);
		const withBasic = await held.wire.send(`${held.sandbox.youtube.baseUrl}/token`, {
			form: exchange(code),
			headers: { authorization: basic(GOOGLE.client_id, 'sandbox-google-secret') },
		});
		expect(withBasic.status).toBe(200);
	});

	it('does not let a revoked token work or refresh', async () => {
		const tokens = (await googleToken(exchange(codeOf(await atGoogle())))).body;
		const url = `${held.sandbox.youtube.baseUrl}/revoke?token=${tokens.access_token}`;
		expect((await held.wire.send(url, { method: 'POST' })).status).toBe(200);
		const refused = await googleToken({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
		expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant']);
	});

	it('never keeps a secret in the journal', async () => {
		const tokens = (await googleToken(exchange(codeOf(await atGoogle())))).body;
		const path = `/youtube/v3/channels?part=id&mine=true&access_token=${tokens.refresh_token}`;
		await held.wire.send(held.sandbox.youtube.baseUrl + path, { token: tokens.access_token });
		const kept = JSON.stringify(held.sandbox.journal.requests);
		for (const secret of [tokens.access_token, tokens.refresh_token]) expect(kept).not.toContain(secret);
	});
});

describe('X (facts 4.1)', () => {
	const withVerifier = (code: string, verifier = VERIFIER): Record<string, string> => ({
		...exchange(code),
		code_verifier: verifier,
	});

	it('rotates the refresh token, and a used one that comes back kills the whole chain', async () => {
		const first = (await xToken(withVerifier(codeOf(await atX())))).body;
		expect(first).toMatchObject({ expires_in: 7200, token_type: 'bearer' });
		const refresh = (token: string): Promise<Reply> =>
			xToken({ grant_type: 'refresh_token', refresh_token: token });
		const second = (await refresh(first.refresh_token)).body;
		expect(second.refresh_token).not.toBe(first.refresh_token);
		const me = async (): Promise<number> =>
			(await held.wire.send(`${held.sandbox.x.baseUrl}/2/users/me`, { token: second.access_token })).status;
		expect(await me()).toBe(200);
		const reuse = await refresh(first.refresh_token);
		expect([reuse.status, reuse.body.error]).toEqual([400, 'invalid_grant']);
		expect([(await refresh(second.refresh_token)).status, await me()]).toEqual([400, 401]);
	});

	it('gives a refresh token only with offline.access', async () => {
		const tokens = await xToken(withVerifier(codeOf(await atX({ scope: 'tweet.read users.read' }))));
		expect(tokens.body).not.toHaveProperty('refresh_token');
	});

	it('takes a code once, for 30 seconds, and only with the right verifier', async () => {
		const code = codeOf(await atX());
		expect((await xToken(withVerifier(code))).status).toBe(200);
		expect((await xToken(withVerifier(code))).body.error).toBe('invalid_grant');
		expect((await xToken(withVerifier(codeOf(await atX()), 'w'.repeat(64)))).body.error).toBe(
			'invalid_grant',
		);
		const old = codeOf(await atX());
		held.sandbox.clock.advance(30_001);
		expect((await xToken(withVerifier(old))).body.error).toBe('invalid_grant');
	});

	it('wants Basic from a confidential client and only the id from a public one', async () => {
		const code = codeOf(await atX());
		const inBody = { ...withVerifier(code), client_id: X.client_id, client_secret: 'sandbox-x-secret' };
		expect((await xToken(inBody, '')).status).toBe(401);
		held.sandbox.x.addClient({
			clientId: 'public',
			clientSecret: '',
			redirectUris: [REDIRECT],
			kind: 'public',
		});
		const publicCode = codeOf(await atX({ client_id: 'public' }));
		expect((await xToken({ ...withVerifier(publicCode), client_id: 'public' }, '')).status).toBe(200);
	});
});

describe('a broken authorization request is shown, never redirected', () => {
	it.each([
		['an unknown client', { client_id: 'nobody' }],
		['a foreign redirect', { redirect_uri: 'http://localhost:5678/other' }],
		['a foreign host', { redirect_uri: 'http://evil.example/rest/oauth2-credential/callback' }],
		['another response type', { response_type: 'token' }],
		['an unknown scope', { scope: 'everything' }],
		['no state', { state: '' }],
	])('with %s', async (_what, change: Query) => {
		for (const reply of [await atGoogle(change), await atX(change)]) {
			expect([reply.status, reply.headers['location']]).toEqual([400, undefined]);
		}
	});

	it('X also refuses a request without PKCE or with a state of 501 characters', async () => {
		const { code_challenge: _left, ...withoutChallenge } = X;
		const bare = await authorize(`${held.sandbox.x.baseUrl}/i/oauth2/authorize`, withoutChallenge);
		expect([bare.status, (await atX({ state: 's'.repeat(501) })).status]).toEqual([400, 400]);
	});

	it('but a person who declines is sent back with access_denied', async () => {
		held.sandbox.x.nextConsent({ deny: true });
		const target = new URL((await atX()).headers['location'] as string);
		expect(target.searchParams.get('error')).toBe('access_denied');
	});
});
