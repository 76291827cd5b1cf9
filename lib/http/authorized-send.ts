import type { Authorizer, HttpClient, HttpRequest, HttpResponse } from '../publishing/ports';

export interface AuthorizedSurroundings {
	readonly http: HttpClient;
	readonly authorizer: Authorizer;
	readonly signal: AbortSignal;
}

/** Builds the request anew for each sending: a streamed body can be read only once. */
export type RequestFactory = () => HttpRequest;

/**
 * Sends with the bearer token; after a 401 refreshes the token once and sends once more. A 401 promises that
 * the call had no effect, so this is right for the irreversible call too.
 * @returns the second answer whatever it is: a second 401 means that the account has to be reconnected.
 */
export async function authorizedSend(
	{ http, authorizer, signal }: AuthorizedSurroundings,
	build: RequestFactory,
): Promise<HttpResponse> {
	const token = await authorizer.getToken(signal);
	const answer = await http.send(withToken(build(), token), signal);
	if (answer.status !== 401) return answer;
	const freshToken = await authorizer.refreshToken(token, signal);
	return await http.send(withToken(build(), freshToken), signal);
}

function withToken(message: HttpRequest, token: string): HttpRequest {
	return { ...message, headers: { ...message.headers, authorization: `Bearer ${token}` } };
}
