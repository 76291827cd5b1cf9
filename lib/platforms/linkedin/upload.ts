// initializeUpload → one PUT per instruction → finalizeUpload → wait (facts 5.2). Nobody sees any of it before a
// post names the media, so every step may be repeated, and a lost upload is simply made again.
import { patientSend } from '../../http/patient-send';
import type { AdapterContext, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { HttpResponse, RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { asNetworkError } from '../error-table';
import { parseAnswer } from '../parse-answer';
import { answerDeadlineMs, linkedInAction } from './call';
import { linkedInPaths } from './constants';
import { linkedInError } from './errors';
import { readAsset, waitUntilAvailable } from './processing';
import {
	initializedImageSchema,
	initializedVideoSchema,
	type LinkedInHandle,
	type MediaHandle,
} from './types';

/** A line slower than this is as good as broken; only one part is lost with it. */
const minBytesPerSec = 64 * 1024;

export async function openUpload(
	context: AdapterContext,
	owner: string,
	media: RangedSource,
): Promise<MediaHandle> {
	return media.mimeType.startsWith('image/')
		? await openImage(context, owner, media)
		: await openVideo(context, owner, media);
}

const readable = { platform: 'linkedin', ifUnreadable: 'platform' } as const;

async function openVideo(context: AdapterContext, owner: string, media: RangedSource): Promise<MediaHandle> {
	const { sizeBytes } = media;
	const response = await linkedInAction(context, {
		path: linkedInPaths.initializeVideo,
		body: {
			initializeUploadRequest: {
				owner,
				fileSizeBytes: sizeBytes,
				uploadCaptions: false,
				uploadThumbnail: false,
			},
		},
		doing: 'Opening the upload',
	});
	const { value } = parseAnswer(initializedVideoSchema, response, readable);
	return {
		urn: value.video,
		kind: 'video',
		sizeBytes,
		uploadToken: value.uploadToken,
		expiresAt: new Date(value.uploadUrlsExpireAt).toISOString(),
		instructions: value.uploadInstructions,
		etags: [],
		isFinalized: false,
	};
}

async function openImage(context: AdapterContext, owner: string, media: RangedSource): Promise<MediaHandle> {
	const { sizeBytes } = media;
	const response = await linkedInAction(context, {
		path: linkedInPaths.initializeImage,
		body: { initializeUploadRequest: { owner } },
		doing: 'Opening the upload',
	});
	const { value } = parseAnswer(initializedImageSchema, response, readable);
	return {
		urn: value.image,
		kind: 'image',
		sizeBytes,
		uploadToken: '',
		expiresAt: new Date(value.uploadUrlExpiresAt).toISOString(),
		instructions: [{ uploadUrl: value.uploadUrl, firstByte: 0, lastByte: sizeBytes - 1 }],
		etags: [],
		isFinalized: false,
	};
}

export async function finishUpload(
	context: AdapterContext,
	{
		source,
		handle,
		save,
	}: { source: RangedSource; handle: LinkedInHandle & { media: MediaHandle }; save: SaveHandle },
): Promise<LinkedInHandle> {
	let { media } = handle;
	while (!media.isFinalized && media.etags.length < media.instructions.length) {
		context.signal.throwIfAborted();
		const etag = await putPart(context, media, source);
		media = { ...media, etags: [...media.etags, etag] };
		await save({ ...handle, media });
		context.log.info('LinkedIn keeps part of the upload', {
			part: media.etags.length,
			parts: media.instructions.length,
		});
	}
	if (!media.isFinalized) {
		if (media.kind === 'video') await finalizeVideo(context, media);
		// From here on nobody needs the addresses again, and nobody should be able to write to them.
		media = { ...media, isFinalized: true, instructions: [], etags: [] };
		await save({ ...handle, media });
	}
	await waitUntilAvailable(context, media);
	return { ...handle, media };
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
	const etag = headers['etag'] ?? (kind === 'image' ? '' : undefined);
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
