import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { JsonObject } from '../../publishing/platform';
import type { RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { facebookMetrics } from './analytics';
import { facebookApiVersion } from './constants';
import { facebookLimits, facebookRules } from './limits';
import { kindOf, optionsOf } from './options';
import { actAsPage } from './page-access';
import { createPost, findPost } from './publish-post';
import { findStory, publishStory } from './publish-story';
import { findVideo, finishVideo } from './publish-video';
import { refuseOddTime } from './schedule';
import { facebookStatus } from './status';
import { validateForFacebook } from './text';
import { facebookHandleSchema, type FacebookHandle } from './types';
import { openReel, openVideo, uploadPhotos, uploadReel, uploadVideo } from './upload';

export const facebookAdapter: PlatformAdapter = {
	description: {
		platform: 'facebook',
		displayName: 'Facebook',
		apiVersion: facebookApiVersion,
		mediaByAddress: 'never',
		canPostWithoutMedia: true,
		maxMedia: facebookRules.maxPhotos,
		takesAltText: false,
		// Each post takes calls of its own, so a batch would only make failures larger.
		metricsBatchSize: 1,
		limits: facebookLimits,
	},

	validate: validateForFacebook,
	isWordless: ({ placement }) => placement === 'story',

	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		const options = optionsOf(draft.content);
		refuseOddTime(options, context.clock.now());
		const { pageId, context: page } = await actAsPage(context, options.pageId);
		const preparedAt = context.clock.now().toISOString();
		if (draft.media.some(({ altText }) => altText)) {
			context.log.info('Facebook takes no alternative text here; the post goes out without it');
		}
		const base = { pageId, preparedAt, sizesBytes: sizesOf(draft) };
		const kind = kindOf(options, draft.media);
		switch (kind) {
			case 'reel':
			case 'video-story': {
				const opened = await openReel(page, pageId, kind === 'reel' ? 'reels' : 'videoStories');
				return { kind, ...base, ...opened } satisfies FacebookHandle;
			}
			case 'video': {
				const opened = await openVideo(page, pageId, videoOf(draft).sizeBytes);
				return { kind, ...base, ...opened } satisfies FacebookHandle;
			}
			default:
				return { kind, ...base, photoIds: [] } satisfies FacebookHandle;
		}
	},

	async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
		const handle = handleOf(step.handle, draft);
		const { context: page } = await actAsPage(context, handle.pageId);
		switch (handle.kind) {
			case 'reel':
			case 'video-story':
				await uploadReel(page, { media: videoOf(draft), handle });
				return handle;
			case 'video':
				return await uploadVideo(page, { media: videoOf(draft), handle, save: step.save });
			case 'feed':
			case 'photo-story': {
				const media = draft.media.map(({ source }) => source);
				return await uploadPhotos(page, { media, handle, save: step.save });
			}
			default:
				return handle satisfies never;
		}
	},

	async commit(context: AdapterContext, draft: Draft, stored: JsonObject) {
		const handle = handleOf(stored, draft);
		const { context: page } = await actAsPage(context, handle.pageId);
		switch (handle.kind) {
			case 'reel':
			case 'video':
				return await finishVideo(page, draft, handle);
			case 'feed':
				return await createPost(page, draft, handle);
			default:
				return await publishStory(page, handle);
		}
	},

	async find(context, draft, { handle: stored, intent }) {
		const handle = parseHandle(facebookHandleSchema, stored);
		if (handle.kind === 'video-story' || handle.kind === 'photo-story') return findStory(handle, intent);
		const { context: page } = await actAsPage(context, handle.pageId);
		return handle.kind === 'feed'
			? await findPost(page, draft, { handle, intent })
			: await findVideo(page, handle);
	},

	status: facebookStatus,
	metrics: facebookMetrics,
};

/** Bytes of another file must never be appended to an upload, not even after an edit of the post. */
function handleOf(stored: JsonObject, draft: Draft): FacebookHandle {
	const handle = parseHandle(facebookHandleSchema, stored);
	const isSame = handle.sizesBytes.join() === sizesOf(draft).join();
	if (isSame && handle.kind === kindOf(optionsOf(draft.content), draft.media)) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}

function sizesOf({ media }: Draft): number[] {
	return media.map(({ source }) => source.sizeBytes);
}

function videoOf({ media: [video] }: Draft): RangedSource {
	if (video) return video.source;
	throw new PublishError('validation', 'The video of the post is missing.', {
		platform: 'facebook',
		code: 'media',
		remedy: 'Give the node the video.',
	});
}
