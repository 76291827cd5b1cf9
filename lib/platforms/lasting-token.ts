// Meta's tokens of sixty days have no refresh token: a short one is exchanged for one of them, and that one is its
// own refresh credential. What differs by network stands in its own folder.
import { z } from 'zod';
import type { Platform } from '../publishing/platform';
import { TransportError, type HttpClient, type HttpRequest } from '../publishing/ports';
import { isTokenRefusal } from './graph-errors';
import { readJson } from './parse-answer';

const answerDeadlineMs = 20_000;

export interface HeldToken {
	readonly token: string;
	readonly clientId: string;
	readonly clientSecret: string;
	readonly apiBaseUrl: string | undefined;
}

type TokenRequest = Pick<HttpRequest, 'method' | 'url' | 'headers'> & { readonly body?: string };

export interface LastingTokenRules {
	readonly platform: Platform;
	/** The token that the consent gave becomes one of sixty days. */
	readonly exchange: (held: HeldToken) => TokenRequest;
	/** One of sixty days becomes a new one. */
	readonly renew: (held: HeldToken) => TokenRequest;
}

export type LastingTokenOutcome =
	| { readonly kind: 'given'; readonly token: string; readonly lifetimeSec: number | undefined }
	/** Not now: too young to be renewed, or the network is unwell. The old one goes on. */
	| { readonly kind: 'kept'; readonly isReached: boolean }
	| { readonly kind: 'over' };

const givenSchema = z.object({
	access_token: z.string().min(1),
	/** Facebook leaves it out for some apps. */
	expires_in: z.coerce.number().positive().optional(),
});

/** None of the network's own words are passed on: they can quote the request, and it holds the token. */
export async function askForLastingToken(
	{ http, signal }: { readonly http: HttpClient; readonly signal: AbortSignal },
	request: TokenRequest,
): Promise<LastingTokenOutcome> {
	const answer = await http
		.send({ ...request, deadlineMs: answerDeadlineMs }, signal)
		.catch((error: unknown) => {
			if (error instanceof TransportError) return undefined;
			throw error;
		});
	if (!answer) return { kind: 'kept', isReached: false };
	const given = givenSchema.safeParse(readJson(answer.bodyText));
	if (answer.status === 200 && given.success) {
		return { kind: 'given', token: given.data.access_token, lifetimeSec: given.data.expires_in };
	}
	if (isTokenRefusal(answer)) return { kind: 'over' };
	return { kind: 'kept', isReached: answer.status < 500 && answer.status !== 429 };
}
