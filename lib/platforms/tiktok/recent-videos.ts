// Looks for a video of ours among the public ones (facts 2.2, 2.9): by its caption and its time, never just because
// it is the newest.
import type { AdapterContext } from '../../publishing/adapter';
import { tiktokRead } from './call';
import { tiktokPaths } from './constants';
import { videoListSchema, type TikTokVideo } from './types';

/** Clocks of two machines differ. */
const clockSkewMs = 60_000;
const pageSize = 20;
const maxPages = 5;
/** Facts 2.8: no more of a caption is listed. */
const listedUnits = 150;

export interface WantedVideo {
	readonly caption: string;
	/** When the call went out: nothing older can be it. */
	readonly since: Date;
}

export async function findInVideoList(
	context: AdapterContext,
	{ caption, since }: WantedVideo,
): Promise<TikTokVideo | null> {
	const oldestMs = since.getTime() - clockSkewMs;
	const isTooOld = ({ create_time: atSec = 0 }: TikTokVideo): boolean => atSec * 1000 < oldestMs;
	let cursor: number | undefined;
	for (let page = 1; page <= maxPages; page++) {
		const listed = await tiktokRead(context, videoListSchema, {
			path: tiktokPaths.listVideos,
			query: { fields: 'id,create_time,title,video_description,share_url' },
			body: { max_count: pageSize, ...(cursor !== undefined && { cursor }) },
			doing: 'Looking for the post',
		});
		const found = listed.videos.find((video) => !isTooOld(video) && hasCaption(video, caption));
		if (found) return found;
		cursor = listed.cursor;
		// Newest first: behind one that is too old there are only older ones.
		if (!listed.has_more || cursor === undefined || listed.videos.some(isTooOld)) return null;
	}
	return null;
}

function hasCaption({ video_description: description, title }: TikTokVideo, caption: string): boolean {
	const listed = comparable(description ?? title ?? '');
	return listed !== '' && listed === comparable(caption.slice(0, listedUnits));
}

function comparable(text: string): string {
	return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
