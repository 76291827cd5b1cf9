import type { z } from 'zod';
import { authorizedSend } from '../../http/authorized-send';
import { patientSend } from '../../http/patient-send';
import type { AdapterContext } from '../../publishing/adapter';
import type { HttpRequest, HttpResponse } from '../../publishing/ports';
import { asNetworkError } from '../error-table';
import { parseAnswer } from '../parse-answer';
import { xUrl } from './constants';
import { xError } from './errors';

export const answerDeadlineMs = 20_000;

/** A plain GET with a little patience. Changes nothing at the far side. */
export async function xRead<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	{ path, query = {}, doing }: { path: string; query?: Readonly<Record<string, string>>; doing: string },
): Promise<z.infer<Schema>> {
	const search = new URLSearchParams(query).toString();
	const url = xUrl('api', path, context.apiBaseUrl) + (search && `?${search}`);
	const response = await patientCall(context, () => ({ method: 'GET', url, deadlineMs: answerDeadlineMs }));
	if (response.status !== 200) throw xError(response, context.clock.now(), doing);
	return parseAnswer(schema, response, { platform: 'x', ifUnreadable: 'platform' });
}

/** For reads and for upload steps, which nobody sees and which may be repeated (facts 4.2). */
export async function patientCall(context: AdapterContext, build: () => HttpRequest): Promise<HttpResponse> {
	return await patientSend(context, () => authorizedSend(context, build)).catch((error: unknown) => {
		throw asNetworkError('x', error);
	});
}
