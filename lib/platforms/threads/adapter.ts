import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import type { JsonObject } from '../../publishing/platform';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { threadsMetrics, threadsStatus } from './analytics';
import { threadsApiVersion } from './constants';
import { threadsLimits } from './limits';
import { preparePost, sizesOf } from './prepare';
import { findPost, publishContainer } from './publish';
import { threadsRules } from './rules';
import { validateForThreads } from './text';
import { threadsHandleSchema, type ThreadsHandle } from './types';
import { finishUpload } from './upload';

export const threadsAdapter: PlatformAdapter = {
	description: {
		platform: 'threads',
		displayName: 'Threads',
		apiVersion: threadsApiVersion,
		mediaByAddress: 'required',
		canPostWithoutMedia: true,
		maxMedia: threadsRules.maxMedia,
		takesAltText: true,
		metricsBatchSize: 1,
		limits: threadsLimits,
	},

	validate: validateForThreads,

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
		return await findPost(context, draft, { handle: parseHandle(threadsHandleSchema, handle), intent });
	},

	status: threadsStatus,
	metrics: threadsMetrics,
};

function handleOf(stored: JsonObject, draft: Draft): ThreadsHandle {
	const handle = parseHandle(threadsHandleSchema, stored);
	const sizes = sizesOf(draft);
	const { mediaBytes } = handle;
	if (mediaBytes.length === sizes.length && mediaBytes.every((size, index) => size === sizes[index])) {
		return handle;
	}
	throw new HandleGoneError('The media changed since the upload began; it is made anew.');
}
