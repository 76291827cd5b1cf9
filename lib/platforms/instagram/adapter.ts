import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import type { JsonObject } from '../../publishing/platform';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { loneMedia, withLoneMedia } from '../lone-media';
import { instagramMetrics, instagramStatus } from './analytics';
import { instagramApiVersion } from './constants';
import { openContainer } from './container';
import { instagramLimits } from './limits';
import { findPost, publishContainer } from './publish';
import { validateForInstagram } from './text';
import { instagramHandleSchema, type InstagramHandle } from './types';
import { finishUpload } from './upload';

export const instagramAdapter: PlatformAdapter = {
	description: {
		platform: 'instagram',
		displayName: 'Instagram',
		apiVersion: instagramApiVersion,
		mediaByAddress: 'possible',
		// The medium can be an address among the options; without either it is refused.
		canPostWithoutMedia: true,
		maxMedia: 1,
		takesAltText: false,
		metricsBatchSize: 25,
		limits: instagramLimits,
	},

	validate: withLoneMedia(validateForInstagram),

	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		return await openContainer(context, draft);
	},

	async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
		const handle = handleOf(step.handle, draft);
		return await finishUpload(context, { source: loneMedia(draft)?.source ?? null, handle, save: step.save });
	},

	async commit(context: AdapterContext, draft: Draft, handle: JsonObject) {
		return await publishContainer(context, handleOf(handle, draft));
	},

	async find(context, draft, { handle, intent }) {
		return await findPost(context, draft, { handle: parseHandle(instagramHandleSchema, handle), intent });
	},

	status: instagramStatus,
	metrics: instagramMetrics,
};

/** Media of another file must never be mixed into an upload, not even after an edit of the post. */
function handleOf(stored: JsonObject, draft: Draft): InstagramHandle {
	const handle = parseHandle(instagramHandleSchema, stored);
	const media = loneMedia(draft)?.source;
	if (!handle.upload || !media || handle.upload.sizeBytes === media.sizeBytes) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}
