import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { JsonObject } from '../../publishing/platform';
import type { RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { loneMedia, withLoneMedia } from '../lone-media';
import { facebookMetrics, facebookStatus } from './analytics';
import { facebookApiVersion } from './constants';
import { facebookLimits } from './limits';
import { actAsPage } from './page-access';
import { createPost, findPost } from './publish-post';
import { findVideo, finishVideo } from './publish-video';
import { optionsOf, validateForFacebook } from './text';
import { facebookHandleSchema, type FacebookHandle } from './types';
import { openReel, openVideo, uploadPhoto, uploadReel, uploadVideo } from './upload';

export const facebookAdapter: PlatformAdapter = {
	description: {
		platform: 'facebook',
		displayName: 'Facebook',
		apiVersion: facebookApiVersion,
		mediaByAddress: 'never',
		canPostWithoutMedia: true,
		maxMedia: 1,
		takesAltText: false,
		// Each post takes calls of its own, so a batch would only make failures larger.
		metricsBatchSize: 1,
		limits: facebookLimits,
	},

	validate: withLoneMedia(validateForFacebook),

	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		const preparedAt = context.clock.now().toISOString();
		const { pageId: chosen, videoType } = optionsOf(draft.content);
		const { pageId, context: page } = await actAsPage(context, chosen);
		const media = loneMedia(draft)?.source;
		if (!media) return { kind: 'text', pageId, preparedAt } satisfies FacebookHandle;
		const base = { pageId, preparedAt, sizeBytes: media.sizeBytes };
		if (media.mimeType.startsWith('image/')) {
			return { kind: 'photo', ...base, photoId: null } satisfies FacebookHandle;
		}
		if (videoType === 'reel') {
			const reel = await openReel(page, pageId);
			return { kind: 'reel', ...base, ...reel } satisfies FacebookHandle;
		}
		const video = await openVideo(page, pageId, media.sizeBytes);
		return { kind: 'video', ...base, ...video } satisfies FacebookHandle;
	},

	async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
		const handle = handleOf(step.handle, draft);
		const { context: page } = await actAsPage(context, handle.pageId);
		switch (handle.kind) {
			case 'reel':
				await uploadReel(page, { media: mediaOf(draft), handle });
				return handle;
			case 'video':
				return await uploadVideo(page, { media: mediaOf(draft), handle, save: step.save });
			case 'photo': {
				if (handle.photoId !== null) return handle;
				const { pageId } = handle;
				return { ...handle, photoId: await uploadPhoto(page, { media: mediaOf(draft), pageId }) };
			}
			case 'text':
				return handle;
			default:
				return handle satisfies never;
		}
	},

	async commit(context: AdapterContext, draft: Draft, stored: JsonObject) {
		const handle = handleOf(stored, draft);
		const { context: page } = await actAsPage(context, handle.pageId);
		return isVideo(handle) ? await finishVideo(page, draft, handle) : await createPost(page, draft, handle);
	},

	async find(context, draft, { handle: stored, intent }) {
		const handle = parseHandle(facebookHandleSchema, stored);
		const { context: page } = await actAsPage(context, handle.pageId);
		return isVideo(handle) ? await findVideo(page, handle) : await findPost(page, draft, { handle, intent });
	},

	status: facebookStatus,
	metrics: facebookMetrics,
};

function isVideo(handle: FacebookHandle): handle is Extract<FacebookHandle, { kind: 'reel' | 'video' }> {
	return handle.kind === 'reel' || handle.kind === 'video';
}

/** Bytes of another file must never be appended to an upload, not even after an edit of the post. */
function handleOf(stored: JsonObject, draft: Draft): FacebookHandle {
	const handle = parseHandle(facebookHandleSchema, stored);
	const sizeBytes = handle.kind === 'text' ? undefined : handle.sizeBytes;
	if (sizeBytes === loneMedia(draft)?.source.sizeBytes) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}

function mediaOf(draft: Draft): RangedSource {
	const media = loneMedia(draft);
	if (media) return media.source;
	throw new PublishError('validation', 'The media of the post is missing.', {
		platform: 'facebook',
		code: 'media',
	});
}
