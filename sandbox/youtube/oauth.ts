import { Refusal, type Exchange } from '../core/answer';
import { bearerOf, oauthError, readForm, type EndpointRules } from '../core/oauth-endpoints';
import type { OAuth, OAuthRules } from '../core/oauth';
import type { Answer } from '../core/answer';
import { loginRequired, refuse, unauthenticated } from './errors';
import type { Channel, YouTube } from './model';

const PREFIX = 'https://www.googleapis.com/auth/';
const scope = (name: string): string => PREFIX + name;

export const UPLOAD_SCOPES = ['youtube.upload', 'youtube', 'youtube.force-ssl'].map(scope);
export const EDIT_SCOPES = ['youtube', 'youtube.force-ssl'].map(scope);
export const READ_SCOPES = ['youtube.readonly', 'youtube', 'youtube.force-ssl'].map(scope);
export const ANALYTICS_SCOPES = [scope('yt-analytics.readonly')];

export const oauthRules: OAuthRules = {
	network: 'youtube',
	tokenType: 'Bearer',
	accessLifetimeSec: 3600,
	reportedLifetimeSec: 3599,
	codeLifetimeMs: 10 * 60_000,
	rotatesRefreshToken: false,
	knownScopes: new Set([
		...UPLOAD_SCOPES,
		...READ_SCOPES,
		...ANALYTICS_SCOPES,
		scope('yt-analytics-monetary.readonly'),
		scope('youtubepartner'),
		scope('userinfo.email'),
		scope('userinfo.profile'),
		'openid',
		'email',
		'profile',
	]),
	defaultScopes: ['youtube.upload', 'youtube', 'youtube.readonly', 'yt-analytics.readonly'].map(scope),
	defaultClient: {
		clientId: 'sandbox-google.apps.googleusercontent.com',
		clientSecret: 'sandbox-google-secret',
		redirectUris: ['localhost', '127.0.0.1'].map((host) => `http://${host}/rest/oauth2-credential/callback`),
		kind: 'confidential',
	},
};

export const endpointRules: EndpointRules = {
	pkce: 'optional',
	challengeMethods: ['S256', 'plain'],
	maxStateLength: 4096,
	secretInBody: true,
	unknownClient: oauthError(401, 'invalid_client', 'Unauthorized'),
	invalidGrantText: 'Token has been expired or revoked.',
	// Facts 1.1: only for offline access, and then at the first consent or when consent is asked for again.
	givesRefreshToken: (query, _scopes, isFirstConsent) =>
		query.get('access_type') === 'offline' && (isFirstConsent || query.get('prompt') === 'consent'),
	accountHint: (query) => query.get('login_hint') ?? undefined,
};

export async function revoke(oauth: OAuth, exchange: Exchange): Promise<Answer> {
	const form = exchange.url.searchParams.has('token') ? exchange.url.searchParams : await readForm(exchange);
	const wasKnown = oauth.revoke(form.get('token') ?? '');
	return wasKnown ? { status: 200, body: {} } : oauthError(400, 'invalid_token', 'Token expired or revoked');
}

export interface Caller {
	readonly channel: Channel;
	readonly clientId: string;
}

/** Facts 1.6: no valid token 401, wrong scope 403, closed account 403, no channel 401. */
export function callerOf(youtube: YouTube, exchange: Exchange, anyOf: readonly string[]): Caller {
	const token = bearerOf(exchange);
	if (token === undefined) throw new Refusal(loginRequired);
	if (exchange.faults.expireToken === true) youtube.oauth.expire(token);
	const grant = youtube.oauth.grantOf(token);
	if (grant === undefined || youtube.oauth.stateOf(token) !== 'valid') throw new Refusal(unauthenticated);
	if (!grant.scopes.some((granted) => anyOf.includes(granted))) {
		throw refuse(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.', {
			status: 'PERMISSION_DENIED',
		});
	}
	const channel = youtube.accounts.get(grant.account);
	if (channel.isSuspended) {
		throw refuse(403, 'authenticatedUserAccountSuspended', 'The authenticated user account is suspended.', {
			domain: 'youtube.common',
		});
	}
	if (!channel.hasChannel) {
		throw refuse(401, 'youtubeSignupRequired', 'Unauthorized', { domain: 'youtube.header' });
	}
	return { channel, clientId: grant.clientId };
}
