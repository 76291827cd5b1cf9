import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import type { JsonObject } from '../../publishing/platform';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { instagramMetrics, instagramStatus } from './analytics';
import { instagramApiVersion } from './constants';
import { addFirstComment } from './first-comment';
import { instagramLimits, instagramRules } from './limits';
import { preparePost, sizesOf } from './prepare';
import { findPost, publishContainer } from './publish';
import { validateForInstagram } from './text';
import { instagramHandleSchema, type InstagramHandle } from './types';
import { finishUpload } from './upload';

export const instagramAdapter: PlatformAdapter = {
	description: {
		platform: 'instagram',
		displayName: 'Instagram',
		apiVersion: instagramApiVersion,
		// Pictures are fetched; videos are sent where the account allows it.
		mediaByAddress: 'possible',
		canPostWithoutMedia: false,
		maxMedia: instagramRules.maxMedia,
		takesAltText: true,
		metricsBatchSize: 25,
		limits: instagramLimits,
	},

	validate: validateForInstagram,
	isWordless: ({ placement }) => placement === 'story',

	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		return await preparePost(context, draft);
	},

	async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
		return await finishUpload(context, { draft, handle: handleOf(step.handle, draft), save: step.save });
	},

	async commit(context: AdapterContext, draft: Draft, handle: JsonObject) {
		return await publishContainer(context, handleOf(handle, draft));
	},

	async find(context, draft, { handle, intent }) {
		return await findPost(context, draft, { handle: parseHandle(instagramHandleSchema, handle), intent });
	},

	followUp: addFirstComment,
	status: instagramStatus,
	metrics: instagramMetrics,
};

/** Media of another file must never be mixed into a post, not even after an edit of it. */
function handleOf(stored: JsonObject, draft: Draft): InstagramHandle {
	const handle = parseHandle(instagramHandleSchema, stored);
	const sizes = sizesOf(draft);
	const isSame =
		handle.mediaBytes.length === sizes.length &&
		handle.mediaBytes.every((size, index) => size === sizes[index]);
	if (isSame) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}
