// Calls to Meta's APIs. The token travels in a header only: Graph would take it in the query as well, and then
// it would stand in every log on the way.
import type { z } from 'zod';
import { patientSend } from '../http/patient-send';
import type { AdapterContext } from '../publishing/adapter';
import type { HttpRequest, HttpResponse } from '../publishing/ports';
import { asLostAnswer, asNetworkError } from './error-table';
import { graphError, type GraphNetwork } from './graph-errors';
import { graphSend } from './graph-send';
import { parseAnswer } from './parse-answer';

export const graphDeadlineMs = 20_000;

export interface GraphCall {
	readonly method: 'GET' | 'POST';
	/** The whole address, without a token. */
	readonly url: string;
	readonly query?: Readonly<Record<string, string>>;
	/** Sent as JSON. */
	readonly body?: Readonly<Record<string, unknown>>;
	readonly deadlineMs?: number;
	/** What is tried, as the beginning of a sentence: "Reading the post". */
	readonly doing: string;
}

/** For reads and for steps that nobody sees and that may be repeated. Throws on everything but a 200. */
export async function graphCall<Schema extends z.ZodType>(
	network: GraphNetwork,
	context: AdapterContext,
	schema: Schema,
	call: GraphCall,
): Promise<z.infer<Schema>> {
	const response = await patientSend(context, () => graphSend(context, () => requestOf(call))).catch(
		(error: unknown) => {
			throw asNetworkError(network.platform, error);
		},
	);
	if (response.status !== 200) throw graphError(network, response, context.clock.now(), call.doing);
	return parseAnswer(schema, response, { platform: network.platform, ifUnreadable: 'platform' });
}

/**
 * The call that publishes, once. A lost or unreadable answer is `unknown`; an error answer is the caller's to
 * judge, since only the network knows which of its refusals promise that nothing happened.
 */
export async function graphSendOnce(
	network: GraphNetwork,
	context: AdapterContext,
	call: GraphCall,
): Promise<HttpResponse> {
	return await graphSend(context, () => ({ ...requestOf(call), publishes: true })).catch((error: unknown) => {
		throw asLostAnswer(network.platform, error);
	});
}

function requestOf({ method, url, query, body, deadlineMs = graphDeadlineMs }: GraphCall): HttpRequest {
	const search = new URLSearchParams(query).toString();
	return {
		method,
		url: url + (search && `?${search}`),
		...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
		deadlineMs,
	};
}
