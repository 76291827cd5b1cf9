// init → chunks (facts 2.2, 2.3). Nothing is public before the last byte; that one is left to `publish.ts`.
import { isPassing } from '../../http/patient-send';
import type { AdapterContext, Draft, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { TransportError, type HttpResponse, type RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { asNetworkError } from '../error-table';
import { tiktokCall } from './call';
import { nextChunk, planChunks, type ByteRange, type ChunkPolicy } from './chunk-plan';
import { tiktokPaths } from './constants';
import { readCreator, refuseForCreator } from './creator';
import { readPublish } from './publish-status';
import { optionsOf, videoPostInfo } from './options';
import { initSchema, type UploadHandle } from './types';

/** A line slower than this is as good as broken; only one chunk is lost with it. */
const minBytesPerSec = 128 * 1024;
const answerDeadlineMs = 60_000;
/** Facts 2.2: one hour, less what a chunk may take. */
const uploadLifeMs = 55 * 60_000;
/** Interruptions in a row without one new byte, before the whole attempt backs off. */
const maxStalls = 5;
const firstPauseMs = 1_000;

export async function openUpload(
	context: AdapterContext,
	draft: Draft,
	{ media, policy }: { media: RangedSource; policy: ChunkPolicy },
): Promise<UploadHandle> {
	const options = optionsOf(draft.content);
	const isDraft = options.delivery === 'inbox';
	const creator = isDraft ? null : await readCreator(context);
	if (creator) refuseForCreator(creator, draft, options);
	const plan = planChunks(media.sizeBytes, policy);
	const openedAt = context.clock.now().toISOString();
	// A lost answer here costs nothing: an init without bytes publishes nothing and dies with its address (2.9).
	const opened = await tiktokCall(context, initSchema, {
		path: isDraft ? tiktokPaths.initDraft : tiktokPaths.initDirect,
		body: {
			...(creator && { post_info: videoPostInfo(draft.content, options, creator) }),
			source_info: {
				source: 'FILE_UPLOAD',
				video_size: plan.sizeBytes,
				chunk_size: plan.chunkBytes,
				total_chunk_count: plan.chunks,
			},
		},
		doing: 'Opening the upload',
	});
	return {
		...plan,
		transfer: 'upload',
		publishId: opened.publish_id,
		uploadUrl: opened.upload_url,
		username: creator?.creator_username ?? null,
		isPublic: !isDraft && options.privacyLevel === 'PUBLIC_TO_EVERYONE',
		nextByte: 0,
		openedAt,
	};
}

export function isExpired({ openedAt }: UploadHandle, now: Date): boolean {
	return now.getTime() >= Date.parse(openedAt) + uploadLifeMs;
}

/** No token here: the address is the permission (facts 2.3). */
export async function putChunk(
	context: AdapterContext,
	handle: UploadHandle,
	{ media, range }: { media: RangedSource; range: ByteRange },
): Promise<HttpResponse> {
	const sizeBytes = range.endByte - range.startByte;
	return await context.http.send(
		{
			method: 'PUT',
			url: handle.uploadUrl,
			headers: {
				'content-type': media.mimeType,
				'content-length': String(sizeBytes),
				'content-range': `bytes ${range.startByte}-${range.endByte - 1}/${handle.sizeBytes}`,
			},
			body: media.read(range.startByte, range.endByte),
			deadlineMs: answerDeadlineMs + Math.ceil(sizeBytes / minBytesPerSec) * 1000,
		},
		context.signal,
	);
}

/** Everything but the last chunk, from wherever TikTok is. */
export async function uploadToTheBrink(
	context: AdapterContext,
	{ media, handle, save }: { media: RangedSource; handle: UploadHandle; save: SaveHandle },
): Promise<UploadHandle> {
	let current = handle;
	let stalls = 0;
	for (;;) {
		const range = nextChunk(current, current.nextByte);
		if (!range) return current;
		context.signal.throwIfAborted();
		if (isExpired(current, context.clock.now())) throw gone();
		const outcome = await sendChunk(context, current, { media, range });
		const nextByte =
			outcome.kind === 'taken' ? range.endByte : await resume(context, current, { outcome, stalls });
		stalls = nextByte > current.nextByte ? 0 : stalls + 1;
		if (stalls >= maxStalls) throw stalled(outcome);
		current = { ...current, nextByte };
		await save(current);
		context.log.info('TikTok keeps part of the upload', {
			sentBytes: nextByte,
			sizeBytes: current.sizeBytes,
		});
	}
}

type ChunkOutcome =
	| { readonly kind: 'taken' }
	| { readonly kind: 'out-of-step' }
	| { readonly kind: 'interrupted'; readonly cause: TransportError | null };

async function sendChunk(
	context: AdapterContext,
	handle: UploadHandle,
	piece: { media: RangedSource; range: ByteRange },
): Promise<ChunkOutcome> {
	const response = await putChunk(context, handle, piece).catch((error: unknown) => {
		if (error instanceof TransportError && !context.signal.aborted) return error;
		throw error;
	});
	if (response instanceof TransportError) return { kind: 'interrupted', cause: response };
	if (response.status === 206) return { kind: 'taken' };
	if (response.status === 416) return { kind: 'out-of-step' };
	if (isPassing(response.status) || response.status === 429) return { kind: 'interrupted', cause: null };
	if (response.status === 403 || response.status === 404) throw gone();
	throw new PublishError('platform', `TikTok refused a part of the video (${response.status}).`, {
		platform: 'tiktok',
		code: `http-${response.status}`,
		httpStatus: response.status,
	});
}

async function resume(
	context: AdapterContext,
	handle: UploadHandle,
	{ outcome, stalls }: { outcome: ChunkOutcome; stalls: number },
): Promise<number> {
	if (outcome.kind === 'interrupted') await context.clock.sleep(firstPauseMs * 2 ** stalls, context.signal);
	const { state } = await readPublish(context, handle.publishId, handle.sizeBytes);
	if (state.kind === 'failed') throw gone();
	return state.kind === 'receiving' ? state.uploadedBytes : handle.nextByte;
}

function gone(): HandleGoneError {
	return new HandleGoneError('TikTok no longer takes this upload; it is started anew.');
}

function stalled(outcome: ChunkOutcome): unknown {
	if (outcome.kind === 'interrupted' && outcome.cause) return asNetworkError('tiktok', outcome.cause);
	return new PublishError('platform', 'TikTok keeps taking no further bytes of the upload.', {
		platform: 'tiktok',
		code: 'upload-stalled',
	});
}
