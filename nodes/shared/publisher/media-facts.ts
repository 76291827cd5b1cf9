// What the rules of a network are checked against. Without ffprobe less is known, and the log says so.
import { ClipError, probe, readPictureSize } from '../../../lib/media';
import type { MediaFacts } from '../../../lib/publishing/adapter';
import { PublishError } from '../../../lib/publishing/errors';
import type { Logger } from '../../../lib/publishing/ports';
import type { OpenMedia } from './media';
import { mediaKindOf } from './mime-type';

export async function readMediaFacts(
	{ source, filePath }: OpenMedia,
	{ log, signal }: { log: Logger; signal: AbortSignal },
): Promise<MediaFacts> {
	const { mimeType, sizeBytes } = source;
	const known: MediaFacts = { kind: mediaKindOf(mimeType), mimeType, sizeBytes };
	if (known.kind === 'image' || known.kind === 'gif') {
		return { ...known, ...(await readPictureSize(filePath, signal)) };
	}
	// Documents and empty files have nothing that ffprobe could add to their rules.
	if (known.kind !== 'video' || sizeBytes === 0) return known;
	const probed = await probe(filePath, { signal }).catch((error: unknown) => {
		if (error instanceof ClipError && error.code === 'ffmpeg-missing') return error;
		throw signal.aborted ? error : unreadable(error);
	});
	if (!(probed instanceof ClipError)) return { ...known, ...toFacts(probed) };
	log.warn('The media is checked by size and type only: ffprobe is not there', { remedy: probed.remedy });
	return known;
}

function toFacts({ durationSec, video, audio }: Awaited<ReturnType<typeof probe>>): Partial<MediaFacts> {
	return {
		durationSec,
		...(video && {
			widthPx: video.width,
			heightPx: video.height,
			framesPerSec: video.fps,
			videoCodec: video.codec,
		}),
		...(audio && { audioCodec: audio.codec }),
	};
}

function unreadable(error: unknown): unknown {
	if (!(error instanceof ClipError)) return error;
	const { code, message, remedy } = error;
	// A busy machine must not fail a post for good.
	return new PublishError(error.class, message, { code, remedy, cause: error });
}
