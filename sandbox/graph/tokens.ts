import type { Answer, Exchange } from '../core/answer';
import { bearerOf, readForm } from '../core/oauth-endpoints';
import type { Grant, OAuth, TokenResponse } from '../core/oauth';
import { graphProblem, invalidParameter, refuseGraph, tokenProblems } from './errors';

export const SHORT_LIVED_SEC = 3600;
export const LONG_LIVED_SEC = 60 * 86_400;
/** What the documentation's examples say of a 60-day token (facts 3.1). */
export const LONG_LIVED_REPORTED_SEC = 5_183_944;
const MIN_REFRESH_AGE_MS = 24 * 3_600_000;

/** A token in the header or, as Graph takes it too, in the query. */
export function graphTokenOf(exchange: Exchange): string | undefined {
	return bearerOf(exchange) ?? exchange.url.searchParams.get('access_token') ?? undefined;
}

/** Facts 3.5: every trouble with a token is code 190, mostly behind HTTP 400. */
export function grantOf(oauth: OAuth, exchange: Exchange, token = graphTokenOf(exchange)): Grant {
	if (token === undefined) throw refuseGraph(tokenProblems.missing);
	if (exchange.faults.expireToken === true) oauth.expire(token);
	const state = oauth.stateOf(token);
	const grant = oauth.grantOf(token);
	if (state === 'valid' && grant !== undefined) return grant;
	throw refuseGraph(tokenProblems[state === 'valid' ? 'unknown' : state]);
}

export function requireScope(grant: Grant, scope: string): void {
	if (grant.scopes.includes(scope)) return;
	throw refuseGraph({ code: 10, message: `(#10) This action requires the ${scope} permission` }, 403);
}

/** Code → a token of one hour (facts 3.1, 7.1): form only, the client in the body, no PKCE. */
export async function exchangeCode(
	oauth: OAuth,
	exchange: Exchange,
	answerOf: (response: TokenResponse, account: string) => unknown,
): Promise<Answer> {
	const form = await readForm(exchange);
	const client = oauth.client(form.get('client_id') ?? '');
	if (client === undefined || form.get('client_secret') !== client.clientSecret) {
		return codeProblem('Invalid platform app');
	}
	if (form.get('grant_type') !== 'authorization_code') return codeProblem('Invalid grant_type');
	const code = oauth.takeCode(form.get('code') ?? '');
	if (code === undefined || code.clientId !== client.clientId)
		return codeProblem('Invalid authorization code');
	if (code.redirectUri !== form.get('redirect_uri')) return codeProblem('Invalid redirect_uri');
	const response = oauth.grantFrom(code, SHORT_LIVED_SEC);
	return {
		status: 200,
		body: answerOf(response, code.account),
		headers: { 'cache-control': 'no-store' },
	};
}

/** The older, flat shape that the code endpoint has kept. */
function codeProblem(message: string): Answer {
	return { status: 400, body: { error_type: 'OAuthException', code: 400, error_message: message } };
}

/** Short → long (60 days), `grant_type` differs by network (facts 3.1, 7.1). */
export function exchangeForLongLived(oauth: OAuth, exchange: Exchange, grantType: string): Answer {
	const query = exchange.url.searchParams;
	checkGrantType(query, grantType);
	const token = query.get('access_token') ?? '';
	const grant = grantOf(oauth, exchange, token);
	if (query.get('client_secret') !== oauth.client(grant.clientId)?.clientSecret) {
		return graphProblem(400, { code: 101, message: 'Error validating client secret.' });
	}
	return longLived(oauth.renew(token, { minAgeMs: 0, lifetimeSec: LONG_LIVED_SEC }));
}

/** The token is its own refresh credential, once it is 24 hours old (facts 3.1, 7.1). */
export function refreshLongLived(oauth: OAuth, exchange: Exchange, grantType: string): Answer {
	const query = exchange.url.searchParams;
	checkGrantType(query, grantType);
	const token = query.get('access_token') ?? '';
	grantOf(oauth, exchange, token);
	return longLived(oauth.renew(token, { minAgeMs: MIN_REFRESH_AGE_MS, lifetimeSec: LONG_LIVED_SEC }));
}

function checkGrantType(query: URLSearchParams, wanted: string): void {
	if (query.get('grant_type') !== wanted) throw invalidParameter(`grant_type must be ${wanted}`);
}

function longLived(response: TokenResponse | undefined): Answer {
	if (response === undefined) throw invalidParameter('The access token is younger than 24 hours');
	const { access_token, token_type } = response;
	return { status: 200, body: { access_token, token_type, expires_in: LONG_LIVED_REPORTED_SEC } };
}
