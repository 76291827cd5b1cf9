// Sends the bytes up to the brink: everything but the last piece, from wherever the session says it is.
import type { AdapterContext, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { TransportError, type HttpResponse, type RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { asNetworkError } from '../error-table';
import { nextChunk, type ByteRange } from './chunk-plan';
import type { SessionHandle } from './types';
import { isInterruption, probeSession, putBytes, readState, type SessionState } from './upload-session';

/** Interruptions in a row without one new byte, before the whole attempt backs off. */
const maxStalls = 5;
const firstPauseMs = 1_000;

export async function uploadToTheBrink(
	context: AdapterContext,
	{ media, session, save }: { media: RangedSource; session: SessionHandle; save: SaveHandle },
): Promise<SessionHandle> {
	let current = withState(session, await probeSession(context, session));
	let stalls = 0;
	for (;;) {
		const range = nextChunk(current.nextByte, current.sizeBytes);
		if (!range) return current;
		context.signal.throwIfAborted();
		const state = await sendChunk(context, current, { media, range });
		const advanced = withState(
			current,
			state.kind === 'interrupted' ? await resume(context, current, stalls) : state,
		);
		stalls = advanced.nextByte > current.nextByte ? 0 : stalls + 1;
		if (stalls >= maxStalls) throw stalledError(state);
		current = advanced;
		await save(current);
		context.log.info('YouTube keeps part of the upload', {
			sentBytes: current.nextByte,
			sizeBytes: current.sizeBytes,
		});
	}
}

type ChunkResult =
	SessionState | { readonly kind: 'interrupted'; readonly outcome: HttpResponse | TransportError };

async function sendChunk(
	context: AdapterContext,
	session: SessionHandle,
	piece: { media: RangedSource; range: ByteRange },
): Promise<ChunkResult> {
	const outcome = await putBytes(context, session, piece).catch((error: unknown) => {
		if (error instanceof TransportError && !context.signal.aborted) return error;
		throw error;
	});
	if (isInterruption(outcome)) return { kind: 'interrupted', outcome };
	return readState(outcome as HttpResponse, context, 'Sending a part of the video');
}

async function resume(
	context: AdapterContext,
	session: SessionHandle,
	stalls: number,
): Promise<SessionState> {
	await context.clock.sleep(firstPauseMs * 2 ** stalls, context.signal);
	return await probeSession(context, session);
}

function withState(session: SessionHandle, state: SessionState): SessionHandle {
	switch (state.kind) {
		case 'incomplete':
			return { ...session, nextByte: state.nextByte };
		case 'complete':
			return { ...session, nextByte: session.sizeBytes };
		case 'gone':
			throw new HandleGoneError('YouTube no longer knows the upload; it is started anew.');
		default:
			return state satisfies never;
	}
}

function stalledError(state: ChunkResult): unknown {
	if (state.kind === 'interrupted' && state.outcome instanceof TransportError) {
		return asNetworkError('youtube', state.outcome);
	}
	return new PublishError('platform', 'YouTube keeps taking no further bytes of the upload.', {
		platform: 'youtube',
		code: 'upload-stalled',
	});
}
