// The second way to find a video, for when the session that made it is forgotten: the channel's own list of
// uploads (facts 1.8; three reads of one unit each).
import type { z } from 'zod';
import type { AdapterContext, Draft } from '../../publishing/adapter';
import { youtubeRead } from './call';
import { channelListSchema, playlistItemsSchema, videoListSchema, videoSchema, type Video } from './types';

/** Clocks of two machines differ; a match still needs the title and, where told, the size. */
const clockSkewMs = 2 * 60_000;
/** Far more than one channel uploads between a lost answer and the look for it. */
const listedVideos = 50;

export async function findInUploads(
	context: AdapterContext,
	wanted: { draft: Draft; sizeBytes: number; since: Date },
): Promise<readonly Video[]> {
	const channels = await youtubeRead(context, channelListSchema, {
		write: async ({ data }, options) => data.channels.list({ part: ['contentDetails'], mine: true }, options),
	});
	const playlistId = channels.items[0]?.contentDetails.relatedPlaylists.uploads;
	if (!playlistId) return [];
	const listed = await youtubeRead(context, playlistItemsSchema, {
		write: async ({ data }, options) =>
			data.playlistItems.list({ part: ['contentDetails'], playlistId, maxResults: listedVideos }, options),
	});
	const ids = listed.items.map(({ contentDetails }) => contentDetails.videoId);
	if (ids.length === 0) return [];
	const videos = await readVideos(context, ids, 'snippet,status,fileDetails');
	return videos.map(({ video }) => video).filter((video) => isTheOne(video, wanted));
}

function isTheOne(
	{ snippet, fileDetails }: Video,
	{ draft, sizeBytes, since }: { draft: Draft; sizeBytes: number; since: Date },
): boolean {
	const publishedAt = Date.parse(snippet?.publishedAt ?? '');
	if (!(publishedAt >= since.getTime() - clockSkewMs)) return false;
	if (plain(snippet?.title) !== plain(draft.content.title)) return false;
	return fileDetails?.fileSize === undefined || fileDetails.fileSize === sizeBytes;
}

function plain(title: string | undefined): string {
	return (title ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** Reads videos by id, each with its raw JSON; those that YouTube no longer knows are missing. */
export async function readVideos(
	context: AdapterContext,
	ids: readonly string[],
	part: string,
): Promise<readonly { video: Video; raw: unknown }[]> {
	const list: z.infer<typeof videoListSchema> = await youtubeRead(context, videoListSchema, {
		// One parameter with commas, as YouTube's documentation has it, and not one for each id.
		write: async ({ data }, options) => data.videos.list({ part: [part], id: [ids.join(',')] }, options),
	});
	return list.items.flatMap((raw) => {
		const parsed = videoSchema.safeParse(raw);
		return parsed.success ? [{ video: parsed.data, raw }] : [];
	});
}
