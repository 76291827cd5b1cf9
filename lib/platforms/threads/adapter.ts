import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import type { JsonObject } from '../../publishing/platform';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { loneMedia, withLoneMedia } from '../lone-media';
import { threadsMetrics, threadsStatus } from './analytics';
import { threadsRead } from './call';
import { threadsApiVersion, threadsPaths } from './constants';
import { threadsLimits } from './limits';
import { findPost, publishContainer } from './publish';
import { validateForThreads } from './text';
import { idSchema, threadsHandleSchema, type ThreadsHandle } from './types';
import { finishContainer, mediaOf } from './upload';

export const threadsAdapter: PlatformAdapter = {
	description: {
		platform: 'threads',
		displayName: 'Threads',
		apiVersion: threadsApiVersion,
		mediaByAddress: 'required',
		canPostWithoutMedia: true,
		maxMedia: 1,
		takesAltText: false,
		metricsBatchSize: 1,
		limits: threadsLimits,
	},

	validate: withLoneMedia(validateForThreads),

	/** Whose post it is: every later call names the profile. */
	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		const preparedAt = context.clock.now().toISOString();
		// Asked for before anything is sent: without an address the post cannot become one.
		await mediaOf(draft);
		const { id: userId } = await threadsRead(context, idSchema, {
			path: threadsPaths.me,
			query: { fields: 'id' },
			doing: 'Asking for the profile',
		});
		return {
			userId,
			preparedAt,
			mediaBytes: loneMedia(draft)?.source.sizeBytes ?? null,
			containerId: null,
		} satisfies ThreadsHandle;
	},

	async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
		const handle = handleOf(step.handle, draft);
		return await finishContainer(context, draft, { handle, save: step.save });
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
	if (handle.mediaBytes === (loneMedia(draft)?.source.sizeBytes ?? null)) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is made anew.');
}
