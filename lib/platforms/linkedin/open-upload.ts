// The call that opens an upload, for each kind of media (facts 5.2). It gives the urn that the post will name, and
// addresses that let anyone write.
import type { AdapterContext } from '../../publishing/adapter';
import type { HttpResponse, RangedSource } from '../../publishing/ports';
import { parseAnswer } from '../parse-answer';
import { linkedInAction } from './call';
import { linkedInPaths } from './constants';
import {
	initializedDocumentSchema,
	initializedImageSchema,
	initializedVideoSchema,
	type MediaHandle,
} from './types';

const readable = { platform: 'linkedin', ifUnreadable: 'platform' } as const;

export async function openUpload(
	context: AdapterContext,
	owner: string,
	media: RangedSource,
): Promise<MediaHandle> {
	const { mimeType, sizeBytes } = media;
	if (mimeType.startsWith('image/')) {
		const opened = await initialize(context, linkedInPaths.initializeImage, { owner });
		const { value } = parseAnswer(initializedImageSchema, opened, readable);
		return wholeFile({ urn: value.image, kind: 'image', sizeBytes }, value);
	}
	if (mimeType.startsWith('application/')) {
		const opened = await initialize(context, linkedInPaths.initializeDocument, { owner });
		const { value } = parseAnswer(initializedDocumentSchema, opened, readable);
		return wholeFile({ urn: value.document, kind: 'document', sizeBytes }, value);
	}
	return await openVideo(context, owner, sizeBytes);
}

async function openVideo(
	context: AdapterContext,
	owner: string,
	fileSizeBytes: number,
): Promise<MediaHandle> {
	const opened = await initialize(context, linkedInPaths.initializeVideo, {
		owner,
		fileSizeBytes,
		uploadCaptions: false,
		uploadThumbnail: false,
	});
	const { value } = parseAnswer(initializedVideoSchema, opened, readable);
	return {
		urn: value.video,
		kind: 'video',
		uploadToken: value.uploadToken,
		expiresAt: new Date(value.uploadUrlsExpireAt).toISOString(),
		instructions: value.uploadInstructions,
		etags: [],
		isFinalized: false,
	};
}

/** Pictures and documents go out in one piece. */
function wholeFile(
	{ urn, kind, sizeBytes }: { urn: string; kind: MediaHandle['kind']; sizeBytes: number },
	{ uploadUrl, uploadUrlExpiresAt }: { uploadUrl: string; uploadUrlExpiresAt: number },
): MediaHandle {
	return {
		urn,
		kind,
		uploadToken: '',
		expiresAt: new Date(uploadUrlExpiresAt).toISOString(),
		instructions: [{ uploadUrl, firstByte: 0, lastByte: sizeBytes - 1 }],
		etags: [],
		isFinalized: false,
	};
}

async function initialize(
	context: AdapterContext,
	path: string,
	initializeUploadRequest: Readonly<Record<string, unknown>>,
): Promise<HttpResponse> {
	return await linkedInAction(context, {
		path,
		body: { initializeUploadRequest },
		doing: 'Opening the upload',
	});
}
