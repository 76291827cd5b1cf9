import { createHash } from 'node:crypto';
import { Refusal, type Answer, type Exchange } from './answer';
import { mediaTypeOf, readText } from './body';
import type { AuthorizationCode, OAuth, OAuthClient } from './oauth';
import { errorPage } from './page';

/** Where the networks' OAuth endpoints differ. */
export interface EndpointRules {
	readonly pkce: 'required' | 'optional';
	readonly challengeMethods: readonly string[];
	readonly maxStateLength: number;
	/** A space as in RFC 6749 when left out; Meta and TikTok take a comma. */
	readonly scopeSeparator?: ',';
	/** X wants Basic from a confidential client; Google takes the secret in the body too. */
	readonly secretInBody: boolean;
	readonly unknownClient: Answer;
	readonly invalidGrantText: string;
	givesRefreshToken(query: URLSearchParams, scopes: readonly string[], isFirstConsent: boolean): boolean;
	/** Networks name the account to consent as in different ways; undefined = the default one. */
	accountHint(query: URLSearchParams): string | undefined;
}

const DEFAULT_ACCOUNT = 'demo';

export function oauthError(status: number, error: string, description: string): Answer {
	return { status, body: { error, error_description: description } };
}

function refusePage(title: string, detail: string): Refusal {
	return new Refusal({ status: 400, html: errorPage(title, detail) });
}

/** The consent page, which consents by itself. A broken request is shown, never redirected. */
export function authorize(oauth: OAuth, rules: EndpointRules, exchange: Exchange): Answer {
	const query = exchange.url.searchParams;
	const client = oauth.client(query.get('client_id') ?? '');
	if (client === undefined) throw refusePage('invalid_client', 'The OAuth client was not found.');
	const redirectUri = query.get('redirect_uri') ?? '';
	if (!isRegistered(client, redirectUri)) {
		throw refusePage('redirect_uri_mismatch', 'redirect_uri is not registered for this client.');
	}
	if (query.get('response_type') !== 'code')
		throw refusePage('invalid_request', 'response_type must be code.');
	const state = query.get('state') ?? '';
	if (state === '' || state.length > rules.maxStateLength) {
		throw refusePage('invalid_request', `state is required, at most ${rules.maxStateLength} characters.`);
	}
	const scopes = requestedScopes(oauth, rules, query);
	const challenge = requestedChallenge(rules, query);
	const consent = oauth.nextConsent;
	oauth.nextConsent = {};
	if (consent.deny === true) return redirect(redirectUri, { error: 'access_denied', state });
	const account = consent.account ?? rules.accountHint(query) ?? DEFAULT_ACCOUNT;
	const isFirstConsent = !oauth.hasConsented(client.clientId, account);
	const code = oauth.addCode({
		clientId: client.clientId,
		redirectUri,
		account,
		scopes,
		givesRefreshToken: rules.givesRefreshToken(query, scopes, isFirstConsent),
		...(challenge ? { challenge } : {}),
	});
	return redirect(redirectUri, { state, code });
}

function redirect(redirectUri: string, parameters: Record<string, string>): Answer {
	const target = new URL(redirectUri);
	for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
	return { status: 302, headers: { location: target.toString() } };
}

/** Exact match; on loopback the port is free (RFC 8252, 7.3), because n8n picks its own. */
function isRegistered(client: OAuthClient, redirectUri: string): boolean {
	if (!URL.canParse(redirectUri)) return false;
	const given = new URL(redirectUri);
	return client.redirectUris.some((registered) => {
		const wanted = new URL(registered);
		const isLoopback = ['localhost', '127.0.0.1'].includes(wanted.hostname);
		if (isLoopback && given.hostname === wanted.hostname) wanted.port = given.port;
		return wanted.toString() === given.toString();
	});
}

function requestedScopes(oauth: OAuth, rules: EndpointRules, query: URLSearchParams): string[] {
	const scopes = (query.get('scope') ?? '')
		.split(rules.scopeSeparator ?? ' ')
		.filter((scope) => scope !== '');
	const unknown = scopes.filter((scope) => !oauth.rules.knownScopes.has(scope));
	if (scopes.length === 0) throw refusePage('invalid_scope', 'scope is required.');
	if (unknown.length > 0) throw refusePage('invalid_scope', `Unknown scopes: ${unknown.join(' ')}`);
	return scopes;
}

function requestedChallenge(rules: EndpointRules, query: URLSearchParams): AuthorizationCode['challenge'] {
	const value = query.get('code_challenge');
	if (value === null) {
		if (rules.pkce === 'required') throw refusePage('invalid_request', 'code_challenge is required.');
		return undefined;
	}
	const method = query.get('code_challenge_method') ?? 'plain';
	if (!rules.challengeMethods.includes(method)) {
		throw refusePage(
			'invalid_request',
			`code_challenge_method must be ${rules.challengeMethods.join(' or ')}.`,
		);
	}
	if (!/^[\w.~-]{43,128}$/.test(value)) throw refusePage('invalid_request', 'code_challenge is malformed.');
	return { value, method };
}

export async function exchangeToken(oauth: OAuth, rules: EndpointRules, exchange: Exchange): Promise<Answer> {
	const form = await readForm(exchange);
	const client = authenticateClient(oauth, rules, exchange, form);
	const grantType = form.get('grant_type');
	if (grantType === 'authorization_code') return exchangeCode(oauth, rules, client, form);
	if (grantType !== 'refresh_token') {
		return oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType ?? ''}`);
	}
	const refreshToken = form.get('refresh_token');
	if (refreshToken === null) {
		return oauthError(400, 'invalid_request', 'Missing required parameter: refresh_token');
	}
	const outcome = oauth.refresh(refreshToken, client.clientId);
	if (!outcome.ok) return oauthError(400, 'invalid_grant', rules.invalidGrantText);
	return { status: 200, body: outcome.response, headers: { 'cache-control': 'no-store' } };
}

export async function readForm(exchange: Exchange): Promise<URLSearchParams> {
	const text = await readText(exchange);
	if (text === undefined || mediaTypeOf(exchange) !== 'application/x-www-form-urlencoded') {
		throw new Refusal(
			oauthError(400, 'invalid_request', 'The body must be application/x-www-form-urlencoded.'),
		);
	}
	return new URLSearchParams(text);
}

function exchangeCode(
	oauth: OAuth,
	rules: EndpointRules,
	client: OAuthClient,
	form: URLSearchParams,
): Answer {
	for (const name of ['code', 'redirect_uri']) {
		if (!form.has(name)) return oauthError(400, 'invalid_request', `Missing required parameter: ${name}`);
	}
	const invalidGrant = oauthError(400, 'invalid_grant', rules.invalidGrantText);
	const code = oauth.takeCode(form.get('code') ?? '');
	if (code === undefined || code.clientId !== client.clientId) return invalidGrant;
	if (code.redirectUri !== form.get('redirect_uri')) {
		return oauthError(
			400,
			'redirect_uri_mismatch',
			'redirect_uri differs from the one of the authorization.',
		);
	}
	if (!provesChallenge(code, form.get('code_verifier'))) return invalidGrant;
	return { status: 200, body: oauth.grantFrom(code), headers: { 'cache-control': 'no-store' } };
}

function provesChallenge(code: AuthorizationCode, verifier: string | null): boolean {
	if (code.challenge === undefined) return true;
	if (verifier === null || !/^[\w.~-]{43,128}$/.test(verifier)) return false;
	const derived =
		code.challenge.method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
	return derived === code.challenge.value;
}

export function authenticateClient(
	oauth: OAuth,
	rules: EndpointRules,
	exchange: Exchange,
	form: URLSearchParams,
): OAuthClient {
	const basic = basicCredentials(exchange.headers.authorization);
	const clientId = basic?.id ?? form.get('client_id') ?? '';
	const client = oauth.client(clientId);
	if (client === undefined) throw new Refusal(rules.unknownClient);
	if (client.kind === 'public') return client;
	const given = basic?.password ?? (rules.secretInBody ? form.get('client_secret') : null);
	if (given !== client.clientSecret) throw new Refusal(rules.unknownClient);
	return client;
}

function basicCredentials(header: string | undefined): { id: string; password: string } | undefined {
	const match = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '');
	if (match?.[1] === undefined) return undefined;
	const text = Buffer.from(match[1], 'base64').toString('utf8');
	const colon = text.indexOf(':');
	if (colon < 0) return undefined;
	return { id: formDecode(text.slice(0, colon)), password: formDecode(text.slice(colon + 1)) };
}

/** RFC 6749, 2.3.1: both halves are form-encoded before Base64. Clients that forget send no `%`. */
function formDecode(text: string): string {
	try {
		return decodeURIComponent(text.replaceAll('+', ' '));
	} catch {
		return text;
	}
}

/** The bearer token of a request; undefined when there is none. */
export function bearerOf(exchange: Exchange): string | undefined {
	return /^Bearer (\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1];
}
