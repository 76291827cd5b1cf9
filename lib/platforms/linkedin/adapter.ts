import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import type { JsonObject } from '../../publishing/platform';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { loneMedia, withLoneMedia } from '../lone-media';
import { linkedInMetrics, linkedInStatus } from './analytics';
import { authorOf } from './author';
import { linkedInVersion } from './constants';
import { linkedInLimits } from './limits';
import { createPost, findPost } from './publish';
import { validateForLinkedIn } from './text';
import { linkedInHandleSchema, type LinkedInHandle } from './types';
import { finishUpload, openUpload } from './upload';

export const linkedInAdapter: PlatformAdapter = {
	description: {
		platform: 'linkedin',
		displayName: 'LinkedIn',
		apiVersion: linkedInVersion,
		mediaByAddress: 'never',
		canPostWithoutMedia: true,
		maxMedia: 1,
		takesAltText: false,
		// A member's post costs a call per number, so a larger batch would only hold up its other posts.
		metricsBatchSize: 20,
		limits: linkedInLimits,
	},

	validate: withLoneMedia(validateForLinkedIn),

	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		const preparedAt = context.clock.now().toISOString();
		const author = await authorOf(context, draft.content);
		const source = loneMedia(draft)?.source;
		const media = source ? await openUpload(context, author, source) : null;
		return { preparedAt, author, media } satisfies LinkedInHandle;
	},

	async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
		const handle = handleOf(step.handle, draft);
		const { media } = handle;
		const source = loneMedia(draft)?.source;
		if (!media || !source) return handle;
		return await finishUpload(context, {
			source,
			handle: { ...handle, media },
			save: step.save,
		});
	},

	async commit(context: AdapterContext, draft: Draft, handle: JsonObject) {
		return await createPost(context, draft, handleOf(handle, draft));
	},

	async find(context, draft, { handle, intent }) {
		return await findPost(context, draft, { handle: parseHandle(linkedInHandleSchema, handle), intent });
	},

	status: linkedInStatus,
	metrics: linkedInMetrics,
};

/** Media of another file must never be mixed into an upload, not even after an edit of the post. */
function handleOf(stored: JsonObject, draft: Draft): LinkedInHandle {
	const handle = parseHandle(linkedInHandleSchema, stored);
	if (handle.media?.sizeBytes === loneMedia(draft)?.source.sizeBytes) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}
