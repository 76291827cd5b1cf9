// Numbers of LinkedIn in the unified shape. Pages and members have different sources (facts 5.7), and an id does
// not say whose it is: the post's own record tells pages, everything else is a member's.
import type { AdapterContext, Metrics, PostMetrics } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { isOrganization } from './author';
import { ifThere, linkedInRead } from './call';
import { linkedInPaths } from './constants';
import { checkedUrn, readLiveCounts, readPagePost } from './status';
import { analyticsSchema, shareStatisticsSchema, type LinkedInPost } from './types';

const noNumbers: Metrics = {
	views: null,
	likes: null,
	comments: null,
	shares: null,
	saves: null,
	clicks: null,
	watchTimeSeconds: null,
	reach: null,
	impressions: null,
};

export async function linkedInMetrics(
	context: AdapterContext,
	postUrns: readonly string[],
): Promise<readonly PostMetrics[]> {
	const found: PostMetrics[] = [];
	const byPage = new Map<string, LinkedInPost[]>();
	for (const postUrn of postUrns) {
		context.signal.throwIfAborted();
		const post = await readPagePost(context, checkedUrn(postUrn));
		if (post && isOrganization(post.author)) {
			byPage.set(post.author, [...(byPage.get(post.author) ?? []), { ...post, id: postUrn }]);
			continue;
		}
		const numbers = await readMemberNumbers(context, postUrn);
		if (numbers) found.push(numbers);
	}
	for (const [page, posts] of byPage) found.push(...(await readPageNumbers(context, page, posts)));
	return found;
}

/** One call for the statistics of all posts; a video costs one more for each of its numbers. */
async function readPageNumbers(
	context: AdapterContext,
	page: string,
	posts: readonly LinkedInPost[],
): Promise<PostMetrics[]> {
	const list = (name: string, kind: string): string => {
		const urns = posts.map(({ id }) => id).filter((urn) => urn.startsWith(`urn:li:${kind}:`));
		return urns.length === 0 ? '' : `&${name}=List(${urns.map(encodeURIComponent).join(',')})`;
	};
	const query = `q=organizationalEntity&organizationalEntity=${encodeURIComponent(page)}`;
	const { elements } = await linkedInRead(context, shareStatisticsSchema, {
		path: `${linkedInPaths.shareStatistics}?${query}${list('shares', 'share')}${list('ugcPosts', 'ugcPost')}`,
		doing: 'Reading numbers',
	});
	const found: PostMetrics[] = [];
	for (const post of posts) {
		const statistics = elements.find(({ share, ugcPost }) => share === post.id || ugcPost === post.id);
		found.push(await pageNumbersOf(context, post, statistics));
	}
	return found;
}

type Statistics = ReturnType<typeof shareStatisticsSchema.parse>['elements'][number];

async function pageNumbersOf(
	context: AdapterContext,
	post: LinkedInPost,
	statistics: Statistics | undefined,
): Promise<PostMetrics> {
	const live = statistics ? null : await readLiveCounts(context, post.id);
	const isVideo = post.content?.media?.id.startsWith('urn:li:video:') ?? false;
	const video = isVideo ? await readPageVideo(context, post.id) : {};
	return {
		platformPostId: post.id,
		metrics: {
			...statisticsIn(statistics?.totalShareStatistics),
			...(live && { likes: live.likes, comments: live.comments }),
			views: countIn(video['VIDEO_VIEW']),
			watchTimeSeconds: secondsIn(video['TIME_WATCHED']),
		},
		raw: { statistics: statistics ?? null, video: isVideo ? video : null, live: live?.raw ?? null },
	};
}

/** Facts 5.7: a post without activity is left out of the answer. That is no zero that was said. */
function statisticsIn(said: Statistics['totalShareStatistics'] | undefined): Metrics {
	if (!said) return noNumbers;
	return {
		...noNumbers,
		likes: said.likeCount ?? null,
		comments: said.commentCount ?? null,
		shares: said.shareCount ?? null,
		clicks: said.clickCount ?? null,
		reach: said.uniqueImpressionsCount ?? null,
		impressions: said.impressionCount ?? null,
	};
}

type Element = ReturnType<typeof analyticsSchema.parse>['elements'][number];
type Elements = Readonly<Record<string, Element | null>>;

const pageVideoTypes = ['VIDEO_VIEW', 'VIEWER', 'TIME_WATCHED', 'TIME_WATCHED_FOR_VIDEO_VIEWS'] as const;

async function readPageVideo(context: AdapterContext, postUrn: string): Promise<Elements> {
	const entity = `q=entity&entity=${encodeURIComponent(postUrn)}&aggregation=ALL`;
	return await readEach(context, pageVideoTypes, {
		pathOf: (type) => `${linkedInPaths.pageVideoAnalytics}?${entity}&type=${type}`,
		// Facts 5.7: it may need more rights than the other numbers.
		missing: () => [400, 403, 404],
	});
}

/** Null from the first one on means that LinkedIn knows no such post. */
const firstMemberType = 'IMPRESSION';
const otherMemberTypes = ['MEMBERS_REACHED', 'RESHARE', 'REACTION', 'COMMENT'] as const;
/** Facts 5.7: since version 202604, so an older one that the credential names does not know them. */
const newerMemberTypes = [
	'POST_SAVE',
	'POST_SEND',
	'LINK_CLICKS',
	'PREMIUM_CTA_CLICKS',
	'FOLLOWER_GAINED_FROM_CONTENT',
	'PROFILE_VIEW_FROM_CONTENT',
] as const;
/** Facts 5.7: these names are unverified, so a refusal is no failure. */
const memberVideoTypes = ['VIDEO_PLAY', 'VIDEO_WATCH_TIME', 'VIDEO_VIEWER'] as const;

/** One call for each number (facts 5.7). */
async function readMemberNumbers(context: AdapterContext, postUrn: string): Promise<PostMetrics | null> {
	const kind = postUrn.startsWith('urn:li:share:') ? 'share' : 'ugc';
	const entity = `q=entity&entity=(${kind}:${encodeURIComponent(postUrn)})&aggregation=TOTAL`;
	const pathOf = (type: string): string => `${linkedInPaths.memberAnalytics}?${entity}&queryType=${type}`;
	const first = await ifThere(readElement(context, pathOf(firstMemberType)), [404]).catch(
		async (error: unknown) => await liveNumbersOnly(context, postUrn, error),
	);
	if (first === null || (first && 'metrics' in first)) return first;
	const rest = await readEach(context, [...otherMemberTypes, ...newerMemberTypes], {
		pathOf,
		missing: (type) => (newerMemberTypes.some((newer) => newer === type) ? [400, 404] : [404]),
	});
	const video = await readMemberVideo(context, kind, entity);
	const numbers: Elements = { [firstMemberType]: first.element, ...rest };
	return { platformPostId: postUrn, metrics: memberMetrics(numbers, video), raw: { ...numbers, ...video } };
}

function memberMetrics(numbers: Elements, video: Elements): Metrics {
	return {
		views: countIn(video['VIDEO_PLAY']),
		likes: countIn(numbers['REACTION']),
		comments: countIn(numbers['COMMENT']),
		shares: countIn(numbers['RESHARE']),
		saves: countIn(numbers['POST_SAVE']),
		clicks: countIn(numbers['LINK_CLICKS']),
		watchTimeSeconds: secondsIn(video['VIDEO_WATCH_TIME']),
		reach: countIn(numbers['MEMBERS_REACHED']),
		impressions: countIn(numbers[firstMemberType]),
	};
}

/** Only a `ugcPost` can hold a video; whether it does, nobody may read. */
async function readMemberVideo(context: AdapterContext, kind: string, entity: string): Promise<Elements> {
	if (kind !== 'ugc') return {};
	return await readEach(context, memberVideoTypes, {
		pathOf: (type) => `${linkedInPaths.memberVideoAnalytics}?${entity}&queryType=${type}`,
		missing: () => [400, 403, 404],
	});
}

/** Analytics need an app that LinkedIn has vetted. Without it the counts under the post may still be readable. */
async function liveNumbersOnly(
	context: AdapterContext,
	postUrn: string,
	refusal: unknown,
): Promise<PostMetrics> {
	if (!(refusal instanceof PublishError) || refusal.httpStatus !== 403) throw refusal;
	const live = await readLiveCounts(context, postUrn);
	if (!live) throw refusal;
	context.log.info('LinkedIn gives only likes and comments: the connection may not read analytics');
	const { likes, comments, raw } = live;
	return { platformPostId: postUrn, metrics: { ...noNumbers, likes, comments }, raw: { live: raw } };
}

async function readElement(context: AdapterContext, path: string): Promise<{ element: Element | null }> {
	const { elements } = await linkedInRead(context, analyticsSchema, { path, doing: 'Reading numbers' });
	return { element: elements[0] ?? null };
}

async function readEach(
	context: AdapterContext,
	types: readonly string[],
	{ pathOf, missing }: { pathOf: (type: string) => string; missing: (type: string) => readonly number[] },
): Promise<Elements> {
	const found = await Promise.all(
		types.map(async (type) => {
			const read = await ifThere(readElement(context, pathOf(type)), missing(type));
			return [type, read?.element ?? null] as const;
		}),
	);
	return Object.fromEntries(found);
}

function countIn(element: Element | null | undefined): number | null {
	return element?.count ?? element?.value ?? null;
}

/** Watch time comes in milliseconds. */
function secondsIn(element: Element | null | undefined): number | null {
	const watchedMs = countIn(element);
	return watchedMs === null ? null : Math.round(watchedMs / 1000);
}
