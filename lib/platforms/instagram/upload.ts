// Every medium gets a container; a carousel gets one more around them. The bytes of a video go to Meta's upload
// host in one request, and after a cut from where the container says it is (facts 3.2). Nobody sees any of it, so
// every step may be repeated; each is saved, so none has to be.
import type { AdapterContext, Draft, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { uploadRaw } from '../graph-rupload';
import { openCarousel, openPart, readContainer } from './container';
import { instagram, isContainerDead, processingError } from './errors';
import type { ContainerStatus, InstagramHandle, Part, UploadHandle } from './types';

/** Interruptions in a row without one new byte, before the whole attempt backs off. */
const maxStalls = 5;

/**
 * Meta asks for at most one look per minute over five minutes; a short clip is ready in seconds, so the first
 * looks come sooner. A post that waits longer comes back later, with its upload.
 */
const firstPauseMs = 2_000;
const maxPauseMs = 60_000;
const processingDeadlineMs = 10 * 60_000;

interface UploadWork {
	readonly draft: Draft;
	readonly handle: InstagramHandle;
	readonly save: SaveHandle;
}

/** Goes on from whatever the handle says is there already. */
export async function finishUpload(context: AdapterContext, work: UploadWork): Promise<InstagramHandle> {
	const { draft, save } = work;
	let { handle } = work;
	if (handle.containerId === null || draft.media.length === 1) handle = await finishParts(context, work);
	if (handle.containerId === null) {
		const children = handle.parts.map(({ containerId }) => containerId);
		// A carousel around an item that is still worked on is refused.
		for (const child of children) await waitUntilProcessed(context, child);
		handle = { ...handle, containerId: await openCarousel(context, { ...handle, draft, children }) };
		await save(handle);
	}
	if (handle.containerId !== null) await waitUntilProcessed(context, handle.containerId);
	return handle;
}

async function finishParts(
	context: AdapterContext,
	{ draft, save, ...work }: UploadWork,
): Promise<InstagramHandle> {
	let { handle } = work;
	const keep = async (index: number, part: Part): Promise<void> => {
		const parts = [...handle.parts.slice(0, index), part, ...handle.parts.slice(index + 1)];
		handle = { ...handle, parts, containerId: draft.media.length === 1 ? part.containerId : null };
		await save(handle);
	};
	for (const [index, { source }] of draft.media.entries()) {
		const part = handle.parts[index] ?? (await openPart(context, { draft, index, userId: handle.userId }));
		if (!handle.parts[index]) await keep(index, part);
		if (!part.upload || part.upload.isSent) continue;
		await sendBytes(context, { source, containerId: part.containerId, upload: part.upload });
		await keep(index, { ...part, upload: { ...part.upload, isSent: true } });
	}
	return handle;
}

interface Sending {
	readonly source: RangedSource;
	readonly containerId: string;
	readonly upload: UploadHandle;
}

async function sendBytes(context: AdapterContext, sending: Sending): Promise<void> {
	const { upload } = sending;
	let stalls = 0;
	for (let offset = await storedBytes(context, sending); offset < upload.sizeBytes;) {
		context.signal.throwIfAborted();
		const interruption = await sendFrom(context, sending, offset);
		if (!interruption) return;
		await context.clock.sleep(1_000 * 2 ** stalls, context.signal);
		const stored = await storedBytes(context, sending);
		stalls = stored > offset ? 0 : stalls + 1;
		if (stalls >= maxStalls) throw interruption;
		context.log.info('Instagram keeps part of the upload', {
			sentBytes: stored,
			sizeBytes: upload.sizeBytes,
		});
		offset = stored;
	}
}

async function storedBytes(context: AdapterContext, { containerId, upload }: Sending): Promise<number> {
	const container = liveContainer(await readContainer(context, containerId));
	if (container.status_code !== 'IN_PROGRESS') return upload.sizeBytes;
	const phase = container.video_status?.uploading_phase;
	return phase?.bytes_transferred ?? phase?.bytes_transfered ?? 0;
}

/** Null when everything arrived. */
async function sendFrom(
	context: AdapterContext,
	{ upload, source }: Sending,
	offset: number,
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
