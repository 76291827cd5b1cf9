import type { z } from 'zod';
import { authorizedSend } from '../../http/authorized-send';
import { patientSend } from '../../http/patient-send';
import type { AdapterContext } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { HttpRequest, HttpResponse } from '../../publishing/ports';
import { asNetworkError } from '../error-table';
import { parseAnswer } from '../parse-answer';
import { linkedInHeaders, linkedInUrl } from './constants';
import { linkedInError } from './errors';

export const answerDeadlineMs = 20_000;

/** A plain GET with a little patience. Changes nothing at the far side. */
export async function linkedInRead<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	{ path, doing }: { path: string; doing: string },
): Promise<z.infer<Schema>> {
	const url = linkedInUrl('api', path, context.apiBaseUrl);
	const response = await patientCall(context, () => ({
		method: 'GET',
		url,
		headers: linkedInHeaders(context.apiVersion),
		deadlineMs: answerDeadlineMs,
	}));
	if (response.status !== 200) throw linkedInError(response, context.clock.now(), doing);
	return parseAnswer(schema, response, { platform: 'linkedin', ifUnreadable: 'platform' });
}

/** An action of an upload: nobody sees it, so it may be repeated (facts 5.8). */
export async function linkedInAction(
	context: AdapterContext,
	{ path, body, doing }: { path: string; body: unknown; doing: string },
): Promise<HttpResponse> {
	const response = await patientCall(context, () => jsonPost(context, path, JSON.stringify(body)));
	if (response.status !== 200) throw linkedInError(response, context.clock.now(), doing);
	return response;
}

export function jsonPost(
	{ apiBaseUrl, apiVersion }: AdapterContext,
	path: string,
	body: string,
): HttpRequest {
	return {
		method: 'POST',
		url: linkedInUrl('api', path, apiBaseUrl),
		headers: { ...linkedInHeaders(apiVersion), 'content-type': 'application/json' },
		body,
		deadlineMs: answerDeadlineMs,
	};
}

async function patientCall(context: AdapterContext, build: () => HttpRequest): Promise<HttpResponse> {
	return await patientSend(context, () => authorizedSend(context, build)).catch((error: unknown) => {
		throw asNetworkError('linkedin', error);
	});
}

/** Null when LinkedIn refuses with one of these; everything else stays what it is. */
export async function ifThere<T>(reading: Promise<T>, missing: readonly number[]): Promise<T | null> {
	return await reading.catch((error: unknown) => {
		const status = error instanceof PublishError ? error.httpStatus : undefined;
		if (status !== undefined && missing.includes(status)) return null;
		throw error;
	});
}
