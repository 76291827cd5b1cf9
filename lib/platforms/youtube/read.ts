import type { z } from 'zod';
import { authorizedSend } from '../../http/authorized-send';
import { patientSend } from '../../http/patient-send';
import type { AdapterContext } from '../../publishing/adapter';
import { asNetworkError } from '../error-table';
import { parseAnswer } from '../parse-answer';
import { youtubeUrl, type YouTubeHost } from './constants';
import { youtubeError } from './errors';

const readDeadlineMs = 20_000;

/** A plain GET with a little patience. Changes nothing at the far side. */
export async function youtubeRead<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	{
		host = 'api',
		path,
		query,
	}: { host?: YouTubeHost; path: string; query: Readonly<Record<string, string>> },
): Promise<z.infer<Schema>> {
	const url = `${youtubeUrl(host, path, context.apiBaseUrl)}?${new URLSearchParams(query).toString()}`;
	const response = await patientSend(context, () =>
		authorizedSend(context, () => ({ method: 'GET', url, deadlineMs: readDeadlineMs })),
	).catch((error: unknown) => {
		throw asNetworkError('youtube', error);
	});
	if (response.status !== 200) throw youtubeError(response, context.clock.now(), 'Reading from YouTube');
	return parseAnswer(schema, response, { platform: 'youtube', ifUnreadable: 'platform' });
}
