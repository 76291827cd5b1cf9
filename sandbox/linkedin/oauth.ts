import type { Answer, Exchange } from '../core/answer';
import { exchangeToken, oauthError, type EndpointRules } from '../core/oauth-endpoints';
import type { OAuthRules } from '../core/oauth';
import type { LinkedIn } from './model';

const SCOPES = [
	'openid',
	'profile',
	'w_member_social',
	'r_member_postAnalytics',
	'w_organization_social',
	'r_organization_social',
	'rw_organization_admin',
];

/** Facts 5.1: 60 days, codes of 30 minutes, the refresh token stays the same. */
export const oauthRules: OAuthRules = {
	network: 'linkedin',
	tokenType: 'Bearer',
	accessLifetimeSec: 5_184_000,
	reportedLifetimeSec: 5_184_000,
	codeLifetimeMs: 30 * 60_000,
	rotatesRefreshToken: false,
	knownScopes: new Set([...SCOPES, 'email']),
	defaultScopes: SCOPES,
	defaultClient: {
		clientId: 'sandbox-linkedin-client',
		clientSecret: 'sandbox-linkedin-secret',
		redirectUris: ['localhost', '127.0.0.1'].map((host) => `http://${host}/rest/oauth2-credential/callback`),
		kind: 'confidential',
	},
};

export function endpointRulesOf(linkedIn: LinkedIn): EndpointRules {
	return {
		pkce: 'optional',
		challengeMethods: ['S256'],
		maxStateLength: 4096,
		secretInBody: true,
		unknownClient: oauthError(401, 'invalid_client', 'Client authentication failed'),
		invalidGrantText: 'The provided authorization grant or refresh token is invalid, expired or revoked',
		givesRefreshToken: () => linkedIn.settings.givesRefreshTokens,
		accountHint: () => undefined,
	};
}

/** Client id and secret stand in the form (facts 5.1); Basic is not looked at. */
export async function token(linkedIn: LinkedIn, exchange: Exchange): Promise<Answer> {
	const { authorization: _ignored, ...headers } = exchange.headers;
	const rules = endpointRulesOf(linkedIn);
	const answer = await exchangeToken(linkedIn.oauth, rules, { ...exchange, headers });
	if (answer.status !== 200) return answer;
	const { scope, ...rest } = answer.body as { scope: string; refresh_token?: string };
	const lifetime = rest.refresh_token === undefined ? {} : { refresh_token_expires_in: 31_536_000 };
	return { ...answer, body: { ...rest, ...lifetime, scope: scope.replaceAll(' ', ',') } };
}
