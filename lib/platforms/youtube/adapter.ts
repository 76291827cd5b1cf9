import type { AdapterContext, Draft, PlatformAdapter, SaveHandle } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import type { JsonObject } from '../../publishing/platform';
import type { RangedSource } from '../../publishing/ports';
import { HandleGoneError } from '../../publishing/publish';
import { parseHandle } from '../handle';
import { youtubeMetrics, youtubeStatus } from './analytics';
import { youtubeApiVersion } from './constants';
import { followUpOnYouTube } from './follow-up';
import { youtubeLimits } from './limits';
import { splitMedia } from './media';
import { findVideo, sendLastPiece } from './publish';
import { validateForYouTube } from './text';
import { sessionHandleSchema, type SessionHandle } from './types';
import { uploadToTheBrink } from './upload';
import { openSession } from './upload-session';

export const youtubeAdapter: PlatformAdapter = {
	description: {
		platform: 'youtube',
		displayName: 'YouTube',
		apiVersion: youtubeApiVersion,
		mediaByAddress: 'never',
		canPostWithoutMedia: false,
		// A thumbnail may come beside it: it hangs on the video and is no medium that people play.
		maxMedia: 1,
		takesAltText: false,
		metricsBatchSize: 50,
		limits: youtubeLimits,
	},

	validate: validateForYouTube,

	async prepare(context: AdapterContext, draft: Draft): Promise<JsonObject> {
		const media = mediaOf(draft);
		const openedAt = context.clock.now().toISOString();
		const sessionUri = await openSession(context, draft, media);
		return { sessionUri, sizeBytes: media.sizeBytes, nextByte: 0, openedAt } satisfies SessionHandle;
	},

	async upload(context: AdapterContext, draft: Draft, step: { handle: JsonObject; save: SaveHandle }) {
		const media = mediaOf(draft);
		const session = sessionOf(step.handle, media);
		return await uploadToTheBrink(context, { media, session, save: step.save });
	},

	async commit(context: AdapterContext, draft: Draft, handle: JsonObject) {
		const media = mediaOf(draft);
		return await sendLastPiece(context, draft, { media, session: sessionOf(handle, media) });
	},

	async find(context, draft, { handle, intent }) {
		return await findVideo(context, draft, { session: parseHandle(sessionHandleSchema, handle), intent });
	},

	followUp: followUpOnYouTube,
	status: youtubeStatus,
	metrics: youtubeMetrics,
};

function mediaOf(draft: Draft): RangedSource {
	const [video] = splitMedia(draft.media).videos;
	if (video) return video.source;
	throw new PublishError('validation', 'YouTube needs a video.', {
		platform: 'youtube',
		code: 'media',
		remedy: 'Give the node a video file.',
	});
}

/** Bytes of another file must never be appended to an upload, not even after an edit of the post. */
function sessionOf(handle: JsonObject, media: RangedSource): SessionHandle {
	const session = parseHandle(sessionHandleSchema, handle);
	if (session.sizeBytes === media.sizeBytes) return session;
	throw new HandleGoneError('The media changed since the upload began; it is started anew.');
}
