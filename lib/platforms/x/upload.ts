// initialize → append… → finalize → wait for processing (facts 4.2). Nobody sees any of it before a post
// names the media, so every step may be repeated, and a lost upload is simply made again.
import { multipartBody } from '../../http/multipart';
import type { AdapterContext, SaveHandle } from '../../publishing/adapter';
import { type PublishError } from '../../publishing/errors';
import type { HttpResponse, RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { parseAnswer } from '../parse-answer';
import { answerDeadlineMs, patientCall } from './call';
import { xPaths, xUrl } from './constants';
import { xError } from './errors';
import { xRules } from './limits';
import { waitUntilProcessed } from './processing';
import { mediaAnswerSchema, type MediaHandle, type UploadedMedia, type XHandle } from './types';

/** A line slower than this is as good as broken; only one segment is lost with it. */
const minBytesPerSec = 64 * 1024;
/** Facts 4.2: what an upload lives when the answer does not say. */
const defaultLifeSec = 24 * 3_600;

export async function openUpload(context: AdapterContext, media: RangedSource): Promise<MediaHandle> {
	const response = await patientCall(context, () => ({
		method: 'POST',
		url: xUrl('api', xPaths.initializeUpload, context.apiBaseUrl),
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({
			media_type: media.mimeType,
			total_bytes: media.sizeBytes,
			media_category: categoryOf(media.mimeType),
		}),
		deadlineMs: answerDeadlineMs,
	}));
	if (response.status !== 200) throw xError(response, context.clock.now(), 'Opening the upload');
	const answer = parseAnswer(mediaAnswerSchema, response, { platform: 'x', ifUnreadable: 'platform' }).data;
	return {
		mediaId: answer.id,
		mediaKey: answer.media_key,
		sizeBytes: media.sizeBytes,
		nextSegment: 0,
		isFinalized: false,
		expiresAt: expiryOf(answer, context),
	};
}

function categoryOf(mimeType: string): string {
	if (mimeType.startsWith('video/')) return 'tweet_video';
	return mimeType === 'image/gif' ? 'tweet_gif' : 'tweet_image';
}

function expiryOf(answer: UploadedMedia, context: AdapterContext): string {
	const lifeSec = answer.expires_after_secs ?? defaultLifeSec;
	return new Date(context.clock.now().getTime() + lifeSec * 1000).toISOString();
}

/** Media ids live for a day: an upload that waited longer is made again, which nobody sees. */
export function refuseExpired(media: MediaHandle, now: Date): void {
	const marginMs = 60_000;
	if (Date.parse(media.expiresAt) - marginMs > now.getTime()) return;
	throw new HandleGoneError('The upload to X expired; it is started anew.');
}

export async function finishUpload(
	context: AdapterContext,
	{
		source,
		handle,
		save,
	}: { source: RangedSource; handle: XHandle & { media: MediaHandle }; save: SaveHandle },
): Promise<XHandle> {
	let { media } = handle;
	refuseExpired(media, context.clock.now());
	const segments = Math.ceil(source.sizeBytes / xRules.segmentBytes);
	while (!media.isFinalized && media.nextSegment < segments) {
		context.signal.throwIfAborted();
		await appendSegment(context, media, source);
		media = { ...media, nextSegment: media.nextSegment + 1 };
		await save({ ...handle, media });
		context.log.info('X keeps part of the upload', { segment: media.nextSegment, segments });
	}
	if (!media.isFinalized) {
		const finalized = await finalizeUpload(context, media);
		media = { ...media, isFinalized: true, expiresAt: expiryOf(finalized, context) };
		await save({ ...handle, media });
		// Missing means ready, so the common image costs no further read.
		if (!finalized.processing_info) return { ...handle, media };
	}
	await waitUntilProcessed(context, media.mediaId);
	return { ...handle, media };
}

async function appendSegment(
	context: AdapterContext,
	media: MediaHandle,
	source: RangedSource,
): Promise<void> {
	const startByte = media.nextSegment * xRules.segmentBytes;
	const endByte = Math.min(startByte + xRules.segmentBytes, source.sizeBytes);
	const body = multipartBody(
		{ segment_index: String(media.nextSegment) },
		{
			name: 'media',
			fileName: 'segment',
			mimeType: 'application/octet-stream',
			sizeBytes: endByte - startByte,
			read: () => source.read(startByte, endByte),
		},
	);
	const response = await patientCall(context, () => ({
		method: 'POST',
		url: xUrl('api', xPaths.appendUpload(media.mediaId), context.apiBaseUrl),
		headers: body.headers,
		body: body.read(),
		deadlineMs: answerDeadlineMs + Math.ceil((endByte - startByte) / minBytesPerSec) * 1000,
	}));
	if (response.status >= 200 && response.status < 300) return;
	throw goneOrError(response, context, 'Sending a part of the media');
}

async function finalizeUpload(context: AdapterContext, media: MediaHandle): Promise<UploadedMedia> {
	const response = await patientCall(context, () => ({
		method: 'POST',
		url: xUrl('api', xPaths.finalizeUpload(media.mediaId), context.apiBaseUrl),
		deadlineMs: answerDeadlineMs,
	}));
	if (response.status !== 200) throw goneOrError(response, context, 'Closing the upload');
	return parseAnswer(mediaAnswerSchema, response, { platform: 'x', ifUnreadable: 'platform' }).data;
}

function goneOrError(response: HttpResponse, context: AdapterContext, doing: string): PublishError {
	if (response.status === 404 || response.status === 410) {
		return new HandleGoneError('X no longer knows the upload; it is started anew.');
	}
	return xError(response, context.clock.now(), doing);
}
