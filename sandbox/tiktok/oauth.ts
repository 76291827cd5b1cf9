// TikTok's dialect of OAuth, facts 2.1: `client_key`, scopes with commas, a flat answer with `open_id`, and a
// PKCE challenge in lowercase hex. Everything behind the dialect is the frame's.
import { Refusal, type Answer, type Exchange } from '../core/answer';
import {
	authenticateClient,
	authorize,
	bearerOf,
	exchangeToken,
	oauthError,
	readForm,
	type EndpointRules,
} from '../core/oauth-endpoints';
import type { OAuthRules } from '../core/oauth';
import { errorPage } from '../core/page';
import { refuse } from './errors';
import type { Creator, TikTok } from './model';

const REFRESH_LIFETIME_SEC = 31_536_000;

const SCOPES = [
	'user.info.basic',
	'user.info.profile',
	'user.info.stats',
	'video.list',
	'video.publish',
	'video.upload',
];

export const oauthRules: OAuthRules = {
	network: 'tiktok',
	tokenType: 'Bearer',
	accessLifetimeSec: 86_400,
	reportedLifetimeSec: 86_400,
	codeLifetimeMs: 10 * 60_000,
	rotatesRefreshToken: true,
	knownScopes: new Set(SCOPES),
	defaultScopes: SCOPES,
	defaultClient: {
		clientId: 'sandbox-tiktok-key',
		clientSecret: 'sandbox-tiktok-secret',
		redirectUris: ['localhost', '127.0.0.1'].map((host) => `http://${host}/rest/oauth2-credential/callback`),
		kind: 'confidential',
	},
};

const endpointRules: EndpointRules = {
	pkce: 'optional',
	challengeMethods: ['S256'],
	maxStateLength: 4096,
	secretInBody: true,
	scopeSeparator: ',',
	unknownClient: oauthError(401, 'invalid_client', 'Client key or secret is incorrect.'),
	invalidGrantText: 'Authorization code or refresh token is expired, used or invalid.',
	givesRefreshToken: () => true,
	accountHint: () => undefined,
};

export function consent(tiktok: TikTok, exchange: Exchange): Answer {
	const url = new URL(exchange.url);
	const query = url.searchParams;
	renameClientKey(query);
	const challenge = query.get('code_challenge');
	if (challenge !== null) {
		if (!/^[0-9a-f]{64}$/.test(challenge)) {
			throw new Refusal({
				status: 400,
				html: errorPage('code_challenge', 'It must be the SHA-256 of the verifier in lowercase hex.'),
			});
		}
		query.set('code_challenge', Buffer.from(challenge, 'hex').toString('base64url'));
	}
	return authorize(tiktok.oauth, endpointRules, { ...exchange, url });
}

export async function token(tiktok: TikTok, exchange: Exchange): Promise<Answer> {
	const answer = await flatly(async () =>
		exchangeToken(tiktok.oauth, endpointRules, await translated(exchange)),
	);
	if (answer.status !== 200) return answer;
	const given = answer.body as { access_token: string; scope: string };
	const account = tiktok.oauth.grantOf(given.access_token)?.account ?? '';
	const body = {
		...given,
		scope: given.scope.split(' ').join(','),
		open_id: tiktok.accounts.get(account).accountId,
		refresh_expires_in: REFRESH_LIFETIME_SEC,
	};
	return { ...answer, body };
}

export async function revoke(tiktok: TikTok, exchange: Exchange): Promise<Answer> {
	return await flatly(async () => {
		const known = await translated(exchange);
		const form = await readForm(known);
		authenticateClient(tiktok.oauth, endpointRules, known, form);
		tiktok.oauth.revoke(form.get('token') ?? '');
		return { status: 200 };
	});
}

/** Errors carry a `log_id` beside the usual two words. */
async function flatly(work: () => Promise<Answer>): Promise<Answer> {
	const answer = await work().catch((error: unknown) => {
		if (error instanceof Refusal) return error.answer;
		throw error;
	});
	if (answer.status < 400) return answer;
	return { ...answer, body: { ...(answer.body as object), log_id: 'SANDBOX' } };
}

/** A Basic header is no way to say who one is here: only the form counts. */
async function translated(exchange: Exchange): Promise<Exchange> {
	const form = await readForm(exchange);
	renameClientKey(form);
	const { authorization: _ignored, ...headers } = exchange.headers;
	const text = form.toString();
	return {
		...exchange,
		headers,
		async *body() {
			yield Buffer.from(text);
		},
	};
}

function renameClientKey(parameters: URLSearchParams): void {
	const key = parameters.get('client_key');
	parameters.delete('client_key');
	parameters.delete('client_id');
	if (key !== null) parameters.set('client_id', key);
}

export interface Caller {
	readonly creator: Creator;
	readonly clientId: string;
}

/** Facts 2.7: 401 for the token and for a missing scope. */
export function enter(tiktok: TikTok, exchange: Exchange, anyOf: readonly string[]): Caller {
	const bearer = bearerOf(exchange);
	if (bearer !== undefined && exchange.faults.expireToken === true) tiktok.oauth.expire(bearer);
	const grant = bearer === undefined ? undefined : tiktok.oauth.grantOf(bearer);
	if (bearer === undefined || grant === undefined || tiktok.oauth.stateOf(bearer) !== 'valid') {
		throw refuse(401, 'access_token_invalid', 'The access token is invalid or not found in the request.');
	}
	if (!grant.scopes.some((scope) => anyOf.includes(scope))) {
		throw refuse(
			401,
			'scope_not_authorized',
			'The user did not authorize the scope required for completing this request.',
		);
	}
	return { creator: tiktok.accounts.get(grant.account), clientId: grant.clientId };
}
