// Calls to YouTube that carry no video. Google's client writes them, our transport sends them.
import type { z } from 'zod';
import { authorizedSend } from '../../http/authorized-send';
import { patientSend } from '../../http/patient-send';
import type { AdapterContext } from '../../publishing/adapter';
import type { HttpResponse, RangedSource } from '../../publishing/ports';
import { asNetworkError } from '../error-table';
import { parseAnswer } from '../parse-answer';
import { youtubeError } from './errors';
import { writeRequest, type WriteRequest } from './google-client';

const callDeadlineMs = 20_000;
/** A line slower than this is as good as broken. */
const minBytesPerSec = 128 * 1024;

/** A plain GET with a little patience. Changes nothing at the far side. */
export async function youtubeRead<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	{ host = 'api', write }: { host?: 'api' | 'analytics'; write: WriteRequest },
): Promise<z.infer<Schema>> {
	const request = await writeRequest(context, { host, write });
	const response = await patientSend(context, async () =>
		authorizedSend(context, () => ({ ...request, deadlineMs: callDeadlineMs })),
	).catch((error: unknown) => {
		throw asNetworkError('youtube', error);
	});
	if (response.status !== 200) throw youtubeError(response, context.clock.now(), 'Reading from YouTube');
	return parseAnswer(schema, response, { platform: 'youtube', ifUnreadable: 'platform' });
}

/** Sent once: doing it twice would show twice. A broken line is thrown as the `TransportError` that it is. */
export async function youtubeChange(context: AdapterContext, write: WriteRequest): Promise<HttpResponse> {
	const request = await writeRequest(context, { host: 'api', write });
	return await authorizedSend(context, () => ({ ...request, deadlineMs: callDeadlineMs }));
}

/** With patience, so only for what may be repeated. The bytes are read anew for each sending. */
export async function youtubeSendFile(
	context: AdapterContext,
	source: RangedSource,
	write: WriteRequest,
): Promise<HttpResponse> {
	const request = await writeRequest(context, { host: 'api', write });
	return await patientSend(context, async () =>
		authorizedSend(context, () => ({
			...request,
			headers: { ...request.headers, 'content-length': String(source.sizeBytes) },
			body: source.read(0, source.sizeBytes),
			deadlineMs: callDeadlineMs + Math.ceil(source.sizeBytes / minBytesPerSec) * 1000,
		})),
	).catch((error: unknown) => {
		throw asNetworkError('youtube', error);
	});
}
