// Lists that people choose from in the editor. One unit of the general quota per page (facts 1.5).
import type { AdapterContext } from '../../publishing/adapter';
import { youtubeRead } from './call';
import { categoriesSchema, playlistsSchema } from './types';

export interface Choice {
	readonly id: string;
	readonly title: string;
}

/** Nobody scrolls further, and a page costs quota. */
const maxPlaylistPages = 10;

/** Those that a video may have; which ones they are depends on the region. */
export async function readCategories(
	context: AdapterContext,
	regionCode: string,
): Promise<readonly Choice[]> {
	const { items } = await youtubeRead(context, categoriesSchema, {
		write: async ({ data }, options) => data.videoCategories.list({ part: ['snippet'], regionCode }, options),
	});
	return items
		.filter(({ snippet }) => snippet.assignable)
		.map(({ id, snippet }) => ({ id, title: snippet.title }));
}

/** Those of the connected channel. */
export async function readPlaylists(context: AdapterContext): Promise<readonly Choice[]> {
	const found: Choice[] = [];
	let pageToken: string | undefined;
	for (let page = 1; page <= maxPlaylistPages; page++) {
		const from = pageToken ? { pageToken } : {};
		const answer = await youtubeRead(context, playlistsSchema, {
			write: async ({ data }, options) =>
				data.playlists.list({ part: ['snippet'], mine: true, maxResults: 50, ...from }, options),
		});
		found.push(...answer.items.map(({ id, snippet }) => ({ id, title: snippet.title })));
		pageToken = answer.nextPageToken;
		if (!pageToken) break;
	}
	return found;
}
