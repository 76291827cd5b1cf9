import { Refusal, type Answer, type Exchange } from '../core/answer';
import {
	authenticateClient,
	bearerOf,
	oauthError,
	readForm,
	type EndpointRules,
} from '../core/oauth-endpoints';
import type { OAuth, OAuthRules } from '../core/oauth';
import { creditsDepleted, forbidden, unauthorized } from './errors';
import { announceLimits, chargeLimits, type Endpoint } from './limits';
import type { User, X } from './model';

const PUBLISH_SCOPES = ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access'];

export const oauthRules: OAuthRules = {
	network: 'x',
	tokenType: 'bearer',
	accessLifetimeSec: 7200,
	reportedLifetimeSec: 7200,
	codeLifetimeMs: 30_000,
	rotatesRefreshToken: true,
	knownScopes: new Set([
		...PUBLISH_SCOPES,
		'tweet.moderate.write',
		'users.email',
		'follows.read',
		'follows.write',
		'space.read',
		'mute.read',
		'mute.write',
		'like.read',
		'like.write',
		'list.read',
		'list.write',
		'block.read',
		'block.write',
		'bookmark.read',
		'bookmark.write',
		'dm.read',
		'dm.write',
	]),
	defaultScopes: PUBLISH_SCOPES,
	defaultClient: {
		clientId: 'sandbox-x-client',
		clientSecret: 'sandbox-x-secret',
		redirectUris: ['localhost', '127.0.0.1'].map((host) => `http://${host}/rest/oauth2-credential/callback`),
		kind: 'confidential',
	},
};

export const endpointRules: EndpointRules = {
	pkce: 'required',
	challengeMethods: ['S256', 'plain'],
	maxStateLength: 500,
	secretInBody: false,
	unknownClient: oauthError(401, 'unauthorized_client', 'Missing valid authorization header'),
	invalidGrantText: 'Value passed for the token was invalid.',
	givesRefreshToken: (_query, scopes) => scopes.includes('offline.access'),
	accountHint: () => undefined,
};

export async function revoke(oauth: OAuth, exchange: Exchange): Promise<Answer> {
	const form = await readForm(exchange);
	authenticateClient(oauth, endpointRules, exchange, form);
	const token = form.get('token');
	if (token === null) return oauthError(400, 'invalid_request', 'Missing required parameter [token].');
	oauth.revoke(token);
	return { status: 200, body: { revoked: true } };
}

/** Token, scopes, account and windows, in the order in which X looks at them. */
export function enter(x: X, exchange: Exchange, endpoint: Endpoint, scopes: readonly string[]): User {
	announceLimits(x, exchange, endpoint);
	const token = bearerOf(exchange);
	if (token === undefined) throw new Refusal(unauthorized);
	if (exchange.faults.expireToken === true) x.oauth.expire(token);
	const grant = x.oauth.grantOf(token);
	if (grant === undefined || x.oauth.stateOf(token) !== 'valid') throw new Refusal(unauthorized);
	const user = x.accounts.get(grant.account);
	chargeLimits(x, exchange, endpoint, { userId: user.accountId, clientId: grant.clientId });
	const missing = scopes.filter((scope) => !grant.scopes.includes(scope));
	if (missing.length > 0) throw forbidden(`The token lacks: ${missing.join(' ')}.`, 'client-forbidden');
	if (user.isSuspended) {
		throw forbidden(
			'Your account is suspended and is not permitted to access this feature.',
			'user-suspended',
		);
	}
	if (user.creditsDepleted) throw new Refusal(creditsDepleted);
	return user;
}
