import type { Authorizer, HttpClient, HttpRequest, HttpResponse } from '../publishing/ports';

export interface AuthorizedSurroundings {
	readonly http: HttpClient;
	readonly authorizer: Authorizer;
	readonly signal: AbortSignal;
}

/** Builds the request anew for each sending: a streamed body can be read only once. */
export type RequestFactory = () => HttpRequest;

export interface TokenStyle {
	/** `OAuth` is what Meta's upload host wants; everybody else takes `Bearer`. */
	readonly scheme?: 'Bearer' | 'OAuth';
	/** Which answers promise that only the token was wrong and nothing happened; a 401 when left out. */
	readonly isTokenRefused?: (answer: HttpResponse) => boolean;
}

/**
 * Sends with the bearer token; after a 401 refreshes the token once and sends once more. A 401 promises that
 * the call had no effect, so this is right for the irreversible call too.
 * @returns the second answer whatever it is: a second 401 means that the account has to be reconnected.
 */
export async function authorizedSend(
	{ http, authorizer, signal }: AuthorizedSurroundings,
	build: RequestFactory,
	{ scheme = 'Bearer', isTokenRefused = ({ status }) => status === 401 }: TokenStyle = {},
): Promise<HttpResponse> {
	const withToken = (message: HttpRequest, token: string): HttpRequest => ({
		...message,
		headers: { ...message.headers, authorization: `${scheme} ${token}` },
	});
	const token = await authorizer.getToken(signal);
	const answer = await http.send(withToken(build(), token), signal);
	if (!isTokenRefused(answer)) return answer;
	const freshToken = await authorizer.refreshToken(token, signal);
	return await http.send(withToken(build(), freshToken), signal);
}
