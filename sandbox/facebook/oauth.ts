import type { Answer, Exchange } from '../core/answer';
import { authorize, oauthError, readForm, type EndpointRules } from '../core/oauth-endpoints';
import type { OAuthRules } from '../core/oauth';
import { invalidParameter, refuseGraph, tokenProblems } from '../graph/errors';
import type { Facebook } from './model';

const SCOPES = [
	'pages_show_list',
	'pages_read_engagement',
	'pages_manage_posts',
	'pages_read_user_content',
	'read_insights',
	'business_management',
];
const LONG_LIVED_SEC = 60 * 24 * 3_600;

export const oauthRules: OAuthRules = {
	network: 'facebook',
	tokenType: 'bearer',
	// Facts 6.1: one to two hours.
	accessLifetimeSec: 5_400,
	reportedLifetimeSec: 5_400,
	codeLifetimeMs: 10 * 60_000,
	rotatesRefreshToken: false,
	knownScopes: new Set([...SCOPES, 'public_profile', 'email']),
	defaultScopes: SCOPES,
	defaultClient: {
		clientId: '100200300400500',
		clientSecret: 'sandbox-facebook-secret',
		redirectUris: ['localhost', '127.0.0.1'].map((host) => `http://${host}/rest/oauth2-credential/callback`),
		kind: 'confidential',
	},
};

const endpointRules: EndpointRules = {
	pkce: 'optional',
	challengeMethods: ['S256'],
	maxStateLength: 4096,
	scopeSeparator: ',',
	secretInBody: true,
	unknownClient: oauthError(400, 'invalid_client', 'Invalid app ID'),
	invalidGrantText: 'Invalid verification code.',
	// Facts 6.1: there is no refresh token at all.
	givesRefreshToken: () => false,
	accountHint: () => undefined,
};

export function consent({ oauth }: Facebook, exchange: Exchange): Answer {
	return authorize(oauth, endpointRules, exchange);
}

/** Facts 6.1: code → user token of one to two hours; `fb_exchange_token` → one of sixty days. */
export async function giveToken(facebook: Facebook, exchange: Exchange): Promise<Answer> {
	const fields = exchange.method === 'GET' ? exchange.url.searchParams : await readForm(exchange);
	const client = facebook.oauth.client(fields.get('client_id') ?? '');
	if (client === undefined) throw refuseGraph({ code: 101, message: 'Error validating application.' });
	if (fields.get('client_secret') !== client.clientSecret) {
		throw refuseGraph({ code: 1, message: 'Error validating client secret.' });
	}
	const grantType = fields.get('grant_type') ?? 'authorization_code';
	if (grantType === 'fb_exchange_token') return exchangeForLongLived(facebook, client.clientId, fields);
	if (grantType !== 'authorization_code') throw invalidParameter(`Invalid grant_type: ${grantType}`);
	const code = facebook.oauth.takeCode(fields.get('code') ?? '');
	if (code === undefined || code.clientId !== client.clientId) {
		throw invalidParameter('Invalid verification code format.');
	}
	if (code.redirectUri !== fields.get('redirect_uri')) {
		throw invalidParameter('Error validating verification code: redirect_uri must be identical.');
	}
	const { access_token, expires_in } = facebook.oauth.grantFrom(code);
	return { status: 200, body: { access_token, token_type: 'bearer', expires_in } };
}

function exchangeForLongLived(facebook: Facebook, clientId: string, fields: URLSearchParams): Answer {
	const { oauth, longLivedTokens } = facebook;
	const given = fields.get('fb_exchange_token') ?? '';
	const grant = oauth.grantOf(given);
	if (grant === undefined || grant.clientId !== clientId || oauth.stateOf(given) !== 'valid') {
		throw refuseGraph(tokenProblems.expired);
	}
	const { account, scopes } = grant;
	const issued = oauth.issue({ account, scopes, clientId, expiresInSeconds: LONG_LIVED_SEC });
	longLivedTokens.set(issued.accessToken, true);
	return {
		status: 200,
		body: { access_token: issued.accessToken, token_type: 'bearer', expires_in: LONG_LIVED_SEC },
	};
}
