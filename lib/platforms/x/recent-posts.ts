// Looks for a post of ours in the account's own timeline (facts 4.10). A match needs our media or our text;
// the newest post is never taken for ours just because it is the newest.
import type { AdapterContext } from '../../publishing/adapter';
import { xAsk } from './client';
import { meSchema, timelineSchema, type XPost } from './types';

/** Clocks of two machines differ. */
const clockSkewMs = 60_000;
const pageSize = 100;
const maxPages = 5;

export interface Wanted {
	readonly text: string;
	readonly mediaKeys: readonly string[];
	readonly replyToPostId: string | undefined;
	readonly quotePostId: string | undefined;
	/** When this post was first worked on: nothing older can be it. */
	readonly since: Date;
}

export async function findInTimeline(context: AdapterContext, wanted: Wanted): Promise<XPost | null> {
	const { data: me } = await xAsk(context, meSchema, {
		ask: async (x) => await x.me(),
		doing: 'Asking for the account',
	});
	const oldest = new Date(wanted.since.getTime() - clockSkewMs);
	let nextToken: string | undefined;
	for (let page = 1; page <= maxPages; page++) {
		const timeline = await readPage(context, { userId: me.id, oldest, nextToken });
		const found = timeline.data.find((post) => isOurs(post, wanted, oldest));
		if (found) return found;
		nextToken = timeline.meta?.next_token;
		if (!nextToken) return null;
	}
	return null;
}

async function readPage(
	context: AdapterContext,
	{ userId, oldest, nextToken }: { userId: string; oldest: Date; nextToken: string | undefined },
) {
	return await xAsk(context, timelineSchema, {
		ask: async (x) => {
			const page = await x.userTimeline(userId, {
				max_results: pageSize,
				// X reads whole seconds only.
				start_time: oldest.toISOString().replace(/\.\d+Z$/, 'Z'),
				'tweet.fields': ['created_at', 'entities', 'attachments', 'referenced_tweets'],
				...(nextToken && { pagination_token: nextToken }),
			});
			return page.data;
		},
		doing: 'Looking for the post',
	});
}

function isOurs(post: XPost, wanted: Wanted, oldest: Date): boolean {
	if (post.created_at !== undefined && Date.parse(post.created_at) < oldest.getTime()) return false;
	const mediaKeys = post.attachments?.media_keys;
	if (wanted.mediaKeys.length > 0 && mediaKeys !== undefined) {
		return wanted.mediaKeys.every((key) => mediaKeys.includes(key));
	}
	if (wanted.text === '' || !repliesTo(post, wanted.replyToPostId)) return false;
	const shown = comparable(withoutQuote(expandLinks(post), wanted.quotePostId));
	const text = comparable(wanted.text);
	// X puts whom a reply answers in front of it.
	return shown === text || (wanted.replyToPostId !== undefined && unaddressed(shown) === unaddressed(text));
}

/** Where X says nothing of what a post refers to, its text decides. */
function repliesTo({ referenced_tweets: references }: XPost, replyToPostId: string | undefined): boolean {
	const repliedTo = references?.find(({ type }) => type === 'replied_to')?.id;
	return repliedTo === undefined || repliedTo === replyToPostId;
}

function unaddressed(text: string): string {
	return text.replace(/^(@\w+ ?)+/, '');
}

/** The quoted post stands at the end as a link. */
function withoutQuote(text: string, quotePostId: string | undefined): string {
	return quotePostId === undefined
		? text
		: text.replace(/\s*https?:\/\/\S+\/status\/(\d+)\S*$/, (link, id) => (id === quotePostId ? '' : link));
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
