import type {
	AdapterContext,
	Draft,
	DraftMedia,
	PlatformAdapter,
	SaveHandle,
} from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { JsonObject } from '../../publishing/platform';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { tiktokMetrics, tiktokStatus } from './analytics';
import { defaultChunkPolicy, type ChunkPolicy } from './chunk-plan';
import { tiktokApiVersion } from './constants';
import { tiktokLimits, tiktokRules } from './limits';
import { isPhotoPost } from './media-rules';
import { optionsOf } from './options';
import { findUploaded, sendLastChunk } from './publish';
import { findPulled, makeAddresses, preparePull, publishByAddress } from './pull';
import { validateForTikTok } from './text';
import { tiktokHandleSchema, type PullHandle, type UploadHandle } from './types';
import { openUpload, uploadToTheBrink } from './upload';

/** @param policy how files are cut; another one only where TikTok's own behaviour asks for it. */
export function tiktokAdapterWith(policy: ChunkPolicy): PlatformAdapter {
	return {
		description: {
			platform: 'tiktok',
			displayName: 'TikTok',
			apiVersion: tiktokApiVersion,
			mediaByAddress: 'possible',
			canPostWithoutMedia: false,
			maxMedia: tiktokRules.maxPhotos,
			takesAltText: false,
			metricsBatchSize: 20,
			limits: tiktokLimits,
		},

		validate: validateForTikTok,
		/** The creator writes them in the app. */
		isWordless: ({ delivery }) => delivery === 'inbox',

		async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
			const { source: media } = firstOf(draft);
			return isPulled(draft)
				? await preparePull(context, draft)
				: await openUpload(context, draft, { media, policy });
		},

		async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
			const handle = handleOf(step.handle, draft);
			if (handle.transfer === 'upload') {
				const { source: media } = firstOf(draft);
				return await uploadToTheBrink(context, { media, handle, save: step.save });
			}
			await makeAddresses(draft.media);
			return handle;
		},

		async commit(context: AdapterContext, draft: Draft, stored: JsonObject, save: SaveHandle) {
			const handle = handleOf(stored, draft);
			return handle.transfer === 'pull'
				? await publishByAddress(context, draft, { handle, save })
				: await sendLastChunk(context, { media: firstOf(draft).source, handle });
		},

		async find(context, draft, { handle: stored, intent }) {
			const handle = parseHandle(tiktokHandleSchema, stored);
			return handle.transfer === 'pull'
				? await findPulled(context, draft, { handle, intent })
				: await findUploaded(context, { handle, intent });
		},

		status: tiktokStatus,
		metrics: tiktokMetrics,
	};
}

export const tiktokAdapter = tiktokAdapterWith(defaultChunkPolicy);

function isPulled({ content, media }: Draft): boolean {
	return isPhotoPost(media) || optionsOf(content).transfer === 'pull';
}

function firstOf({ media: [first] }: Draft): DraftMedia {
	if (first) return first;
	throw new PublishError('validation', 'TikTok needs a video or photos.', {
		platform: 'tiktok',
		code: 'media',
		remedy: 'Give the node a video file or photos.',
	});
}

/** Media of other files must never be mixed into a post, not even after an edit of it. */
function handleOf(stored: JsonObject, draft: Draft): UploadHandle | PullHandle {
	const handle = parseHandle(tiktokHandleSchema, stored);
	const known = handle.transfer === 'pull' ? handle.mediaBytes : [handle.sizeBytes];
	const isSame = known.join() === draft.media.map(({ source }) => source.sizeBytes).join();
	if (isSame && (handle.transfer === 'pull') === isPulled(draft)) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}
