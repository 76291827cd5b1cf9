// A container is Instagram's unpublished post: nobody sees it, it lives a day, and it says by itself whether it
// was published (facts 3.2, 3.7).
import type { AdapterContext, Draft } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { graphCall } from '../graph-call';
import { loneMedia } from '../lone-media';
import { instagramPaths, instagramUrl, isUploadAddress } from './constants';
import { instagram, isMissing, wantsAddress } from './errors';
import { containerBody } from './text';
import {
	containerSchema,
	createdContainerSchema,
	meSchema,
	publishingLimitSchema,
	type ContainerStatus,
	type InstagramHandle,
} from './types';

const hourMs = 3_600_000;

export async function openContainer(context: AdapterContext, draft: Draft): Promise<InstagramHandle> {
	const preparedAt = context.clock.now().toISOString();
	const userId = await readUserId(context);
	await refuseFullDay(context, userId);
	const created = await createContainer(context, { draft, userId });
	return { preparedAt, userId, containerId: created.id, upload: uploadOf(context, draft, created.uri) };
}

async function readUserId(context: AdapterContext): Promise<string> {
	const me = await graphCall(instagram, context, meSchema, {
		method: 'GET',
		url: instagramUrl('graph', instagramPaths.me, context.apiBaseUrl),
		query: { fields: 'user_id' },
		doing: 'Asking for the account',
	});
	return me.user_id;
}

/** Asked before the upload: 300 MB sent for a post that is refused at the end are 300 MB too many (facts 3.4). */
async function refuseFullDay(context: AdapterContext, userId: string): Promise<void> {
	const { data } = await graphCall(instagram, context, publishingLimitSchema, {
		method: 'GET',
		url: instagramUrl('graph', instagramPaths.publishingLimit(userId), context.apiBaseUrl),
		query: { fields: 'config,quota_usage' },
		doing: 'Asking how many posts are left',
	});
	const used = data[0]?.quota_usage;
	const total = data[0]?.config?.quota_total;
	if (used === undefined || total === undefined || used < total) return;
	throw new PublishError('quota', `The account has used its ${total} posts of 24 hours.`, {
		platform: 'instagram',
		code: 'content_publishing_limit',
		scope: 'account',
		// The day rolls and nothing says when its first post leaves it.
		retryAt: new Date(context.clock.now().getTime() + hourMs),
		remedy: 'The post goes out when there is room again.',
	});
}

async function createContainer(
	context: AdapterContext,
	{ draft, userId }: { draft: Draft; userId: string },
): Promise<{ id: string; uri?: string | undefined }> {
	const create = async (body: Readonly<Record<string, unknown>>) =>
		await graphCall(instagram, context, createdContainerSchema, {
			method: 'POST',
			url: instagramUrl('graph', instagramPaths.media(userId), context.apiBaseUrl),
			body,
			doing: 'Preparing the post',
		});
	try {
		return await create(containerBody(draft.content));
	} catch (error) {
		// Some accounts get no direct upload with Instagram Login (facts 3.2, the doubt); an address always works.
		const publicUrl = loneMedia(draft)?.publicUrl;
		if (!wantsAddress(error) || !publicUrl) throw error;
		context.log.info('Instagram takes no file from this account; it fetches the public address instead');
		const { upload_type: _direct, ...body } = containerBody(draft.content);
		return await create({ ...body, video_url: await publicUrl() });
	}
}

function uploadOf(
	{ apiBaseUrl }: AdapterContext,
	draft: Draft,
	uri: string | undefined,
): InstagramHandle['upload'] {
	const media = loneMedia(draft)?.source;
	if (uri === undefined || !media) return null;
	if (isUploadAddress(uri, apiBaseUrl)) return { uri, sizeBytes: media.sizeBytes, isSent: false };
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

/** Whether this container is of the kind that the feed calls a reel. */
export function isReel(draft: Draft): boolean {
	return containerBody(draft.content)['media_type'] === 'REELS';
}
