import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { JsonObject } from '../../publishing/platform';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { loneMedia, withLoneMedia } from '../lone-media';
import { xMetrics, xStatus } from './analytics';
import { xApiVersion } from './constants';
import { xLimits, xRules } from './limits';
import { createPost, findPost } from './publish';
import { validateForX } from './text';
import { xHandleSchema, type XHandle } from './types';
import { finishUpload, openUpload } from './upload';

export const xAdapter: PlatformAdapter = {
	description: {
		platform: 'x',
		displayName: 'X',
		apiVersion: xApiVersion,
		mediaByAddress: 'never',
		canPostWithoutMedia: true,
		maxMedia: 1,
		takesAltText: false,
		metricsBatchSize: 100,
		limits: xLimits,
	},

	validate: withLoneMedia(validateForX),

	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		refuseTooManySegments(draft);
		const preparedAt = context.clock.now().toISOString();
		const source = loneMedia(draft)?.source;
		const media = source ? await openUpload(context, source) : null;
		return { preparedAt, media } satisfies XHandle;
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
		return await findPost(context, draft, { handle: parseHandle(xHandleSchema, handle), intent });
	},

	status: xStatus,
	metrics: xMetrics,
};

/** Media of another file must never be mixed into an upload, not even after an edit of the post. */
function handleOf(stored: JsonObject, draft: Draft): XHandle {
	const handle = parseHandle(xHandleSchema, stored);
	if (handle.media?.sizeBytes === loneMedia(draft)?.source.sizeBytes) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}

function refuseTooManySegments(draft: Draft): void {
	const maxBytes = xRules.segmentBytes * xRules.maxSegments;
	const source = loneMedia(draft)?.source;
	if (!source || source.sizeBytes <= maxBytes) return;
	throw new PublishError('validation', 'The media is too large for X.', {
		platform: 'x',
		code: 'media.size',
		remedy: 'Render the media smaller or shorter.',
	});
}
