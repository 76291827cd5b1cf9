import type { Answer, Exchange } from '../core/answer';
import type { PulledMedia } from '../core/pull';
import { invalidParameter, mediaNotFound, noSuchObject, refuse } from './errors';
import { containerData, pulled, statusOf } from './containers';
import { newId, type Container, type MediaType, type Profile, type Thread, type Threads } from './model';
import { enter, READ_REPLIES, REPLY } from './oauth';
import { graphTime, pickFields, readParameters } from './parse';
import { ownProfile } from './profile';

const DAY_MS = 24 * 3_600_000;
/** Facts 7.3. */
const POST_QUOTA = 250;
const REPLY_QUOTA = 1000;

/** The one irreversible call (facts 7.2). A container can be published once. */
export async function publish(threads: Threads, exchange: Exchange): Promise<Answer> {
	const profile = ownProfile(
		enter(threads, exchange, 'threads_content_publish'),
		exchange.params['user'] ?? '',
	);
	const parameters = await readParameters(exchange, ['creation_id']);
	const id = parameters.get('creation_id');
	if (id === undefined) throw invalidParameter('creation_id is required');
	if (profile.isRestricted) {
		throw refuse(10, 'The account is restricted from publishing.', { subcode: 4_279_013 });
	}
	await pulled(threads, id);
	const container = threads.containers.get(id);
	const kind = container?.replyToId === undefined ? 'post' : 'reply';
	if (usage(threads, exchange, { profile, kind }) >= quotaOf(kind)) {
		throw refuse(613, 'Calls to this API have exceeded the rate limit.');
	}
	if (container?.account !== profile.account || statusOf(threads, container) !== 'FINISHED') {
		throw mediaNotFound();
	}
	if (container.isCarouselItem) throw invalidParameter('an item of a carousel is not published by itself');
	return { status: 200, body: { id: makePublic(threads, profile, container).id } };
}

function makePublic(threads: Threads, profile: Profile, container: Container): Thread {
	const { journal, store, ids, clock, baseUrl } = threads.frame;
	const shortcode = ids.text('threads.shortcode', 11);
	const post: Thread = {
		id: newId(threads.frame),
		shortcode,
		account: profile.account,
		containerId: container.id,
		mediaType: container.mediaType,
		text: container.text,
		...(container.replyToId === undefined ? {} : { replyToId: container.replyToId }),
		isQuote: container.quotePostId !== undefined,
		permalink: `${baseUrl()}/@${encodeURIComponent(profile.account)}/post/${shortcode}`,
		createdAtMs: clock.nowMs(),
	};
	store.batch(() => {
		threads.posts.set(post.id, post);
		threads.containers.set(container.id, { ...container, publishedAs: post.id });
		journal.addPost({
			network: 'threads',
			account: profile.account,
			accountId: profile.accountId,
			platformPostId: post.id,
			url: post.permalink,
			createdAt: new Date(post.createdAtMs).toISOString(),
			title: '',
			text: post.text,
			visibility: 'public',
			media: shownBy(threads, container),
		});
	});
	return post;
}

function shownBy(threads: Threads, { id, children = [id] }: Container): PulledMedia[] {
	return children.flatMap((child) => {
		const pull = threads.containers.get(child)?.pulled;
		return pull?.ok ? [pull.media] : [];
	});
}

type Kind = 'post' | 'reply';

function quotaOf(kind: Kind): number {
	return kind === 'reply' ? REPLY_QUOTA : POST_QUOTA;
}

/** Posts and replies are counted apart (facts 7.3). */
function usage(
	threads: Threads,
	exchange: Exchange,
	{ profile, kind }: { readonly profile: Profile; readonly kind: Kind },
): number {
	const { quotaLeft } = exchange.faults;
	if (quotaLeft !== undefined) return quotaOf(kind) - quotaLeft;
	const sinceMs = threads.frame.clock.nowMs() - DAY_MS;
	return threads.posts
		.values()
		.filter((post) => post.account === profile.account && post.createdAtMs > sinceMs)
		.filter((post) => (post.replyToId === undefined) === (kind === 'post')).length;
}

export function publishingLimit(threads: Threads, exchange: Exchange): Answer {
	const asksForReplies = (exchange.url.searchParams.get('fields') ?? '').includes('reply_');
	if (asksForReplies) enter(threads, exchange, REPLY);
	const profile = ownProfile(
		enter(threads, exchange, 'threads_content_publish'),
		exchange.params['user'] ?? '',
	);
	const used = (kind: Kind): number => usage(threads, exchange, { profile, kind });
	const all = {
		id: undefined,
		quota_usage: used('post'),
		config: { quota_total: POST_QUOTA, quota_duration: 86_400 },
		reply_quota_usage: used('reply'),
		reply_config: { quota_total: REPLY_QUOTA, quota_duration: 86_400 },
	};
	const { id: _none, ...picked } = pickFields(exchange.url, all);
	return { status: 200, body: { data: [picked] } };
}

/** A container or a post: Graph knows an object by its id alone. */
export async function getObject(threads: Threads, exchange: Exchange): Promise<Answer> {
	const profile = enter(threads, exchange, 'threads_basic');
	const id = exchange.params['id'] ?? '';
	await pulled(threads, id);
	const container = threads.containers.get(id);
	if (container?.account === profile.account) {
		return { status: 200, body: pickFields(exchange.url, containerData(threads, container)) };
	}
	const post = threads.posts.get(id);
	if (post?.account !== profile.account) throw noSuchObject(id);
	return { status: 200, body: pickFields(exchange.url, postData(post)) };
}

/** What a post says that its container said differently. */
const SHOWN_TYPES: Readonly<Record<MediaType, string>> = {
	TEXT: 'TEXT_POST',
	IMAGE: 'IMAGE',
	VIDEO: 'VIDEO',
	CAROUSEL: 'CAROUSEL_ALBUM',
};

function postData(post: Thread): Record<string, unknown> {
	return {
		id: post.id,
		permalink: post.permalink,
		timestamp: graphTime(post.createdAtMs),
		text: post.text === '' ? undefined : post.text,
		media_type: SHOWN_TYPES[post.mediaType],
		media_product_type: 'THREADS',
		shortcode: post.shortcode,
		username: post.account,
		is_quote_post: post.isQuote,
		is_reply: post.replyToId !== undefined,
	};
}

/** Where a lost answer is looked up (facts 7.6). Replies are not in it. */
export function listPosts(threads: Threads, exchange: Exchange): Answer {
	return list(threads, exchange, { scope: 'threads_basic', kind: 'post' });
}

/** Not in the facts: the list of Meta's guide on replies, for which reading replies has to be allowed. */
export function listReplies(threads: Threads, exchange: Exchange): Answer {
	return list(threads, exchange, { scope: READ_REPLIES, kind: 'reply' });
}

/** Newest first. */
function list(
	threads: Threads,
	exchange: Exchange,
	{ scope, kind }: { readonly scope: string; readonly kind: Kind },
): Answer {
	const profile = ownProfile(enter(threads, exchange, scope), exchange.params['user'] ?? '');
	const query = exchange.url.searchParams;
	const limit = Number(query.get('limit') ?? 25);
	if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw invalidParameter('limit must be 1 to 100');
	const sinceMs = timeIn(query, 'since') ?? 0;
	const untilMs = timeIn(query, 'until') ?? Number.POSITIVE_INFINITY;
	const matching = threads.posts
		.values()
		.filter((post) => post.account === profile.account)
		.filter((post) => (post.replyToId === undefined) === (kind === 'post'))
		.filter((post) => post.createdAtMs >= sinceMs && post.createdAtMs <= untilMs)
		.reverse();
	const after = query.get('after');
	const start = after === null ? 0 : matching.findIndex(({ id }) => id === after) + 1;
	const page = matching.slice(start, start + limit);
	const last = page.at(-1)?.id;
	const hasMore = start + limit < matching.length;
	return {
		status: 200,
		body: {
			data: page.map((post) => pickFields(exchange.url, postData(post))),
			...(last && hasMore ? { paging: { cursors: { after: last } } } : {}),
		},
	};
}

/** Seconds since 1970; not before Threads keeps numbers (facts 7.5). */
function timeIn(query: URLSearchParams, name: string): number | undefined {
	const text = query.get(name);
	if (text === null) return undefined;
	if (!/^\d{10}$/.test(text)) throw invalidParameter(`${name} must be a Unix timestamp`);
	return Number(text) * 1000;
}
