// Looks for a post of ours in the account's own timeline (facts 4.10). A match needs our media or our text;
// the newest post is never taken for ours just because it is the newest.
import type { AdapterContext } from '../../publishing/adapter';
import { xRead } from './call';
import { xPaths } from './constants';
import { meSchema, timelineSchema, type XPost } from './types';

/** Clocks of two machines differ. */
const clockSkewMs = 60_000;
const pageSize = 100;
const maxPages = 5;

export interface Wanted {
	readonly text: string;
	readonly mediaKey: string | null;
	/** When this post was first worked on: nothing older can be it. */
	readonly since: Date;
}

export async function findInTimeline(context: AdapterContext, wanted: Wanted): Promise<XPost | null> {
	const { data: me } = await xRead(context, meSchema, { path: xPaths.me, doing: 'Asking for the account' });
	const oldest = new Date(wanted.since.getTime() - clockSkewMs);
	let nextToken: string | undefined;
	for (let page = 1; page <= maxPages; page++) {
		const timeline = await xRead(context, timelineSchema, {
			path: xPaths.userPosts(me.id),
			query: {
				max_results: String(pageSize),
				// X reads whole seconds only.
				start_time: oldest.toISOString().replace(/\.\d+Z$/, 'Z'),
				'tweet.fields': 'created_at,entities,attachments',
				...(nextToken && { pagination_token: nextToken }),
			},
			doing: 'Looking for the post',
		});
		const found = timeline.data.find((post) => isOurs(post, wanted, oldest));
		if (found) return found;
		nextToken = timeline.meta?.next_token;
		if (!nextToken) return null;
	}
	return null;
}

function isOurs(post: XPost, wanted: Wanted, oldest: Date): boolean {
	if (post.created_at !== undefined && Date.parse(post.created_at) < oldest.getTime()) return false;
	const mediaKeys = post.attachments?.media_keys;
	if (wanted.mediaKey !== null && mediaKeys !== undefined) return mediaKeys.includes(wanted.mediaKey);
	return wanted.text !== '' && comparable(expandLinks(post)) === comparable(wanted.text);
}

/** X gives the text back with t.co links, and with one more at the end for the media. */
export function expandLinks({ text, entities }: XPost): string {
	return (entities?.urls ?? []).reduce((expanded, { url, expanded_url, media_key }) => {
		const original =
			media_key !== undefined || /\/(photo|video)\/\d+$/.test(expanded_url ?? '') ? '' : expanded_url;
		return expanded.split(url).join(original ?? url);
	}, text);
}

/** What survives X's own handling of a text: entities, spaces, the slash at the end of a bare link. */
export function comparable(text: string): string {
	return text
		.normalize('NFC')
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&amp;/g, '&')
		.replace(/(https?:\/\/[^\s]+?)\/(?=\s|$)/g, '$1')
		.replace(/\s+/g, ' ')
		.trim();
}
