// Open → one PUT per range → close → wait (facts 5.2), medium by medium. Nobody sees any of it before a post names
// the media, so every step may be repeated, and a lost upload is simply made again.
import { patientSend } from '../../http/patient-send';
import type { AdapterContext, DraftMedia, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { HttpResponse, RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { asNetworkError } from '../error-table';
import { answerDeadlineMs, linkedInAction } from './call';
import { linkedInPaths } from './constants';
import { linkedInError } from './errors';
import { openUpload } from './open-upload';
import { readAsset, waitUntilAvailable } from './processing';
import type { LinkedInHandle, MediaHandle } from './types';

/** A line slower than this is as good as broken; only one part is lost with it. */
const minBytesPerSec = 64 * 1024;

export async function finishUpload(
	context: AdapterContext,
	{ media, handle, save }: { media: readonly DraftMedia[]; handle: LinkedInHandle; save: SaveHandle },
): Promise<LinkedInHandle> {
	let current = handle;
	for (const [index, { source }] of media.entries()) {
		const keep = async (medium: MediaHandle): Promise<void> => {
			current = { ...current, media: current.media.toSpliced(index, 1, medium) };
			await save(current);
		};
		let medium = current.media[index];
		if (!medium) {
			medium = await openUpload(context, handle.author, source);
			await keep(medium);
		}
		if (!medium.isFinalized) await finishMedium(context, { medium, source, keep });
	}
	await waitUntilAvailable(context, current.media);
	return current;
}

interface Step {
	readonly medium: MediaHandle;
	readonly source: RangedSource;
	readonly keep: (medium: MediaHandle) => Promise<void>;
}

async function finishMedium(context: AdapterContext, { medium, source, keep }: Step): Promise<void> {
	let current = medium;
	while (current.etags.length < current.instructions.length) {
		context.signal.throwIfAborted();
		const etag = await putPart(context, current, source);
		current = { ...current, etags: [...current.etags, etag] };
		await keep(current);
		context.log.info('LinkedIn keeps part of the upload', {
			part: current.etags.length,
			parts: current.instructions.length,
		});
	}
	if (current.kind === 'video') await finalizeVideo(context, current);
	// From here on nobody needs the addresses again, and nobody should be able to write to them.
	await keep({ ...current, isFinalized: true, instructions: [], etags: [] });
}

/** The ranges are LinkedIn's, never ours; its answer's ETag is what the closing call has to name. */
async function putPart(context: AdapterContext, media: MediaHandle, source: RangedSource): Promise<string> {
	const instruction = media.instructions[media.etags.length];
	const expiresAtMs = Date.parse(media.expiresAt);
	if (!instruction || expiresAtMs <= context.clock.now().getTime()) throw addressesOver();
	const { uploadUrl, firstByte, lastByte } = instruction;
	const sizeBytes = lastByte - firstByte + 1;
	const response = await patientSend(context, () =>
		// Without the token: the address alone is the right to write (facts 5.2).
		context.http.send(
			{
				method: 'PUT',
				url: uploadUrl,
				headers: { 'content-type': 'application/octet-stream', 'content-length': String(sizeBytes) },
				body: source.read(firstByte, lastByte + 1),
				deadlineMs: answerDeadlineMs + Math.ceil(sizeBytes / minBytesPerSec) * 1000,
			},
			context.signal,
		),
	).catch((error: unknown) => {
		throw asNetworkError('linkedin', error);
	});
	return etagOf(response, context, media.kind);
}

function etagOf(response: HttpResponse, context: AdapterContext, kind: MediaHandle['kind']): string {
	const { status, headers } = response;
	// Facts 5.2: an address that is over answers 401. No token was sent, so none can be wrong.
	if ([401, 403, 404, 410].includes(status)) throw addressesOver();
	if (status < 200 || status > 299) {
		throw linkedInError(response, context.clock.now(), 'Sending a part of the media');
	}
	// Only a video is closed by naming its parts.
	const etag = headers['etag'] ?? (kind === 'video' ? undefined : '');
	if (etag !== undefined) return etag;
	throw new PublishError('platform', 'LinkedIn took a part of the video without naming it.', {
		platform: 'linkedin',
		code: 'etag-missing',
	});
}

function addressesOver(): HandleGoneError {
	return new HandleGoneError('The upload to LinkedIn expired; it is started anew.');
}

/** Closing twice is refused, so a refusal may mean that a call whose answer was lost had closed it. */
async function finalizeVideo(context: AdapterContext, media: MediaHandle): Promise<void> {
	try {
		await linkedInAction(context, {
			path: linkedInPaths.finalizeVideo,
			body: {
				finalizeUploadRequest: {
					video: media.urn,
					uploadToken: media.uploadToken,
					uploadedPartIds: media.etags,
				},
			},
			doing: 'Closing the upload',
		});
	} catch (error) {
		const isRefusal = error instanceof PublishError && error.class === 'validation';
		if (!isRefusal || (await readAsset(context, media)).status === 'WAITING_UPLOAD') throw error;
	}
}
