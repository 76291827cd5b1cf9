import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { JsonObject } from '../../publishing/platform';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { xMetrics, xStatus } from './analytics';
import { xApiVersion } from './constants';
import { xLimits, xRules } from './limits';
import { createPost, findPost } from './publish';
import { validateForX, xCostMicrosUsd } from './text';
import { xHandleSchema, type XHandle } from './types';
import { finishUploads } from './upload';

export const xAdapter: PlatformAdapter = {
	description: {
		platform: 'x',
		displayName: 'X',
		apiVersion: xApiVersion,
		mediaByAddress: 'never',
		canPostWithoutMedia: true,
		maxMedia: xRules.maxPictures,
		takesAltText: true,
		metricsBatchSize: 100,
		limits: xLimits,
	},

	validate: validateForX,
	costMicrosUsd: xCostMicrosUsd,

	/** Nothing to open for the post as a whole: each medium is opened when it is its turn. */
	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		refuseTooManySegments(draft);
		const preparedAt = context.clock.now().toISOString();
		return { preparedAt, mediaBytes: sizesOf(draft), media: [] } satisfies XHandle;
	},

	async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
		return await finishUploads(context, draft, { handle: handleOf(step.handle, draft), save: step.save });
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

function sizesOf({ media }: Draft): number[] {
	return media.map(({ source }) => source.sizeBytes);
}

/** Media of another file must never be mixed into an upload, not even after an edit of the post. */
function handleOf(stored: JsonObject, draft: Draft): XHandle {
	const handle = parseHandle(xHandleSchema, stored);
	if (handle.mediaBytes.join() === sizesOf(draft).join()) return handle;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}

function refuseTooManySegments(draft: Draft): void {
	const maxBytes = xRules.segmentBytes * xRules.maxSegments;
	if (sizesOf(draft).every((sizeBytes) => sizeBytes <= maxBytes)) return;
	throw new PublishError('validation', 'The media is too large for X.', {
		platform: 'x',
		code: 'media.size',
		remedy: 'Render the media smaller or shorter.',
	});
}
