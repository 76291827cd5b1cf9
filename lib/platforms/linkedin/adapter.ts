import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import type { JsonObject } from '../../publishing/platform';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { linkedInMetrics } from './analytics';
import { authorOf } from './author';
import { linkedInVersion } from './constants';
import { linkedInLimits, linkedInRules } from './limits';
import { createPost, findPost } from './publish';
import { linkedInStatus } from './status';
import { validateForLinkedIn } from './text';
import { linkedInHandleSchema, type LinkedInHandle } from './types';
import { finishUpload } from './upload';

export const linkedInAdapter: PlatformAdapter = {
	description: {
		platform: 'linkedin',
		displayName: 'LinkedIn',
		apiVersion: linkedInVersion,
		mediaByAddress: 'never',
		canPostWithoutMedia: true,
		maxMedia: linkedInRules.maxImages,
		takesAltText: true,
		// A member's post costs a call per number, so a larger batch would only hold up its other posts.
		metricsBatchSize: 20,
		limits: linkedInLimits,
	},

	validate: validateForLinkedIn,

	/** Uploads are opened one by one: their addresses live for a limited time, and twenty pictures take some. */
	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		return {
			preparedAt: context.clock.now().toISOString(),
			author: await authorOf(context, draft.content),
			sizesBytes: sizesOf(draft),
			media: [],
		} satisfies LinkedInHandle;
	},

	async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
		const handle = handleOf(step.handle, draft);
		return await finishUpload(context, { media: draft.media, handle, save: step.save });
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
	if (handle.sizesBytes.join() === sizesOf(draft).join()) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}

function sizesOf({ media }: Draft): number[] {
	return media.map(({ source }) => source.sizeBytes);
}
