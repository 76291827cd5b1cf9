// Everything before the publishing call. Nobody sees any of it (facts 6.7), so every step may be repeated; a reel
// goes on from the byte that Facebook has, a video from the range that it asks for.
import { multipartBody } from '../../http/multipart';
import { patientSend } from '../../http/patient-send';
import type { AdapterContext, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { HttpResponse, RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { asNetworkError } from '../error-table';
import { graphCall, graphDeadlineMs } from '../graph-call';
import { graphErrorDetails } from '../graph-errors';
import { uploadRaw } from '../graph-rupload';
import { graphSend } from '../graph-send';
import { parseAnswer } from '../parse-answer';
import { facebookPaths, facebookUrl } from './constants';
import { facebookError, facebookNetwork, wrongOffset } from './errors';
import { createdSchema, openedReelSchema, openedVideoSchema, rangeSchema, type HandleOf } from './types';
import { processingFailed, readVideo, stageOf } from './video-status';

/** Interruptions in a row without one new byte, before the whole attempt backs off. */
const maxStalls = 5;
const firstPauseMs = 1_000;
/** A line slower than this is as good as broken; only one part is lost with it. */
const minBytesPerSec = 64 * 1024;

/** A story begins like a reel (facts 6.2). */
export async function openReel(context: AdapterContext, pageId: string, edge: 'reels' | 'videoStories') {
	const opened = await graphCall(facebookNetwork, context, openedReelSchema, {
		method: 'POST',
		url: facebookUrl('graph', facebookPaths[edge](pageId), context.apiBaseUrl),
		body: { upload_phase: 'start' },
		doing: 'Opening the upload',
	});
	return { videoId: opened.video_id, uploadUrl: opened.upload_url };
}

/** The older chunk protocol: unlike the newer ones it names the video before it is public (facts 6.3, 6.7). */
export async function openVideo(context: AdapterContext, pageId: string, sizeBytes: number) {
	const opened = await graphCall(facebookNetwork, context, openedVideoSchema, {
		method: 'POST',
		url: facebookUrl('video', facebookPaths.videos(pageId), context.apiBaseUrl),
		body: { upload_phase: 'start', file_size: sizeBytes },
		doing: 'Opening the upload',
	});
	return {
		videoId: opened.video_id,
		sessionId: opened.upload_session_id,
		startByte: opened.start_offset,
		endByte: opened.end_offset,
	};
}

type ReelHandle = HandleOf<'reel'> | HandleOf<'video-story'>;

export async function uploadReel(
	context: AdapterContext,
	{ media, handle }: { media: RangedSource; handle: ReelHandle },
): Promise<void> {
	let stalls = 0;
	let startByte = await storedBytes(context, handle, media.sizeBytes);
	while (startByte !== null) {
		context.signal.throwIfAborted();
		const { uploadUrl } = handle;
		const sent = await uploadRaw(facebookNetwork, context, { uploadUrl, media, startByte });
		if (sent.state === 'complete') return;
		await context.clock.sleep(firstPauseMs * 2 ** stalls, context.signal);
		const reached = await storedBytes(context, handle, media.sizeBytes);
		if (reached === null) return;
		stalls = reached > startByte ? 0 : stalls + 1;
		if (stalls >= maxStalls) throw sent.error;
		startByte = reached;
		context.log.info('Facebook keeps part of the upload', {
			sentBytes: reached,
			sizeBytes: media.sizeBytes,
		});
	}
}

/** @returns null when nothing is left to send. */
async function storedBytes(
	context: AdapterContext,
	{ videoId }: ReelHandle,
	sizeBytes: number,
): Promise<number | null> {
	const video = await readVideo(context, videoId);
	if (!video) throw new HandleGoneError('Facebook no longer knows the upload; it is started anew.');
	const stage = stageOf(video);
	switch (stage.kind) {
		case 'uploading':
			// Some answers count all bytes before they call the phase complete.
			return stage.storedBytes >= sizeBytes ? null : stage.storedBytes;
		case 'expired':
			throw new HandleGoneError('The upload to Facebook expired; it is started anew.');
		case 'failed':
			throw processingFailed(stage.reason);
		default:
			return null;
	}
}

export async function uploadVideo(
	context: AdapterContext,
	{ media, handle, save }: { media: RangedSource; handle: HandleOf<'video'>; save: SaveHandle },
): Promise<HandleOf<'video'>> {
	let current = handle;
	let stalls = 0;
	while (current.startByte < current.endByte) {
		context.signal.throwIfAborted();
		const next = await transfer(context, { media, handle: current });
		stalls = next.startByte > current.startByte ? 0 : stalls + 1;
		if (stalls >= maxStalls) throw stalled();
		current = { ...current, ...next };
		await save(current);
		context.log.info('Facebook keeps part of the upload', {
			sentBytes: current.startByte,
			sizeBytes: media.sizeBytes,
		});
	}
	return current;
}

interface Range {
	readonly startByte: number;
	readonly endByte: number;
}

async function transfer(
	context: AdapterContext,
	{ media, handle }: { media: RangedSource; handle: HandleOf<'video'> },
): Promise<Range> {
	const { pageId, sessionId, startByte, endByte } = handle;
	const response = await sendPart(context, {
		url: facebookUrl('video', facebookPaths.videos(pageId), context.apiBaseUrl),
		fields: {
			upload_phase: 'transfer',
			upload_session_id: sessionId,
			start_offset: String(startByte),
		},
		part: { name: 'video_file_chunk', media, startByte, endByte },
	});
	if (response.status === 200) {
		return rangeOf(parseAnswer(rangeSchema, response, { platform: 'facebook', ifUnreadable: 'platform' }));
	}
	const details = graphErrorDetails(response);
	const wanted = details?.error_subcode === wrongOffset ? rangeSchema.safeParse(details.error_data) : null;
	// A part whose answer was lost arrived all the same: Facebook says where to go on (facts 6.3).
	if (wanted?.success) return rangeOf(wanted.data);
	throw goneOrError(response, context);
}

function rangeOf(range: { start_offset: number; end_offset: number }): Range {
	return { startByte: range.start_offset, endByte: range.end_offset };
}

function goneOrError(response: HttpResponse, context: AdapterContext): PublishError {
	const error = facebookError(response, context.clock.now(), 'Sending a part of the video');
	if (error.code !== '100/33') return error;
	return new HandleGoneError('Facebook no longer knows the upload; it is started anew.');
}

function stalled(): PublishError {
	return new PublishError('platform', 'Facebook keeps taking no further bytes of the upload.', {
		platform: 'facebook',
		code: 'upload-stalled',
	});
}

type PhotosHandle = HandleOf<'feed'> | HandleOf<'photo-story'>;

/** One after the other; each is remembered before the next one is sent. */
export async function uploadPhotos<Handle extends PhotosHandle>(
	context: AdapterContext,
	{ media, handle, save }: { media: readonly RangedSource[]; handle: Handle; save: SaveHandle },
): Promise<Handle> {
	let current = handle;
	for (const photo of media.slice(handle.photoIds.length)) {
		context.signal.throwIfAborted();
		const photoId = await uploadPhoto(context, { media: photo, pageId: handle.pageId });
		current = { ...current, photoIds: [...current.photoIds, photoId] };
		await save(current);
		context.log.info('Facebook keeps a photo', { photo: current.photoIds.length, photos: media.length });
	}
	return current;
}

/** Unpublished: only a post that attaches it makes it visible. */
async function uploadPhoto(
	context: AdapterContext,
	{ media, pageId }: { media: RangedSource; pageId: string },
): Promise<string> {
	const response = await sendPart(context, {
		url: facebookUrl('graph', facebookPaths.photos(pageId), context.apiBaseUrl),
		fields: { published: 'false' },
		part: { name: 'source', media, startByte: 0, endByte: media.sizeBytes },
	});
	if (response.status !== 200) throw facebookError(response, context.clock.now(), 'Sending the photo');
	return parseAnswer(createdSchema, response, { platform: 'facebook', ifUnreadable: 'platform' }).id;
}

interface Part extends Range {
	readonly name: string;
	readonly media: RangedSource;
}

async function sendPart(
	context: AdapterContext,
	{ url, fields, part }: { url: string; fields: Record<string, string>; part: Part },
): Promise<HttpResponse> {
	const { name, media, startByte, endByte } = part;
	const sizeBytes = endByte - startByte;
	const body = multipartBody(fields, {
		name,
		fileName: 'media',
		mimeType: media.mimeType,
		sizeBytes,
		read: () => media.read(startByte, endByte),
	});
	const build = () =>
		({
			method: 'POST',
			url,
			headers: body.headers,
			body: body.read(),
			deadlineMs: graphDeadlineMs + Math.ceil(sizeBytes / minBytesPerSec) * 1000,
		}) as const;
	return await patientSend(context, () => graphSend(context, build)).catch((error: unknown) => {
		throw asNetworkError('facebook', error);
	});
}
