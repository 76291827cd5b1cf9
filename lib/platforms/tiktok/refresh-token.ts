// TikTok's own refresh (facts 2.1): `client_key` where OAuth 2 says `client_id`, which no OAuth 2 library sends.
import { z } from 'zod';
import { PublishError } from '../../publishing/errors';
import { type HttpClient } from '../../publishing/ports';
import { asNetworkError } from '../error-table';
import { parseAnswer, readJson } from '../parse-answer';
import { tiktokPaths, tiktokUrl } from './constants';

const answerDeadlineMs = 20_000;

export interface RefreshRequest {
	readonly clientKey: string;
	readonly clientSecret: string;
	readonly refreshToken: string;
	readonly apiBaseUrl?: string;
}

const tokensSchema = z.looseObject({
	access_token: z.string().min(1),
	expires_in: z.number().positive(),
	/** May be a new one, and then the old one is over. */
	refresh_token: z.string().min(1).optional(),
});

export type TikTokTokens = z.infer<typeof tokensSchema>;

const refusalSchema = z.object({ error: z.string().min(1) });

/** Sent once: a refresh token may work only once, so a second try could end the connection. */
export async function refreshTikTokToken(
	{ http, signal }: { http: HttpClient; signal: AbortSignal },
	{ clientKey, clientSecret, refreshToken, apiBaseUrl }: RefreshRequest,
): Promise<TikTokTokens> {
	const form = {
		client_key: clientKey,
		client_secret: clientSecret,
		grant_type: 'refresh_token',
		refresh_token: refreshToken,
	};
	const message = {
		method: 'POST',
		url: tiktokUrl('api', tiktokPaths.token, apiBaseUrl),
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams(form).toString(),
		deadlineMs: answerDeadlineMs,
	} as const;
	const response = await http.send(message, signal).catch((error: unknown) => {
		throw asNetworkError('tiktok', error);
	});
	// A refusal can come with HTTP 200 as well; its word is what counts.
	const refusal = refusalSchema.safeParse(readJson(response.bodyText));
	if (refusal.success) throw refused(refusal.data.error, response.status);
	if (response.status !== 200) throw stumbled(response.status);
	return parseAnswer(tokensSchema, response, { platform: 'tiktok', ifUnreadable: 'platform' });
}

/** None of TikTok's own sentences: they can quote the request. */
function refused(code: string, httpStatus: number): PublishError {
	if (httpStatus === 429 || httpStatus >= 500) return stumbled(httpStatus);
	return new PublishError('auth', 'The connection of the TikTok account ended: its token is refused.', {
		platform: 'tiktok',
		scope: 'account',
		code: /^[\w-]{1,40}$/.test(code) ? code : 'refresh-refused',
		httpStatus,
		remedy: 'Open the TikTok credential and connect the account again.',
	});
}

function stumbled(httpStatus: number): PublishError {
	return new PublishError('platform', `TikTok could not refresh the token (${httpStatus}).`, {
		platform: 'tiktok',
		scope: 'account',
		code: `http-${httpStatus}`,
		httpStatus,
	});
}
