// The last byte publishes. Whatever happens around it, the publish id is asked and the same upload goes on: one
// upload makes at most one post, so going on with it is safe where beginning a new one is not (facts 2.9).
import { isPassing } from '../../http/patient-send';
import type { AdapterContext, Sighting } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { RangedSource } from '../../publishing/ports';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { HandleGoneError } from '../../publishing/publish';
import { asLostAnswer } from '../error-table';
import { awaitPublished, idDeadlineMs, liveOf, lookAgainMs, surely } from './await-published';
import { rangeAt } from './chunk-plan';
import { readPublish } from './publish-status';
import type { UploadHandle } from './types';
import { isExpired, putChunk } from './upload';

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

export async function findUploaded(
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
