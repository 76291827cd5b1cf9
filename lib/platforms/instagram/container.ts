// A container is Instagram's unpublished post, or one item of it: nobody sees it, it lives a day, and it says by
// itself whether it was published (facts 3.2, 3.7).
import type { AdapterContext, Draft } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { graphCall } from '../graph-call';
import { publicUrlOf } from '../public-media';
import { instagramPaths, instagramUrl, isUploadAddress } from './constants';
import { carouselBody, needsAddress, partBody } from './container-body';
import { instagram, isMissing, wantsAddress } from './errors';
import { containerSchema, createdContainerSchema, type ContainerStatus, type Part } from './types';

interface PartWork {
	readonly draft: Draft;
	readonly index: number;
	readonly userId: string;
}

export async function openPart(context: AdapterContext, work: PartWork): Promise<Part> {
	const { draft, index, userId } = work;
	const media = draft.media[index];
	if (!media) throw new RangeError(`The post has no medium ${index}.`);
	const create = async (address?: string) =>
		await createContainer(context, userId, partBody({ ...draft, index, address }));
	if (needsAddress(media)) {
		const { id } = await create(await publicUrlOf(media, instagram));
		return { containerId: id, upload: null };
	}
	try {
		const { id, uri } = await create();
		return { containerId: id, upload: uploadOf(context, { uri, sizeBytes: media.source.sizeBytes }) };
	} catch (error) {
		// Some accounts get no direct upload with Instagram Login (facts 3.2, the doubt); an address always works.
		if (!wantsAddress(error) || !media.publicUrl) throw error;
		context.log.info('Instagram takes no file from this account; it fetches the public address instead');
		const { id } = await create(await media.publicUrl());
		return { containerId: id, upload: null };
	}
}

export async function openCarousel(
	context: AdapterContext,
	{ draft, userId, children }: { draft: Draft; userId: string; children: readonly string[] },
): Promise<string> {
	return (await createContainer(context, userId, carouselBody(draft.content, children))).id;
}

async function createContainer(
	context: AdapterContext,
	userId: string,
	body: Readonly<Record<string, unknown>>,
): Promise<{ id: string; uri?: string | undefined }> {
	return await graphCall(instagram, context, createdContainerSchema, {
		method: 'POST',
		url: instagramUrl('graph', instagramPaths.media(userId), context.apiBaseUrl),
		body,
		doing: 'Preparing the post',
	});
}

function uploadOf(
	{ apiBaseUrl }: AdapterContext,
	{ uri, sizeBytes }: { uri: string | undefined; sizeBytes: number },
): Part['upload'] {
	if (uri === undefined) {
		throw new PublishError('platform', 'Instagram named no address to send the video to.', {
			platform: 'instagram',
			code: 'no-upload-address',
		});
	}
	if (isUploadAddress(uri, apiBaseUrl)) return { uri, sizeBytes, isSent: false };
	throw new PublishError('platform', 'Instagram named an upload address that is not its own.', {
		platform: 'instagram',
		code: 'foreign-upload-address',
	});
}

/** Null when Instagram no longer knows it. */
export async function readContainer(
	context: AdapterContext,
	containerId: string,
): Promise<ContainerStatus | null> {
	try {
		return await graphCall(instagram, context, containerSchema, {
			method: 'GET',
			url: instagramUrl('graph', instagramPaths.node(containerId), context.apiBaseUrl),
			query: { fields: 'id,status,status_code,video_status' },
			doing: 'Asking about the upload',
		});
	} catch (error) {
		if (isMissing(error)) return null;
		throw error;
	}
}
