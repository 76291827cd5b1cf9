// Looks for a post of ours among the page's own (facts 6.7). A match needs our photo, our text or our link; the
// newest post is never taken for ours just because it is the newest.
import type { AdapterContext } from '../../publishing/adapter';
import { graphCall } from '../graph-call';
import { facebookPaths, facebookUrl } from './constants';
import { facebookNetwork } from './errors';
import { postsSchema, type Post } from './types';

/** Clocks of two machines differ. */
const clockSkewMs = 60_000;
const pageSize = 100;
const maxPages = 5;

export interface Wanted {
	readonly pageId: string;
	readonly text: string;
	readonly link: string | null;
	readonly photoId: string | null;
	/** When this post was first worked on: nothing older can be it. */
	readonly since: Date;
}

export async function findInFeed(context: AdapterContext, wanted: Wanted): Promise<Post | null> {
	const oldestMs = wanted.since.getTime() - clockSkewMs;
	let after: string | undefined;
	for (let page = 1; page <= maxPages; page++) {
		const { data, paging } = await graphCall(facebookNetwork, context, postsSchema, {
			method: 'GET',
			url: facebookUrl('graph', facebookPaths.publishedPosts(wanted.pageId), context.apiBaseUrl),
			query: {
				fields: 'id,message,created_time,attachments',
				since: String(Math.floor(oldestMs / 1000)),
				limit: String(pageSize),
				...(after && { after }),
			},
			doing: 'Looking for the post',
		});
		const found = data.find((post) => isOurs(post, wanted, oldestMs));
		if (found) return found;
		after = paging?.next ? paging.cursors?.after : undefined;
		if (!after) return null;
	}
	return null;
}

function isOurs(post: Post, { text, link, photoId }: Wanted, oldestMs: number): boolean {
	const createdMs = Date.parse((post.created_time ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
	if (createdMs < Math.floor(oldestMs / 1000) * 1000) return false;
	const attached = post.attachments?.data ?? [];
	const targets = attached.flatMap(({ target }) => (target?.id ? [target.id] : []));
	// Ids are sure where they are told; words have to do where they are not.
	if (photoId !== null && targets.length > 0) return targets.includes(photoId);
	if (text !== '') return comparable(post.message ?? '') === comparable(text);
	if (link === null) return false;
	return attached.some(({ target }) => comparable(targetUrl(target?.url ?? '')) === comparable(link));
}

/** Facebook leads links through a page of its own, with the real one in the query. */
function targetUrl(url: string): string {
	if (!URL.canParse(url)) return url;
	const { hostname, searchParams } = new URL(url);
	return hostname === 'l.facebook.com' ? (searchParams.get('u') ?? url) : url;
}

/** What survives Facebook's own handling of a text: spaces, the slash at the end of a bare link. */
export function comparable(text: string): string {
	return text
		.normalize('NFC')
		.replace(/(https?:\/\/[^\s]+?)\/(?=\s|$)/g, '$1')
		.replace(/\s+/g, ' ')
		.trim();
}
