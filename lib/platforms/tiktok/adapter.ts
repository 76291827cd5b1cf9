import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { JsonObject } from '../../publishing/platform';
import type { RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { loneMedia, withLoneMedia } from '../lone-media';
import { tiktokMetrics, tiktokStatus } from './analytics';
import { defaultChunkPolicy, type ChunkPolicy } from './chunk-plan';
import { tiktokApiVersion } from './constants';
import { tiktokLimits } from './limits';
import { findPublished, sendLastChunk } from './publish';
import { validateForTikTok } from './text';
import { uploadHandleSchema, type UploadHandle } from './types';
import { openUpload, uploadToTheBrink } from './upload';

/** @param policy how files are cut; another one only where TikTok's own behaviour asks for it. */
export function tiktokAdapterWith(policy: ChunkPolicy): PlatformAdapter {
	return {
		description: {
			platform: 'tiktok',
			displayName: 'TikTok',
			apiVersion: tiktokApiVersion,
			mediaByAddress: 'never',
			canPostWithoutMedia: false,
			maxMedia: 1,
			takesAltText: false,
			metricsBatchSize: 20,
			limits: tiktokLimits,
		},

		validate: withLoneMedia(validateForTikTok),

		async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
			return await openUpload(context, draft, { media: mediaOf(draft), policy });
		},

		async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
			const media = mediaOf(draft);
			return await uploadToTheBrink(context, {
				media,
				handle: handleOf(step.handle, media),
				save: step.save,
			});
		},

		async commit(context: AdapterContext, draft: Draft, handle: JsonObject) {
			const media = mediaOf(draft);
			return await sendLastChunk(context, { media, handle: handleOf(handle, media) });
		},

		async find(context, _draft, { handle, intent }) {
			return await findPublished(context, { handle: parseHandle(uploadHandleSchema, handle), intent });
		},

		status: tiktokStatus,
		metrics: tiktokMetrics,
	};
}

export const tiktokAdapter = tiktokAdapterWith(defaultChunkPolicy);

function mediaOf(draft: Draft): RangedSource {
	const media = loneMedia(draft);
	if (media) return media.source;
	throw new PublishError('validation', 'TikTok needs a video.', {
		platform: 'tiktok',
		code: 'media',
		remedy: 'Give the node a video file.',
	});
}

/** Bytes of another file must never be appended to an upload, not even after an edit of the post. */
function handleOf(stored: JsonObject, media: RangedSource): UploadHandle {
	const handle = parseHandle(uploadHandleSchema, stored);
	if (handle.sizeBytes === media.sizeBytes) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}
