import type { z } from 'zod';
import { authorizedSend } from '../../http/authorized-send';
import { patientSend } from '../../http/patient-send';
import type { AdapterContext } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { HttpRequest, HttpResponse } from '../../publishing/ports';
import { asLostAnswer, asNetworkError } from '../error-table';
import { parseAnswer } from '../parse-answer';
import { tiktokUrl } from './constants';
import { codeOf, tiktokError } from './errors';
import { quoteLargeIntegers } from './exact-json';
import { envelopeSchema } from './types';

const answerDeadlineMs = 20_000;

export interface TikTokCall {
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly body?: unknown;
	/** As the beginning of a sentence: "Opening the upload". */
	readonly doing: string;
}

/** One POST as all of TikTok's are, with the token in its header. Sent once, and once more after a refresh. */
export async function tiktokCall<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	call: TikTokCall,
): Promise<z.infer<Schema>> {
	const response = await send(context, call).catch((error: unknown) => {
		throw asNetworkError('tiktok', error);
	});
	return readData(response, schema, { context, doing: call.doing });
}

/**
 * The same for an init that publishes by itself: whatever leaves open whether TikTok took it is `unknown`, and
 * nobody sends it again (facts 2.7, 2.9).
 */
export async function tiktokPublishingCall<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	call: TikTokCall,
): Promise<z.infer<Schema>> {
	const response = await send(context, call, { publishes: true }).catch((error: unknown) => {
		throw asLostAnswer('tiktok', error);
	});
	try {
		return readData(response, schema, { context, doing: call.doing });
	} catch (error) {
		if (!(error instanceof PublishError) || error.class !== 'platform') throw error;
		const { message, code, httpStatus } = error;
		throw new PublishError('unknown', message, {
			platform: 'tiktok',
			...(code && { code }),
			...(httpStatus && { httpStatus }),
		});
	}
}

/** The same for what only reads: a stumble is waited for (facts 2.7: reads may be repeated, an init not). */
export async function tiktokRead<Schema extends z.ZodType>(
	context: AdapterContext,
	schema: Schema,
	call: TikTokCall,
): Promise<z.infer<Schema>> {
	const response = await patientSend(context, () => send(context, call)).catch((error: unknown) => {
		throw asNetworkError('tiktok', error);
	});
	return readData(response, schema, { context, doing: call.doing });
}

async function send(
	context: AdapterContext,
	{ path, query = {}, body = {} }: TikTokCall,
	more: Pick<HttpRequest, 'publishes'> = {},
): Promise<HttpResponse> {
	const search = new URLSearchParams(query).toString();
	return await authorizedSend(
		context,
		() => ({
			method: 'POST',
			url: tiktokUrl('api', path, context.apiBaseUrl) + (search && `?${search}`),
			headers: { 'content-type': 'application/json; charset=UTF-8' },
			body: JSON.stringify(body),
			deadlineMs: answerDeadlineMs,
			...more,
		}),
		{ isTokenRefused },
	);
}

/** A missing permission is a 401 too, and no refresh mends it (facts 2.7). */
function isTokenRefused(response: HttpResponse): boolean {
	const code = codeOf(response);
	return code === 'access_token_invalid' || (response.status === 401 && code !== 'scope_not_authorized');
}

function readData<Schema extends z.ZodType>(
	response: HttpResponse,
	schema: Schema,
	{ context, doing }: { context: AdapterContext; doing: string },
): z.infer<Schema> {
	if (response.status !== 200 || codeOf(response) !== 'ok') {
		throw tiktokError(response, context.clock.now(), doing);
	}
	const exact = { ...response, bodyText: quoteLargeIntegers(response.bodyText) };
	const where = { platform: 'tiktok', ifUnreadable: 'platform' } as const;
	const envelope = parseAnswer(envelopeSchema, exact, where);
	return parseAnswer(schema, { ...exact, bodyText: JSON.stringify(envelope.data ?? {}) }, where);
}
