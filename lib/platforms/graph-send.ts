// Meta refuses a dead token with a code, mostly behind HTTP 400, where others say 401; and its upload host wants
// `OAuth` where the Graph wants `Bearer` (facts 3.2, 3.5, 6.2). A token never stands in an address.
import { authorizedSend, type AuthorizedSurroundings, type RequestFactory } from '../http/authorized-send';
import type { HttpResponse } from '../publishing/ports';
import { isTokenRefusal } from './graph-errors';

/**
 * Sends with the token; when it is refused, refreshes it once and sends once more. Such a refusal promises that
 * the call had no effect, so this is right for the irreversible call too.
 * @returns the second answer whatever it is: a second refusal means that the account has to be reconnected.
 */
export async function graphSend(
	surroundings: AuthorizedSurroundings,
	build: RequestFactory,
	scheme: 'Bearer' | 'OAuth' = 'Bearer',
): Promise<HttpResponse> {
	return await authorizedSend(surroundings, build, { scheme, isTokenRefused: isTokenRefusal });
}
