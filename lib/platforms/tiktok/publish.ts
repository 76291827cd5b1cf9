// The last byte publishes. Whatever happens around it, the publish id is asked and the same upload goes on: one
// upload makes at most one post, so going on with it is safe where beginning a new one is not (facts 2.9).
import { isPassing } from '../../http/patient-send';
import type { AdapterContext, Sighting } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { RangedSource } from '../../publishing/ports';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { HandleGoneError } from '../../publishing/publish';
import { asLostAnswer } from '../error-table';
import { rangeAt } from './chunk-plan';
import { webUrl } from './constants';
import { failureError } from './errors';
import { readPublish, type PublishState } from './publish-status';
import type { UploadHandle } from './types';
import { isExpired, putChunk } from './upload';

/** Facts 2.4. */
const pollDelaysMs = [2_000, 5_000, 10_000, 20_000];
/** Far above "more than 2 minutes at 4 GB". After it a later look goes on; nothing is sent again. */
const processingDeadlineMs = 5 * 60_000;
/** Moderation usually takes less than a minute, sometimes hours: then the post is known by its publish id. */
const idDeadlineMs = 60_000;
const lookAgainMs = 20_000;
/**
 * After its hour an upload address takes no new request. One that began before can still arrive, for as long as
 * the slowest last chunk may take; only after that nothing can come of the upload any more.
 */
const surelyDeadMs = 75 * 60_000;
/** Usually one. More only when TikTok kept less of the last chunk than it was sent. */
const maxRounds = 5;

export async function sendLastChunk(
	context: AdapterContext,
	{ media, handle }: { media: RangedSource; handle: UploadHandle },
): Promise<LivePost> {
	let nextByte = isExpired(handle, context.clock.now()) ? await resumedAt(context, handle) : handle.nextByte;
	for (let round = 1; nextByte < handle.sizeBytes; round++) {
		if (round > maxRounds) {
			throw new PublishError('platform', 'TikTok does not complete the upload.', {
				platform: 'tiktok',
				code: 'upload-stalled',
			});
		}
		const range = rangeAt(handle, nextByte);
		const response = await putChunk(context, handle, { media, range }).catch((error: unknown) => {
			throw asLostAnswer('tiktok', error);
		});
		if (isPassing(response.status)) throw stumbled(response.status);
		// Taken, or refused in one of many ways (facts 2.3): what counts is what TikTok has.
		nextByte = response.status === 201 ? handle.sizeBytes : await resumedAt(context, handle);
	}
	return await awaitPublished(context, handle);
}

/** It may have taken the bytes before it stumbled. */
function stumbled(status: number): PublishError {
	return new PublishError('unknown', `TikTok stumbled over the end of the video (${status}).`, {
		platform: 'tiktok',
		code: `http-${status}`,
		httpStatus: status,
	});
}

/** Where to go on. The size itself when all of it is there. */
async function resumedAt(context: AdapterContext, handle: UploadHandle): Promise<number> {
	const state = await surely(readPublish(context, handle.publishId, handle.sizeBytes));
	switch (state.kind) {
		case 'processing':
		case 'complete':
		case 'inbox':
			return handle.sizeBytes;
		case 'failed':
			// An earlier try that failed, e.g. for a day's cap: this one needs an upload of its own.
			throw new HandleGoneError('The earlier upload failed at TikTok; it is started anew.');
		case 'receiving':
			if (!isExpired(handle, context.clock.now())) return state.uploadedBytes;
			throw expired(context, handle);
		default:
			return state satisfies never;
	}
}

function expired(context: AdapterContext, { openedAt }: UploadHandle): PublishError {
	const deadAt = new Date(Date.parse(openedAt) + surelyDeadMs);
	if (context.clock.now() >= deadAt) {
		return new HandleGoneError('The upload to TikTok expired before its last byte; it is started anew.');
	}
	return new PublishError(
		'platform',
		'The upload to TikTok expired; a new one waits until it is surely over.',
		{
			platform: 'tiktok',
			code: 'upload-expired',
			retryAt: deadAt,
		},
	);
}

/** From here on a broken read is no proof of anything: the post may be there. */
async function surely(reading: ReturnType<typeof readPublish>): Promise<PublishState> {
	try {
		return (await reading).state;
	} catch (error) {
		if (!(error instanceof PublishError)) throw error;
		const { message, code, retryAt, remedy } = error;
		throw new PublishError('unknown', `It cannot be read what became of the upload. ${message}`, {
			platform: 'tiktok',
			...(code && { code }),
			...(retryAt && { retryAt }),
			...(remedy && { remedy }),
			cause: error,
		});
	}
}

async function awaitPublished(context: AdapterContext, handle: UploadHandle): Promise<LivePost> {
	const { clock, signal } = context;
	const startedMs = clock.now().getTime();
	let completeSinceMs: number | null = null;
	for (let poll = 0; ; poll++) {
		await clock.sleep(pollDelaysMs[Math.min(poll, pollDelaysMs.length - 1)] ?? lookAgainMs, signal);
		const state = await surely(readPublish(context, handle.publishId, handle.sizeBytes));
		const nowMs = clock.now().getTime();
		if (state.kind === 'failed') throw failed(state.reason, clock.now());
		if (state.kind === 'inbox') return liveOf(context, handle, null);
		if (state.kind === 'complete') {
			completeSinceMs ??= nowMs;
			const mayGetId = handle.isPublic && nowMs - completeSinceMs < idDeadlineMs;
			if (state.videoId !== null || !mayGetId) return liveOf(context, handle, state.videoId);
		}
		if (nowMs - startedMs >= processingDeadlineMs) {
			throw new PublishError('unknown', 'TikTok is still working on the video.', {
				platform: 'tiktok',
				code: 'still-processing',
				remedy: 'It is looked at again by itself; nothing is sent twice.',
			});
		}
	}
}

/** "internal" is TikTok's own trouble, and a new init may go better (facts 2.4). */
function failed(reason: string, now: Date): PublishError {
	const error = failureError(reason, now);
	return error.class === 'platform'
		? new HandleGoneError('TikTok failed with the upload by itself; it is started anew.')
		: error;
}

export async function findPublished(
	context: AdapterContext,
	{ handle, intent }: { handle: UploadHandle; intent: CommitIntent },
): Promise<Sighting> {
	const { state } = await readPublish(context, handle.publishId, handle.sizeBytes);
	const now = context.clock.now();
	const ageMs = now.getTime() - intent.armedAt.getTime();
	const undecided = { state: 'undecided', retryAfterMs: lookAgainMs } as const;
	switch (state.kind) {
		case 'processing':
			return undecided;
		case 'complete':
			if (state.videoId === null && handle.isPublic && ageMs < 2 * idDeadlineMs) return undecided;
			return { state: 'live', live: liveOf(context, handle, state.videoId) };
		case 'inbox':
			return { state: 'live', live: liveOf(context, handle, null) };
		case 'failed':
			return { state: 'gone' };
		case 'receiving':
			// Bytes are missing. Even if a lost call still brings them, `commit` goes on with this very upload,
			// which makes one post at most. Only a dead one may be replaced.
			if (!isExpired(handle, now)) return { state: 'absent' };
			return now.getTime() >= Date.parse(handle.openedAt) + surelyDeadMs ? { state: 'gone' } : undecided;
		default:
			return state satisfies never;
	}
}

function liveOf(
	{ apiBaseUrl }: AdapterContext,
	{ publishId, username }: UploadHandle,
	videoId: string | null,
): LivePost {
	return { platformPostId: videoId ?? publishId, url: webUrl({ username, videoId }, apiBaseUrl) };
}
