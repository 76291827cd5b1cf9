import type { z } from 'zod';
import { patientSend } from '../../http/patient-send';
import type { AdapterContext } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { HttpRequest, HttpResponse } from '../../publishing/ports';
import { asNetworkError } from '../error-table';
import { graphCall } from '../graph-call';
import { graphSend } from '../graph-send';
import { threadsUrl } from './constants';
import { threadsNetwork } from './errors';

/** A plain GET with a little patience. Changes nothing at the far side. */
export async function threadsRead<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	{ path, query, doing }: { path: string; query: Readonly<Record<string, string>>; doing: string },
): Promise<z.infer<Schema>> {
	const url = threadsUrl('api', path, context.apiBaseUrl);
	return await graphCall(threadsNetwork, context, schema, { method: 'GET', url, query, doing });
}

/** For making a container, which nobody sees and which may be repeated (facts 7.6). */
export async function patientPost(context: AdapterContext, request: HttpRequest): Promise<HttpResponse> {
	return await patientSend(context, () => graphSend(context, () => request)).catch((error: unknown) => {
		throw asNetworkError('threads', error);
	});
}

/** Parameters travel as a form: an address ends in logs. */
export function formPost(
	url: string,
	fields: Readonly<Record<string, string>>,
	deadlineMs: number,
): HttpRequest {
	return {
		method: 'POST',
		url,
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams(fields).toString(),
		deadlineMs,
	};
}

/**
 * Graph's own words for "no such object, or not for this token". Facts 7 do not list them for Threads; they are
 * the same at every Graph API.
 */
export function isMissing(error: unknown): boolean {
	return error instanceof PublishError && error.code === '100/33';
}
