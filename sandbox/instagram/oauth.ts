import type { Exchange } from '../core/answer';
import { oauthError, type EndpointRules } from '../core/oauth-endpoints';
import type { OAuthRules } from '../core/oauth';
import { noSuchObject } from '../graph/errors';
import { grantOf, LONG_LIVED_REPORTED_SEC, LONG_LIVED_SEC, requireScope } from '../graph/tokens';
import type { Instagram, Professional } from './model';

const BASIC = 'instagram_business_basic';
export const PUBLISH = 'instagram_business_content_publish';
export const INSIGHTS = 'instagram_business_manage_insights';
export const COMMENTS = 'instagram_business_manage_comments';

/** Facts 3.1, Instagram Login. */
export const oauthRules: OAuthRules = {
	network: 'instagram',
	tokenType: 'bearer',
	accessLifetimeSec: LONG_LIVED_SEC,
	reportedLifetimeSec: LONG_LIVED_REPORTED_SEC,
	codeLifetimeMs: 3_600_000,
	rotatesRefreshToken: false,
	knownScopes: new Set([BASIC, PUBLISH, INSIGHTS, COMMENTS, 'instagram_business_manage_messages']),
	defaultScopes: [BASIC, PUBLISH, INSIGHTS, COMMENTS],
	defaultClient: {
		clientId: '990000000000001',
		clientSecret: 'sandbox-instagram-secret',
		redirectUris: ['localhost', '127.0.0.1'].map((host) => `http://${host}/rest/oauth2-credential/callback`),
		kind: 'confidential',
	},
};

export const endpointRules: EndpointRules = {
	pkce: 'optional',
	challengeMethods: ['S256'],
	maxStateLength: 4096,
	scopeSeparator: ',',
	secretInBody: true,
	unknownClient: oauthError(400, 'invalid_client', 'Invalid platform app'),
	invalidGrantText: 'Invalid authorization code',
	givesRefreshToken: () => false,
	accountHint: () => undefined,
};

/** The account of the token; every call needs the basic permission, most need one more. */
export function enter(instagram: Instagram, exchange: Exchange, ...scopes: readonly string[]): Professional {
	const grant = grantOf(instagram.oauth, exchange);
	for (const scope of [BASIC, ...scopes]) requireScope(grant, scope);
	return instagram.accounts.get(grant.account);
}

/** `/{ig-user-id}/…` of the token's own account, or `me`. */
export function enterAs(
	instagram: Instagram,
	exchange: Exchange,
	...scopes: readonly string[]
): Professional {
	const user = enter(instagram, exchange, ...scopes);
	const id = exchange.params['id'] ?? '';
	if (id !== 'me' && id !== user.accountId) throw noSuchObject(id);
	return user;
}
