// Which of the profile's posts is ours. A published container proves that there is one, but names no id
// (facts 7.6), so it is found by what it says, what it shows and when it appeared.
import type { AdapterContext, Draft } from '../../publishing/adapter';
import { threadsRead } from './call';
import { threadsPaths } from './constants';
import { isReply } from './options';
import { textOf } from './text';
import { threadListSchema, threadSchema, type Thread } from './types';

/** Clocks differ, and the timestamps of Threads have no fractions. */
const skewMs = 60_000;
/** The publishing call has a deadline of a minute; a post that it made has appeared by then. */
const appearsWithinMs = 120_000;
const maxPages = 5;

export interface Wanted {
	readonly draft: Draft;
	readonly userId: string;
	/** No post from before is ours. */
	readonly preparedAt: Date;
	/** Tells several posts with the same words apart. */
	readonly armedAt: Date;
}

/** @returns null when there is none, or when several could be ours: the newest one is not ours by right. */
export async function findRecentPost(context: AdapterContext, wanted: Wanted): Promise<Thread | null> {
	const candidates = (await listPosts(context, wanted)).filter((post) => isOurs(post, wanted));
	if (candidates.length <= 1) return candidates[0] ?? null;
	const atTheCall = candidates.filter((post) => appearedAtTheCall(post, wanted));
	return atTheCall.length === 1 ? (atTheCall[0] ?? null) : null;
}

async function listPosts(context: AdapterContext, { draft, userId, preparedAt }: Wanted): Promise<Thread[]> {
	const path = isReply(draft.content) ? threadsPaths.replies(userId) : threadsPaths.posts(userId);
	const posts: Thread[] = [];
	let after: string | undefined;
	for (let page = 1; page <= maxPages; page++) {
		const list = await threadsRead(context, threadListSchema, {
			path,
			query: {
				fields: 'id,text,timestamp,permalink,media_type',
				since: String(Math.floor((preparedAt.getTime() - skewMs) / 1000)),
				limit: '100',
				...(after && { after }),
			},
			doing: 'Looking for the post',
		});
		posts.push(...list.data.flatMap((entry) => threadSchema.safeParse(entry).data ?? []));
		after = list.paging?.cursors?.after;
		if (!after || list.data.length === 0) break;
	}
	return posts;
}

function isOurs(post: Thread, { draft, preparedAt }: Wanted): boolean {
	const atMs = Date.parse(post.timestamp ?? '');
	if (atMs < preparedAt.getTime() - skewMs) return false;
	return comparable(post.text) === comparable(textOf(draft.content)) && isSameKind(post, draft);
}

/** A post without media says TEXT_POST where the container said TEXT, a carousel CAROUSEL_ALBUM. */
function isSameKind({ media_type: kind }: Thread, { media }: Draft): boolean {
	if (kind === undefined) return true;
	const [first, ...others] = media;
	if (!first) return kind.startsWith('TEXT');
	if (others.length > 0) return kind.startsWith('CAROUSEL');
	return kind === (first.facts.kind === 'video' ? 'VIDEO' : 'IMAGE');
}

function appearedAtTheCall(post: Thread, { armedAt }: Wanted): boolean {
	const afterMs = Date.parse(post.timestamp ?? '') - armedAt.getTime();
	// One second, because the timestamp is cut to seconds.
	return afterMs >= -1_000 && afterMs <= appearsWithinMs;
}

export function comparable(text: string): string {
	return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
