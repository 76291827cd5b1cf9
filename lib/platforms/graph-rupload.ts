// Meta's upload host: one POST with everything from `offset` on; what arrives of a broken one is kept (facts 3.2,
// 6.2). Its refusals have a shape of their own beside Graph's.
import { z } from 'zod';
import { isPassing } from '../http/patient-send';
import { redact } from '../http/redact';
import type { AdapterContext } from '../publishing/adapter';
import { PublishError } from '../publishing/errors';
import { TransportError, type HttpResponse, type RangedSource } from '../publishing/ports';
import { asNetworkError } from './error-table';
import { graphError, isTokenRefusal, type GraphNetwork } from './graph-errors';
import { graphSend } from './graph-send';
import { readJson } from './parse-answer';

/** A line slower than this is as good as broken; the upload keeps what arrived. */
const minBytesPerSec = 128 * 1024;
const answerDeadlineMs = 60_000;

const refusalSchema = z.object({
	debug_info: z.object({
		retriable: z.boolean().optional(),
		type: z.string().optional(),
		message: z.string().optional(),
	}),
});

export type RawUpload =
	| { readonly state: 'complete' }
	/** Ask how far it is, then go on. */
	| { readonly state: 'interrupted'; readonly error: PublishError };

/** @throws PublishError when going on makes no sense. */
export async function uploadRaw(
	network: GraphNetwork,
	context: AdapterContext,
	{ uploadUrl, media, startByte }: { uploadUrl: string; media: RangedSource; startByte: number },
): Promise<RawUpload> {
	const sizeBytes = media.sizeBytes - startByte;
	const build = () =>
		({
			method: 'POST',
			url: uploadUrl,
			headers: {
				offset: String(startByte),
				file_size: String(media.sizeBytes),
				'content-type': 'application/octet-stream',
				'content-length': String(sizeBytes),
			},
			body: media.read(startByte, media.sizeBytes),
			deadlineMs: answerDeadlineMs + Math.ceil(sizeBytes / minBytesPerSec) * 1000,
		}) as const;
	try {
		return readRaw(network, context, await graphSend(context, build, 'OAuth'));
	} catch (error) {
		const broken = asNetworkError(network.platform, error);
		const isBroken = error instanceof TransportError && !context.signal.aborted;
		if (isBroken && broken instanceof PublishError) return { state: 'interrupted', error: broken };
		throw broken;
	}
}

function readRaw(network: GraphNetwork, context: AdapterContext, response: HttpResponse): RawUpload {
	if (response.status === 200) return { state: 'complete' };
	const said = refusalSchema.safeParse(readJson(response.bodyText));
	const refusal = said.success && !isTokenRefusal(response) ? said.data.debug_info : undefined;
	const error = refusal
		? new PublishError(
				refusal.retriable || isPassing(response.status) ? 'platform' : 'validation',
				`Sending the media was refused by ${network.displayName} (${response.status} ${refusal.type ?? ''}): ${redact(refusal.message ?? '')}`,
				{
					platform: network.platform,
					httpStatus: response.status,
					...(refusal.type && { code: refusal.type }),
					remedy: 'Render the media anew, then publish again.',
				},
			)
		: graphError(network, response, context.clock.now(), 'Sending the media');
	if (error.class === 'platform') return { state: 'interrupted', error };
	throw error;
}
