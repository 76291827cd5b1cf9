import { Refusal, type Answer, type Exchange } from '../core/answer';
import { authorize, bearerOf, exchangeToken, oauthError, type EndpointRules } from '../core/oauth-endpoints';
import type { OAuthRules } from '../core/oauth';
import { errorPage } from '../core/page';
import { graphError, invalidParameter, missingPermission, tokenExpired, tokenInvalid } from './errors';
import type { Profile, Threads } from './model';

const HOUR_SEC = 3_600;
const DAY_MS = 24 * 3_600_000;
const LONG_LIFETIME_SEC = 60 * 24 * HOUR_SEC;
export const REPLY = 'threads_manage_replies';
export const READ_REPLIES = 'threads_read_replies';
const DEFAULT_SCOPES = [
	'threads_basic',
	'threads_content_publish',
	'threads_manage_insights',
	REPLY,
	READ_REPLIES,
];

export const oauthRules: OAuthRules = {
	network: 'threads',
	tokenType: 'bearer',
	/** Of long-lived tokens, which is what the control plane gives out; a code gives less (facts 7.1). */
	accessLifetimeSec: LONG_LIFETIME_SEC,
	reportedLifetimeSec: LONG_LIFETIME_SEC,
	codeLifetimeMs: HOUR_SEC * 1000,
	rotatesRefreshToken: false,
	knownScopes: new Set([
		...DEFAULT_SCOPES,
		'threads_delete',
		'threads_keyword_search',
		'threads_manage_mentions',
		'threads_location_tagging',
		'threads_profile_discovery',
	]),
	defaultScopes: DEFAULT_SCOPES,
	defaultClient: {
		clientId: 'sandbox-threads-app',
		clientSecret: 'sandbox-threads-secret',
		redirectUris: ['localhost', '127.0.0.1'].map((host) => `http://${host}/rest/oauth2-credential/callback`),
		kind: 'confidential',
	},
};

const endpointRules: EndpointRules = {
	// Facts 7.1: no PKCE. One that is sent all the same is not looked at by anybody.
	pkce: 'optional',
	challengeMethods: ['S256', 'plain'],
	maxStateLength: 4096,
	secretInBody: true,
	unknownClient: oauthError(400, 'invalid_client', 'Error validating client secret.'),
	invalidGrantText: 'This authorization code has been used or is not valid.',
	givesRefreshToken: () => false,
	accountHint: () => undefined,
};

/** Scopes are separated by commas (facts 7.1), and threads_basic has to be among them. */
export function consent(threads: Threads, exchange: Exchange): Answer {
	const url = new URL(exchange.url);
	const scopes = (url.searchParams.get('scope') ?? '').split(',');
	if (!scopes.includes('threads_basic')) {
		return { status: 400, html: errorPage('invalid_scope', 'threads_basic is required.') };
	}
	url.searchParams.set('scope', scopes.join(' '));
	return authorize(threads.oauth, endpointRules, { ...exchange, url });
}

/** Facts 7.1: a token of one hour and the user's id; no refresh token, no lifetime. */
export async function exchangeCode(threads: Threads, exchange: Exchange): Promise<Answer> {
	const answer = await exchangeToken(threads.oauth, endpointRules, exchange);
	if (answer.status !== 200) return answer;
	const { access_token: unused } = answer.body as { readonly access_token: string };
	const grant = threads.oauth.grantOf(unused);
	if (grant === undefined) return tokenInvalid;
	threads.oauth.expire(unused);
	const { account, scopes, clientId } = grant;
	const short = { account, scopes, clientId, expiresInSeconds: HOUR_SEC };
	const { accessToken: token } = threads.oauth.issue(short);
	threads.tokens.set(token, { issuedAtMs: threads.frame.clock.nowMs(), isLongLived: false });
	const { accountId } = threads.accounts.get(account);
	return { status: 200, body: { access_token: token, user_id: accountId } };
}

/** th_exchange_token: a short-lived token becomes one of 60 days. */
export function exchangeForLongLived(threads: Threads, exchange: Exchange): Answer {
	const { token, grant } = grantedQuery(threads, exchange, 'th_exchange_token');
	const client = threads.oauth.client(grant.clientId);
	if (exchange.url.searchParams.get('client_secret') !== client?.clientSecret) {
		return graphError(1, 'Error validating client secret.');
	}
	// What the control plane gave out is long-lived already.
	if (threads.tokens.get(token)?.isLongLived !== false) {
		return graphError(100, 'Session key invalid. This could be because the token is long-lived already.');
	}
	return longLived(threads, grant);
}

/** th_refresh_token: the token is its own refresh credential, from the age of 24 hours on. */
export function refreshLongLived(threads: Threads, exchange: Exchange): Answer {
	const { token, grant } = grantedQuery(threads, exchange, 'th_refresh_token');
	const known = threads.tokens.get(token);
	if (known && !known.isLongLived) throw invalidParameter('only a long-lived token can be refreshed');
	if (known && threads.frame.clock.nowMs() - known.issuedAtMs < DAY_MS) {
		throw invalidParameter('the token is not 24 hours old');
	}
	return longLived(threads, grant);
}

type Grant = NonNullable<ReturnType<Threads['oauth']['grantOf']>>;

function grantedQuery(
	threads: Threads,
	exchange: Exchange,
	grantType: string,
): { readonly token: string; readonly grant: Grant } {
	const query = exchange.url.searchParams;
	if (query.get('grant_type') !== grantType) throw invalidParameter(`grant_type must be ${grantType}`);
	const token = query.get('access_token') ?? '';
	return { token, grant: validGrant(threads, token) };
}

function validGrant(threads: Threads, token: string): Grant {
	const grant = threads.oauth.grantOf(token);
	const state = threads.oauth.stateOf(token);
	if (grant === undefined || state === 'unknown' || state === 'revoked') throw new Refusal(tokenInvalid);
	if (state !== 'valid') throw new Refusal(tokenExpired);
	return grant;
}

function longLived(threads: Threads, { account, scopes, clientId }: Grant): Answer {
	const options = { account, scopes, clientId, expiresInSeconds: LONG_LIFETIME_SEC };
	const { accessToken } = threads.oauth.issue(options);
	threads.tokens.set(accessToken, { issuedAtMs: threads.frame.clock.nowMs(), isLongLived: true });
	const body = { access_token: accessToken, token_type: 'bearer', expires_in: LONG_LIFETIME_SEC };
	return { status: 200, body, headers: { 'cache-control': 'no-store' } };
}

/** Token, then scope. The token travels in the header, or as `access_token` in the query as Graph takes it. */
export function enter(threads: Threads, exchange: Exchange, scope: string): Profile {
	const token = bearerOf(exchange) ?? exchange.url.searchParams.get('access_token');
	if (token === null) throw new Refusal(graphError(104, 'An access token is required.'));
	if (exchange.faults.expireToken === true) threads.oauth.expire(token);
	const grant = validGrant(threads, token);
	if (!grant.scopes.includes(scope)) throw missingPermission(scope);
	return threads.accounts.get(grant.account);
}
