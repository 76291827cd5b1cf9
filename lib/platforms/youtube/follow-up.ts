// What hangs on a video that is out: its thumbnail and the playlists that show it (facts 1.2, 1.5). The video is
// there whatever happens here; what is missing is said.
import type { AdapterContext, Draft, FollowUp } from '../../publishing/adapter';
import { toPublishError } from '../../publishing/errors';
import { TransportError, type HttpResponse, type RangedSource } from '../../publishing/ports';
import type { LivePost } from '../../publishing/post';
import { isPassing } from '../../http/patient-send';
import { asNetworkError } from '../error-table';
import { youtubeChange, youtubeRead, youtubeSendFile } from './call';
import { youtubeError } from './errors';
import { splitMedia } from './media';
import { readOptions } from './options';
import { entriesSchema } from './types';

export async function followUpOnYouTube(
	context: AdapterContext,
	{ content, media }: Draft,
	{ platformPostId: videoId }: LivePost,
): Promise<readonly FollowUp[]> {
	const [thumbnail] = splitMedia(media).pictures;
	const done: FollowUp[] = [];
	if (thumbnail) {
		done.push(await attempt('thumbnail', async () => setThumbnail(context, videoId, thumbnail.source)));
	}
	for (const playlistId of new Set(readOptions(content)?.playlistIds)) {
		const add = async (): Promise<void> => addToPlaylist(context, { videoId, playlistId });
		done.push(await attempt(`playlist ${playlistId}`, add));
	}
	return done;
}

async function attempt(name: string, work: () => Promise<void>): Promise<FollowUp> {
	try {
		await work();
		return { name, isDone: true, problem: null };
	} catch (thrown) {
		const { message, remedy = '' } = toPublishError(thrown);
		return { name, isDone: false, problem: `${message} ${remedy}`.trim() };
	}
}

/** The same thumbnail twice is the same thumbnail, so nothing has to be looked for. */
async function setThumbnail(context: AdapterContext, videoId: string, source: RangedSource): Promise<void> {
	const response = await youtubeSendFile(context, source, async ({ data }, options) =>
		// The client needs something to send for it to choose the upload address; the bytes come from the file.
		data.thumbnails.set({ videoId, media: { mimeType: source.mimeType, body: '-' } }, options),
	);
	if (response.status !== 200) throw youtubeError(response, context.clock.now(), 'The thumbnail');
}

interface Entry {
	readonly videoId: string;
	readonly playlistId: string;
}

/** A playlist shows the same video twice if it is told to twice. */
async function addToPlaylist(context: AdapterContext, entry: Entry): Promise<void> {
	if (await isInPlaylist(context, entry)) return;
	const outcome = await insert(context, entry);
	if (!(outcome instanceof TransportError) && outcome.status === 200) return;
	const mayHaveWorked =
		outcome instanceof TransportError ? outcome.mayHaveArrived : isPassing(outcome.status);
	if (mayHaveWorked && !context.signal.aborted && (await isInPlaylist(context, entry))) return;
	throw outcome instanceof TransportError
		? asNetworkError('youtube', outcome)
		: youtubeError(outcome, context.clock.now(), 'Adding the video to the playlist');
}

async function isInPlaylist(context: AdapterContext, { videoId, playlistId }: Entry): Promise<boolean> {
	const { items } = await youtubeRead(context, entriesSchema, {
		write: async ({ data }, options) =>
			data.playlistItems.list({ part: ['id'], playlistId, videoId, maxResults: 1 }, options),
	});
	return items.length > 0;
}

async function insert(
	context: AdapterContext,
	{ videoId, playlistId }: Entry,
): Promise<HttpResponse | TransportError> {
	const snippet = { playlistId, resourceId: { kind: 'youtube#video', videoId } };
	return await youtubeChange(context, async ({ data }, options) =>
		data.playlistItems.insert({ part: ['snippet'], requestBody: { snippet } }, options),
	).catch((error: unknown) => {
		if (error instanceof TransportError) return error;
		throw error;
	});
}
