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
	readonly photoIds: readonly string[];
	/** When this post was first worked on: nothing older can be it. */
	readonly since: Date;
}

/** @returns `unsure` when a post could be ours and does not tell enough to know it. */
export async function findInFeed(context: AdapterContext, wanted: Wanted): Promise<Post | 'unsure' | null> {
	const oldestMs = wanted.since.getTime() - clockSkewMs;
	let after: string | undefined;
	let isUnsure = false;
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
		const recent = data.filter((post) => !isOlder(post, oldestMs));
		const found = recent.find((post) => isOurs(post, wanted) === true);
		if (found) return found;
		isUnsure ||= recent.some((post) => isOurs(post, wanted) === 'unsure');
		after = paging?.next ? paging.cursors?.after : undefined;
		if (!after) break;
	}
	return isUnsure ? 'unsure' : null;
}

function isOlder(post: Post, oldestMs: number): boolean {
	const createdMs = Date.parse((post.created_time ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
	return createdMs < Math.floor(oldestMs / 1000) * 1000;
}

function isOurs(post: Post, { text, link, photoIds }: Wanted): boolean | 'unsure' {
	const attached = post.attachments?.data ?? [];
	const saysTheSame = comparable(post.message ?? '') === comparable(text);
	if (photoIds.length > 0) {
		const shown = photosIn(post);
		// Ids are sure where they are told; words have to do where they are not.
		if (shown.length > 0) return photoIds.some((id) => shown.includes(id));
		if (text !== '') return saysTheSame;
		return saysTheSame && attached.length > 0 ? 'unsure' : false;
	}
	if (text !== '') return saysTheSame;
	if (link === null) return false;
	return attached.some(({ target }) => comparable(targetUrl(target?.url ?? '')) === comparable(link));
}

/** An album has an id of its own, which says nothing about its photos. */
function photosIn({ attachments }: Post): readonly string[] {
	return (attachments?.data ?? []).flatMap(({ media_type: type, target, subattachments }) => {
		const inner = (subattachments?.data ?? []).flatMap((photo) => photo.target?.id ?? []);
		if (type === 'album') return inner;
		return [...(target?.id ? [target.id] : []), ...inner];
	});
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
