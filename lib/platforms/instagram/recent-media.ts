// The container says that it was published, not as what (facts 3.7): the post is looked for by its caption, kind
// and time. The newest is never taken for ours just because it is the newest.
import type { AdapterContext, Draft } from '../../publishing/adapter';
import type { CommitIntent } from '../../publishing/post';
import { graphCall } from '../graph-call';
import { instagramPaths, instagramUrl } from './constants';
import { instagram } from './errors';
import { postKind, type PostKind } from './options';
import { captionOf } from './text';
import { mediaListSchema, type InstagramHandle, type InstagramMedia } from './types';

/** Clocks of two machines differ, and Instagram's times are whole seconds. */
const clockSkewMs = 60_000;
const pageSize = 50;
const maxPages = 4;

/** What Instagram calls the kinds (facts 3.6). */
const productTypes: Readonly<Record<PostKind, string>> = {
	reel: 'REELS',
	image: 'FEED',
	carousel: 'FEED',
	story: 'STORY',
};

export async function findRecent(
	context: AdapterContext,
	draft: Draft,
	{ handle, intent }: { handle: InstagramHandle; intent: CommitIntent },
): Promise<InstagramMedia | null> {
	const kind = postKind(draft.content, draft.media);
	const caption = comparable(captionOf(draft.content));
	const ours = (await readSince(context, handle, kind)).filter(
		(media) =>
			comparable(media.caption) === caption &&
			(media.media_product_type === undefined || media.media_product_type === productTypes[kind]),
	);
	// The same words twice in a short time: the later mark narrows it down, and beyond that a person has to look.
	const armedMs = intent.armedAt.getTime() - clockSkewMs;
	const sinceArmed = ours.filter((media) => timeOf(media) >= armedMs);
	const candidates = ours.length > 1 ? sinceArmed : ours;
	const [only, ...others] = candidates;
	return only && others.length === 0 ? only : null;
}

async function readSince(
	context: AdapterContext,
	handle: InstagramHandle,
	kind: PostKind,
): Promise<InstagramMedia[]> {
	const oldestMs = Date.parse(handle.preparedAt) - clockSkewMs;
	// Stories are in a list of their own, which the fact sheet does not name; Meta's reference does.
	const list = kind === 'story' ? instagramPaths.stories : instagramPaths.media;
	const found: InstagramMedia[] = [];
	let after: string | undefined;
	for (let page = 1; page <= maxPages; page++) {
		const { data, paging } = await graphCall(instagram, context, mediaListSchema, {
			method: 'GET',
			url: instagramUrl('graph', list(handle.userId), context.apiBaseUrl),
			query: {
				fields: 'id,caption,timestamp,permalink,media_product_type',
				limit: String(pageSize),
				...(after && { after }),
			},
			doing: 'Looking for the post',
		});
		const recent = data.filter((media) => timeOf(media) >= oldestMs);
		found.push(...recent);
		after = paging?.next ? paging.cursors?.after : undefined;
		if (!after || recent.length < data.length) break;
	}
	return found;
}

/** A post without a time cannot be told from an old one. */
function timeOf({ timestamp }: InstagramMedia): number {
	const atMs = Date.parse(timestamp ?? '');
	return Number.isNaN(atMs) ? 0 : atMs;
}

export function comparable(caption: string): string {
	return caption.normalize('NFC').replace(/\s+/g, ' ').trim();
}
