// The resumable protocol, request by request (facts 1.2). The session answers for its whole life "done, with
// this id" or "send from byte n", which is what makes a YouTube upload safe to go on with after anything.
import { authorizedSend } from '../../http/authorized-send';
import { isPassing, patientSend } from '../../http/patient-send';
import type { AdapterContext, Draft } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { TransportError, type HttpResponse, type RangedSource } from '../../publishing/ports';
import { asNetworkError } from '../error-table';
import { parseAnswer } from '../parse-answer';
import type { ByteRange } from './chunk-plan';
import { youtubePaths, youtubeUrl } from './constants';
import { youtubeError } from './errors';
import { videoMetadata } from './metadata';
import { videoSchema, type SessionHandle, type Video } from './types';

export type SessionState =
	| { readonly kind: 'incomplete'; readonly nextByte: number }
	/** The last byte is there: the video exists. */
	| { readonly kind: 'complete'; readonly video: Video }
	| { readonly kind: 'gone' };

/** A line slower than this is as good as broken; the session keeps what arrived. */
const minBytesPerSec = 128 * 1024;
const answerDeadlineMs = 30_000;
/** Processing of the last byte is not instant on large files. */
const lastByteDeadlineMs = 90_000;

export async function openSession(
	context: AdapterContext,
	draft: Draft,
	media: RangedSource,
): Promise<string> {
	const { body, part, notifySubscribers } = videoMetadata(draft.content);
	const query = new URLSearchParams({ uploadType: 'resumable', part });
	if (!notifySubscribers) query.set('notifySubscribers', 'false');
	const response = await authorizedSend(context, () => ({
		method: 'POST',
		url: `${youtubeUrl('api', youtubePaths.startUpload, context.apiBaseUrl)}?${query.toString()}`,
		headers: {
			'content-type': 'application/json; charset=UTF-8',
			'x-upload-content-type': media.mimeType,
			'x-upload-content-length': String(media.sizeBytes),
		},
		body: JSON.stringify(body),
		deadlineMs: answerDeadlineMs,
	})).catch((error: unknown) => {
		throw asNetworkError('youtube', error);
	});
	const sessionUri = response.headers['location'];
	if (response.status === 200 && sessionUri) return sessionUri;
	if (response.status !== 200) throw youtubeError(response, context.clock.now(), 'Opening the upload');
	throw new PublishError('platform', 'YouTube opened the upload without saying where.', {
		platform: 'youtube',
		code: 'no-session',
	});
}

/** Asks how far the upload is. Sends no byte of the video. */
export async function probeSession(context: AdapterContext, session: SessionHandle): Promise<SessionState> {
	const response = await patientSend(context, () =>
		authorizedSend(context, () => ({
			method: 'PUT',
			url: session.sessionUri,
			headers: { 'content-length': '0', 'content-range': `bytes */${session.sizeBytes}` },
			deadlineMs: answerDeadlineMs,
		})),
	).catch((error: unknown) => {
		throw asNetworkError('youtube', error);
	});
	return readState(response, context, 'Asking how far the upload is');
}

/** @throws TransportError when there is no whole answer: the caller knows what that means for its range. */
export async function putBytes(
	context: AdapterContext,
	session: SessionHandle,
	{ media, range }: { media: RangedSource; range: ByteRange },
): Promise<HttpResponse> {
	const sizeBytes = range.endByte - range.startByte;
	const isLast = range.endByte === session.sizeBytes;
	return await authorizedSend(context, () => ({
		method: 'PUT',
		url: session.sessionUri,
		headers: {
			'content-type': media.mimeType,
			'content-length': String(sizeBytes),
			'content-range': `bytes ${range.startByte}-${range.endByte - 1}/${session.sizeBytes}`,
		},
		body: media.read(range.startByte, range.endByte),
		deadlineMs:
			(isLast ? lastByteDeadlineMs : answerDeadlineMs) + Math.ceil(sizeBytes / minBytesPerSec) * 1000,
	}));
}

export function readState(response: HttpResponse, context: AdapterContext, doing: string): SessionState {
	switch (response.status) {
		case 200:
		case 201: {
			// The video exists now, even if its description cannot be read: only a reader may go on.
			const where = { platform: 'youtube', ifUnreadable: 'unknown' } as const;
			return { kind: 'complete', video: parseAnswer(videoSchema, response, where) };
		}
		case 308:
			return { kind: 'incomplete', nextByte: nextByteOf(response) };
		case 404:
		case 410:
			return { kind: 'gone' };
		default:
			throw youtubeError(response, context.clock.now(), doing);
	}
}

/** No Range header means that nothing is stored, not that everything is (facts 1.2). */
function nextByteOf(response: HttpResponse): number {
	const range = response.headers['range'];
	if (range === undefined) return 0;
	const lastByte = /^bytes=0-(\d+)$/.exec(range.trim())?.[1];
	if (lastByte !== undefined) return Number(lastByte) + 1;
	throw new PublishError('platform', 'YouTube said how far the upload is in a form that cannot be read.', {
		platform: 'youtube',
		code: 'unreadable-range',
	});
}

/** Worth asking the session again: the line broke or YouTube stumbled, and what arrived is kept. */
export function isInterruption(outcome: HttpResponse | TransportError): boolean {
	return outcome instanceof TransportError || isPassing(outcome.status);
}
