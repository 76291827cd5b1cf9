// Each medium on its way to where a post may name it (facts 4.2): a picture in one request, everything else by
// initialize → append… → finalize → wait. Nobody sees any of it before a post names the media, so every step may
// be repeated, and a lost upload is simply made again.
import type { AdapterContext, Draft, DraftMedia, MediaFacts, SaveHandle } from '../../publishing/adapter';
import type { RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { describeMedia } from './describe';
import { xRules } from './limits';
import { isLongVideo, takesAltText } from './media-rules';
import { waitUntilProcessed } from './processing';
import { appendSegment, finalizeUpload, initializeUpload, uploadOnce, type Accepted } from './upload-calls';
import type { MediaHandle, XHandle } from './types';

/** Media ids live for a day: an upload that waited longer is made again, which nobody sees. */
export function refuseExpired({ media }: XHandle, now: Date): void {
	const marginMs = 60_000;
	if (media.every(({ expiresAt }) => Date.parse(expiresAt) - marginMs > now.getTime())) return;
	throw new HandleGoneError('The upload to X expired; it is started anew.');
}

/** All media of the post, from wherever the handle says they are. */
export async function finishUploads(
	context: AdapterContext,
	draft: Draft,
	{ handle, save }: { handle: XHandle; save: SaveHandle },
): Promise<XHandle> {
	refuseExpired(handle, context.clock.now());
	let current = handle;
	for (const [index, medium] of draft.media.entries()) {
		const keep = async (state: MediaHandle): Promise<MediaHandle> => {
			const media = [...current.media.slice(0, index), state, ...current.media.slice(index + 1)];
			current = { ...current, media };
			await save(current);
			return state;
		};
		await finishOne(context, medium, { begun: current.media[index], keep });
	}
	return current;
}

type Keep = (state: MediaHandle) => Promise<MediaHandle>;

async function finishOne(
	context: AdapterContext,
	{ source, facts, altText }: DraftMedia,
	{ begun, keep }: { begun: MediaHandle | undefined; keep: Keep },
): Promise<void> {
	let state = begun ?? (await keep(await open(context, source, facts)));
	if (!state.isFinalized) state = await sendSegments(context, source, { state, keep });
	if (!state.isReady) {
		await waitUntilProcessed(context, state.mediaId);
		state = await keep({ ...state, isReady: true });
	}
	if (!altText || state.isDescribed) return;
	if (takesAltText(facts)) {
		await describeMedia(context, state.mediaId, altText);
		await keep({ ...state, isDescribed: true });
		return;
	}
	context.log.info('X takes no description of a video; the post goes out without it');
}

async function open(context: AdapterContext, source: RangedSource, facts: MediaFacts): Promise<MediaHandle> {
	const isPicture = source.mimeType.startsWith('image/') && source.mimeType !== 'image/gif';
	const accepted = isPicture
		? await uploadOnce(context, source)
		: await initializeUpload(context, source, categoryOf(facts));
	const { id, media_key: mediaKey, processing_info: processing } = accepted.media;
	return {
		mediaId: id,
		mediaKey,
		nextSegment: 0,
		isFinalized: isPicture,
		isReady: isPicture && !processing,
		isDescribed: false,
		expiresAt: accepted.expiresAt,
	};
}

function categoryOf(facts: MediaFacts): string {
	if (facts.kind === 'gif') return 'tweet_gif';
	return isLongVideo(facts) ? 'amplify_video' : 'tweet_video';
}

async function sendSegments(
	context: AdapterContext,
	source: RangedSource,
	{ state, keep }: { state: MediaHandle; keep: Keep },
): Promise<MediaHandle> {
	let current = state;
	const segments = Math.ceil(source.sizeBytes / xRules.segmentBytes);
	while (current.nextSegment < segments) {
		context.signal.throwIfAborted();
		await appendSegment(context, source, { mediaId: current.mediaId, index: current.nextSegment });
		current = await keep({ ...current, nextSegment: current.nextSegment + 1 });
		context.log.info('X keeps part of the upload', { segment: current.nextSegment, segments });
	}
	const { media, expiresAt }: Accepted = await finalizeUpload(context, current.mediaId);
	// Missing means ready, so it costs no further read.
	return await keep({ ...current, isFinalized: true, isReady: !media.processing_info, expiresAt });
}
