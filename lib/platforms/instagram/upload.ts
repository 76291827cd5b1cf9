// The bytes go to Meta's upload host in one request, and after a cut from where the container says it is
// (facts 3.2). Then Instagram works on them. Nobody sees any of it, so every step may be repeated.
import type { AdapterContext, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { uploadRaw } from '../graph-rupload';
import { readContainer } from './container';
import { instagram, isContainerDead, processingError } from './errors';
import type { ContainerStatus, InstagramHandle, UploadHandle } from './types';

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
		const interruption = await sendFrom(context, upload, { source, offset });
		if (!interruption) break;
		await context.clock.sleep(1_000 * 2 ** stalls, context.signal);
		const stored = await storedBytes(context, handle);
		stalls = stored > offset ? 0 : stalls + 1;
		if (stalls >= maxStalls) throw interruption;
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

/** Null when everything arrived. */
async function sendFrom(
	context: AdapterContext,
	upload: UploadHandle,
	{ source, offset }: { source: RangedSource; offset: number },
): Promise<PublishError | null> {
	const part = { uploadUrl: upload.uri, media: source, startByte: offset };
	const outcome = await uploadRaw(instagram, context, part).catch((error: unknown) => {
		const status = error instanceof PublishError ? error.httpStatus : undefined;
		throw status === 404 || status === 410 ? gone() : error;
	});
	return outcome.state === 'complete' ? null : outcome.error;
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
