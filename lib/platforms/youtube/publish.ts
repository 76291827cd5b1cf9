// The last piece makes the video exist. Everything here follows from one fact: the session knows, and while
// it lives it is asked first.
import type { AdapterContext, Draft, Sighting } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { RangedSource } from '../../publishing/ports';
import type { CommitIntent, LivePost } from '../../publishing/post';
import { HandleGoneError } from '../../publishing/publish';
import { asLostAnswer } from '../error-table';
import { chunkBytes, lastPiece, nextChunk } from './chunk-plan';
import { watchUrl } from './constants';
import { youtubeError } from './errors';
import { findInUploads } from './recent-uploads';
import type { SessionHandle, Video } from './types';
import { isInterruption, probeSession, putBytes, readState, type SessionState } from './upload-session';

export async function sendLastPiece(
	context: AdapterContext,
	draft: Draft,
	{ media, session }: { media: RangedSource; session: SessionHandle },
): Promise<LivePost> {
	let state = await probeSession(context, session);
	// Usually one round. More only when YouTube had thrown away bytes that it confirmed before.
	const maxRounds = Math.ceil(session.sizeBytes / chunkBytes) + 5;
	for (let round = 1; round <= maxRounds && state.kind === 'incomplete'; round++) {
		const { nextByte } = state;
		const range = nextChunk(nextByte, session.sizeBytes) ?? lastPiece(nextByte, session.sizeBytes);
		state = await sendPiece(context, session, { media, range });
	}
	switch (state.kind) {
		case 'complete':
			return liveOf(state.video, context);
		case 'incomplete':
			throw new PublishError('platform', 'YouTube does not complete the upload.', {
				platform: 'youtube',
				code: 'upload-stalled',
			});
		case 'gone':
			return await adoptOrStartOver(context, draft, session);
		default:
			return state satisfies never;
	}
}

async function sendPiece(
	context: AdapterContext,
	session: SessionHandle,
	piece: Parameters<typeof putBytes>[2],
): Promise<SessionState> {
	const response = await putBytes(context, session, piece).catch((error: unknown) => {
		throw asLostAnswer('youtube', error);
	});
	if (!isInterruption(response)) return readState(response, context, 'Sending the end of the video');
	const { message, code } = youtubeError(response, context.clock.now(), 'Sending the end of the video');
	throw new PublishError('unknown', message, {
		platform: 'youtube',
		...(code && { code }),
		httpStatus: response.status,
	});
}

/**
 * A session that is gone before its last piece published nothing, unless an earlier last piece arrived after
 * a reader had looked. One look into the uploads is cheap against a second public video.
 */
async function adoptOrStartOver(
	context: AdapterContext,
	draft: Draft,
	session: SessionHandle,
): Promise<LivePost> {
	const since = new Date(session.openedAt);
	const found = await findInUploads(context, { draft, sizeBytes: session.sizeBytes, since });
	const [video, ...others] = found;
	if (!video) throw new HandleGoneError('YouTube no longer knows the upload; it is started anew.');
	if (others.length === 0) return liveOf(video, context);
	throw new PublishError('unknown', 'Several videos of this channel could be this post.', {
		platform: 'youtube',
		code: 'ambiguous',
	});
}

/** A finished video is listed within seconds; ten minutes leave room for a bad day. */
const listingSettleMs = 10 * 60_000;
const lookAgainMs = 60_000;

export async function findVideo(
	context: AdapterContext,
	draft: Draft,
	{ session, intent }: { session: SessionHandle; intent: CommitIntent },
): Promise<Sighting> {
	const state = await probeSession(context, session);
	if (state.kind === 'complete') return { state: 'live', live: liveOf(state.video, context) };
	if (state.kind === 'incomplete') return { state: 'absent' };
	const found = await findInUploads(context, { draft, sizeBytes: session.sizeBytes, since: intent.armedAt });
	const [video, ...others] = found;
	if (video && others.length === 0) return { state: 'live', live: liveOf(video, context) };
	const ageMs = context.clock.now().getTime() - intent.armedAt.getTime();
	if (!video && ageMs >= listingSettleMs) return { state: 'gone' };
	return { state: 'undecided', retryAfterMs: lookAgainMs };
}

function liveOf(video: Video, { apiBaseUrl }: AdapterContext): LivePost {
	return { platformPostId: video.id, url: watchUrl(video.id, apiBaseUrl) };
}
