// The four requests that carry media to X (facts 4.2). Ours and not a library's: its upload wants the whole file
// in memory, and forgets where it was.
import { multipartBody } from '../../http/multipart';
import type { AdapterContext } from '../../publishing/adapter';
import { type PublishError } from '../../publishing/errors';
import type { HttpRequest, HttpResponse, RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { parseAnswer } from '../parse-answer';
import { answerDeadlineMs, patientCall } from './call';
import { xPaths, xUrl } from './constants';
import { xError } from './errors';
import { xRules } from './limits';
import { mediaAnswerSchema, type UploadedMedia } from './types';

/** A line slower than this is as good as broken; only one segment is lost with it. */
const minBytesPerSec = 64 * 1024;
/** Facts 4.2: what an upload lives when the answer does not say. */
const defaultLifeSec = 24 * 3_600;

export interface Accepted {
	readonly media: UploadedMedia;
	readonly expiresAt: string;
}

export async function initializeUpload(
	context: AdapterContext,
	media: RangedSource,
	category: string,
): Promise<Accepted> {
	const response = await patientCall(context, () => ({
		method: 'POST',
		url: xUrl('api', xPaths.initializeUpload, context.apiBaseUrl),
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({
			media_type: media.mimeType,
			total_bytes: media.sizeBytes,
			media_category: category,
		}),
		deadlineMs: answerDeadlineMs,
	}));
	if (response.status !== 200) throw xError(response, context.clock.now(), 'Opening the upload');
	return accepted(context, response);
}

/** A picture in one request instead of three. */
export async function uploadOnce(context: AdapterContext, media: RangedSource): Promise<Accepted> {
	const range = { startByte: 0, endByte: media.sizeBytes };
	const build = formRequest(context, media, {
		path: xPaths.uploadOnce,
		fields: { media_category: 'tweet_image' },
		range,
	});
	const response = await patientCall(context, build);
	if (response.status !== 200) throw xError(response, context.clock.now(), 'Uploading the picture');
	return accepted(context, response);
}

export async function appendSegment(
	context: AdapterContext,
	media: RangedSource,
	{ mediaId, index }: { mediaId: string; index: number },
): Promise<void> {
	const startByte = index * xRules.segmentBytes;
	const endByte = Math.min(startByte + xRules.segmentBytes, media.sizeBytes);
	const build = formRequest(context, media, {
		path: xPaths.appendUpload(mediaId),
		fields: { segment_index: String(index) },
		range: { startByte, endByte },
	});
	const response = await patientCall(context, build);
	if (response.status >= 200 && response.status < 300) return;
	throw goneOrError(response, context, 'Sending a part of the media');
}

export async function finalizeUpload(context: AdapterContext, mediaId: string): Promise<Accepted> {
	const response = await patientCall(context, () => ({
		method: 'POST',
		url: xUrl('api', xPaths.finalizeUpload(mediaId), context.apiBaseUrl),
		deadlineMs: answerDeadlineMs,
	}));
	if (response.status !== 200) throw goneOrError(response, context, 'Closing the upload');
	return accepted(context, response);
}

function accepted(context: AdapterContext, response: HttpResponse): Accepted {
	const { data } = parseAnswer(mediaAnswerSchema, response, { platform: 'x', ifUnreadable: 'platform' });
	const lifeSec = data.expires_after_secs ?? defaultLifeSec;
	return {
		media: data,
		expiresAt: new Date(context.clock.now().getTime() + lifeSec * 1000).toISOString(),
	};
}

interface Form {
	readonly path: string;
	readonly fields: Readonly<Record<string, string>>;
	readonly range: { readonly startByte: number; readonly endByte: number };
}

function formRequest(
	context: AdapterContext,
	source: RangedSource,
	{ path, fields, range: { startByte, endByte } }: Form,
): () => HttpRequest {
	const sizeBytes = endByte - startByte;
	const body = multipartBody(fields, {
		name: 'media',
		fileName: 'segment',
		mimeType: 'application/octet-stream',
		sizeBytes,
		read: () => source.read(startByte, endByte),
	});
	return () => ({
		method: 'POST',
		url: xUrl('api', path, context.apiBaseUrl),
		headers: body.headers,
		body: body.read(),
		deadlineMs: answerDeadlineMs + Math.ceil(sizeBytes / minBytesPerSec) * 1000,
	});
}

function goneOrError(response: HttpResponse, context: AdapterContext, doing: string): PublishError {
	if (response.status === 404 || response.status === 410) {
		return new HandleGoneError('X no longer knows the upload; it is started anew.');
	}
	return xError(response, context.clock.now(), doing);
}
