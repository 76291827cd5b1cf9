// The bytes go to Meta's upload host in one request, and after a cut from where the container says it is
// (facts 3.2). Then Instagram works on them. Nobody sees any of it, so every step may be repeated.
import { isPassing } from '../../http/patient-send';
import type { AdapterContext, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { TransportError, type HttpResponse, type RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { asNetworkError } from '../error-table';
import { graphSend } from '../graph-send';
import { readJson } from '../parse-answer';
import { redact } from '../../http/redact';
import { readContainer } from './container';
import { instagramError, isContainerDead, processingError } from './errors';
import {
	uploadAnswerSchema,
	uploadProblemSchema,
	type ContainerStatus,
	type InstagramHandle,
	type UploadHandle,
} from './types';

/** A line slower than this is as good as broken; the container keeps what arrived. */
const minBytesPerSec = 128 * 1024;
const answerDeadlineMs = 60_000;
/** Interruptions in a row without one new byte, before the whole attempt backs off. */
const maxStalls = 5;

/**
 * Meta asks for at most one look per minute over five minutes; a short clip is ready in seconds, so the first
 * looks come sooner. A post that waits longer comes back later, with its upload.
 */
const firstPauseMs = 2_000;
const maxPauseMs = 60_000;
const processingDeadlineMs = 10 * 60_000;

export interface UploadWork {
	/** Null when Instagram fetches the media by itself. */
	readonly source: RangedSource | null;
	readonly handle: InstagramHandle;
	readonly save: SaveHandle;
}

export async function finishUpload(context: AdapterContext, work: UploadWork): Promise<InstagramHandle> {
	const handle = await sendBytes(context, work);
	await waitUntilProcessed(context, handle.containerId);
	return handle;
}

async function sendBytes(
	context: AdapterContext,
	{ source, handle, save }: UploadWork,
): Promise<InstagramHandle> {
	const { upload } = handle;
	if (!upload || !source || upload.isSent) return handle;
	let stalls = 0;
	for (let offset = await storedBytes(context, handle); offset < upload.sizeBytes;) {
		context.signal.throwIfAborted();
		const outcome = await sendFrom(context, upload, { source, offset });
		if (outcome === 'done') break;
		await context.clock.sleep(1_000 * 2 ** stalls, context.signal);
		const stored = await storedBytes(context, handle);
		stalls = stored > offset ? 0 : stalls + 1;
		if (stalls >= maxStalls) throw stalledError(outcome);
		context.log.info('Instagram keeps part of the upload', {
			sentBytes: stored,
			sizeBytes: upload.sizeBytes,
		});
		offset = stored;
	}
	const sent = { ...handle, upload: { ...upload, isSent: true } };
	await save(sent);
	return sent;
}

async function storedBytes(
	context: AdapterContext,
	{ containerId, upload }: InstagramHandle,
): Promise<number> {
	const container = liveContainer(await readContainer(context, containerId));
	if (container.status_code !== 'IN_PROGRESS') return upload?.sizeBytes ?? 0;
	const phase = container.video_status?.uploading_phase;
	return phase?.bytes_transferred ?? phase?.bytes_transfered ?? 0;
}

async function sendFrom(
	context: AdapterContext,
	upload: UploadHandle,
	{ source, offset }: { source: RangedSource; offset: number },
): Promise<'done' | HttpResponse | TransportError> {
	const leftBytes = upload.sizeBytes - offset;
	const build = () => ({
		method: 'POST' as const,
		url: upload.uri,
		headers: {
			offset: String(offset),
			file_size: String(upload.sizeBytes),
			'content-type': 'application/octet-stream',
			'content-length': String(leftBytes),
		},
		body: source.read(offset, upload.sizeBytes),
		deadlineMs: answerDeadlineMs + Math.ceil(leftBytes / minBytesPerSec) * 1000,
	});
	const outcome = await graphSend(context, build, 'OAuth').catch((error: unknown) => {
		if (error instanceof TransportError && !context.signal.aborted) return error;
		throw asNetworkError('instagram', error);
	});
	if (outcome instanceof TransportError || isPassing(outcome.status)) return outcome;
	if (outcome.status === 200) {
		// An answer that cannot be read is asked about at the container, like a lost one.
		return uploadAnswerSchema.safeParse(readJson(outcome.bodyText)).success ? 'done' : outcome;
	}
	const refused = uploadProblemSchema.safeParse(readJson(outcome.bodyText));
	if (refused.success && refused.data.debug_info.retriable) return outcome;
	throw refusal(context, outcome, refused.success ? refused.data.debug_info : undefined);
}

function refusal(
	context: AdapterContext,
	response: HttpResponse,
	problem: { type: string; message: string } | undefined,
): PublishError {
	if (response.status === 404 || response.status === 410) return gone();
	if (!problem || response.status !== 400) {
		return instagramError(response, context.clock.now(), 'Sending the video');
	}
	return new PublishError('validation', `Instagram refused the video: ${redact(problem.message)}`, {
		platform: 'instagram',
		code: problem.type,
		httpStatus: response.status,
		remedy: 'Render the video as MP4 with H.264 and AAC, at most 300 MB, and publish again.',
	});
}

async function waitUntilProcessed(context: AdapterContext, containerId: string): Promise<void> {
	const giveUpAt = context.clock.now().getTime() + processingDeadlineMs;
	for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(maxPauseMs, pauseMs * 2)) {
		const { status_code: code } = liveContainer(await readContainer(context, containerId));
		// PUBLISHED goes on to the publishing call, which Instagram refuses a second time; a reader then finds it.
		if (code !== 'IN_PROGRESS') return;
		if (context.clock.now().getTime() >= giveUpAt) {
			throw new PublishError('platform', 'Instagram is still working on the media.', {
				platform: 'instagram',
				code: 'processing-timeout',
			});
		}
		await context.clock.sleep(pauseMs, context.signal);
	}
}

function liveContainer(container: ContainerStatus | null): ContainerStatus {
	if (!container || container.status_code === 'EXPIRED') throw gone();
	if (container.status_code !== 'ERROR') return container;
	const error = processingError(container.status);
	throw isContainerDead(error.code) ? gone() : error;
}

function gone(): HandleGoneError {
	return new HandleGoneError('Instagram no longer knows the upload; it is started anew.');
}

function stalledError(outcome: HttpResponse | TransportError): unknown {
	if (outcome instanceof TransportError) return asNetworkError('instagram', outcome);
	return new PublishError('platform', 'Instagram keeps taking no further bytes of the upload.', {
		platform: 'instagram',
		code: 'upload-stalled',
	});
}
