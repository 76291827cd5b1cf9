// Numbers of LinkedIn in the unified shape. Pages and members have different sources (facts 5.7), and an id does
// not say whose it is: the post's own record tells pages, everything else is a member's.
import { z } from 'zod';
import type { AdapterContext, Metrics, PostMetrics, PostStatus } from '../../publishing/adapter';
import { PublishError } from '../../publishing/errors';
import { isOrganization } from './author';
import { linkedInRead } from './call';
import { linkedInPaths, postUrl } from './constants';
import { memberAnalyticsSchema, postSchema, shareStatisticsSchema, type LinkedInPost } from './types';

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

export async function linkedInStatus(context: AdapterContext, postUrn: string): Promise<PostStatus> {
	const base = { platformPostId: postUrn, url: postUrl(postUrn, context.apiBaseUrl), reason: null };
	const post = await readPagePost(context, checkedUrn(postUrn));
	if (post) return { ...base, ...stateOf(post), raw: post };
	// A member's post has no readable record; its counts are there as long as it is (facts 5.7).
	const counts = await ifThere(
		linkedInRead(context, z.unknown(), {
			path: linkedInPaths.socialActions(postUrn),
			doing: 'Reading the post',
		}),
		[404],
	);
	return counts === null ? { ...base, state: 'deleted', raw: null } : { ...base, state: 'live', raw: counts };
}

function stateOf({ lifecycleState }: LinkedInPost): Pick<PostStatus, 'state' | 'reason'> {
	if (lifecycleState === 'PUBLISHED') return { state: 'live', reason: null };
	if (lifecycleState === 'PUBLISH_FAILED')
		return { state: 'failed', reason: 'LinkedIn could not publish it.' };
	return { state: 'processing', reason: null };
}

/** Null for everything that is not a readable post of a page: a member's, or one that is not there. */
async function readPagePost(context: AdapterContext, postUrn: string): Promise<LinkedInPost | null> {
	return await ifThere(
		linkedInRead(context, postSchema, { path: linkedInPaths.post(postUrn), doing: 'Reading the post' }),
		[403, 404],
	);
}

async function ifThere<T>(reading: Promise<T>, missing: readonly number[]): Promise<T | null> {
	return await reading.catch((error: unknown) => {
		const status = error instanceof PublishError ? error.httpStatus : undefined;
		if (status !== undefined && missing.includes(status)) return null;
		throw error;
	});
}

function checkedUrn(postUrn: string): string {
	if (/^urn:li:(share|ugcPost):\d+$/.test(postUrn)) return postUrn;
	throw new PublishError('validation', `"${postUrn}" is no LinkedIn post.`, {
		platform: 'linkedin',
		code: 'post-id',
		remedy: 'Give the ID as LinkedIn says it: urn:li:share:123 or urn:li:ugcPost:123.',
	});
}

export async function linkedInMetrics(
	context: AdapterContext,
	postUrns: readonly string[],
): Promise<readonly PostMetrics[]> {
	const found: PostMetrics[] = [];
	const byPage = new Map<string, string[]>();
	for (const postUrn of postUrns) {
		const post = await readPagePost(context, checkedUrn(postUrn));
		if (post && isOrganization(post.author)) {
			byPage.set(post.author, [...(byPage.get(post.author) ?? []), postUrn]);
			continue;
		}
		const numbers = await readMemberNumbers(context, postUrn);
		if (numbers) found.push(numbers);
	}
	for (const [page, urns] of byPage) found.push(...(await readPageNumbers(context, page, urns)));
	return found;
}

async function readPageNumbers(
	context: AdapterContext,
	page: string,
	postUrns: readonly string[],
): Promise<PostMetrics[]> {
	const list = (name: string, kind: string): string => {
		const urns = postUrns.filter((urn) => urn.startsWith(`urn:li:${kind}:`)).map(encodeURIComponent);
		return urns.length === 0 ? '' : `&${name}=List(${urns.join(',')})`;
	};
	const query = `q=organizationalEntity&organizationalEntity=${encodeURIComponent(page)}`;
	const { elements } = await linkedInRead(context, shareStatisticsSchema, {
		path: `${linkedInPaths.shareStatistics}?${query}${list('shares', 'share')}${list('ugcPosts', 'ugcPost')}`,
		doing: 'Reading numbers',
	});
	return postUrns.map((postUrn) => {
		// Facts 5.7: a post that nobody has seen yet is left out of the answer. That is no zero that was said.
		const element = elements.find(({ share, ugcPost }) => share === postUrn || ugcPost === postUrn);
		const said = element?.totalShareStatistics;
		const metrics: Metrics = {
			...noNumbers,
			likes: said?.likeCount ?? null,
			comments: said?.commentCount ?? null,
			shares: said?.shareCount ?? null,
			clicks: said?.clickCount ?? null,
			reach: said?.uniqueImpressionsCount ?? null,
			impressions: said?.impressionCount ?? null,
		};
		return { platformPostId: postUrn, metrics, raw: element ?? null };
	});
}

/** One call each (facts 5.7). */
const memberMetrics = {
	impressions: 'IMPRESSION',
	reach: 'MEMBERS_REACHED',
	likes: 'REACTION',
	comments: 'COMMENT',
	shares: 'RESHARE',
	saves: 'POST_SAVE',
	clicks: 'LINK_CLICKS',
} as const satisfies Partial<Record<keyof Metrics, string>>;

async function readMemberNumbers(context: AdapterContext, postUrn: string): Promise<PostMetrics | null> {
	const kind = postUrn.startsWith('urn:li:share:') ? 'share' : 'ugc';
	const entity = `(${kind}:${encodeURIComponent(postUrn)})`;
	const metrics: Record<keyof Metrics, number | null> = { ...noNumbers };
	const raw: Record<string, unknown> = {};
	for (const [metric, queryType] of Object.entries(memberMetrics)) {
		const query = `q=entity&entity=${entity}&queryType=${queryType}&aggregation=TOTAL`;
		const answer = await ifThere(
			linkedInRead(context, memberAnalyticsSchema, {
				path: `${linkedInPaths.memberAnalytics}?${query}`,
				doing: 'Reading numbers',
			}),
			[404],
		);
		if (answer === null) return null;
		const [element] = answer.elements;
		metrics[metric as keyof typeof memberMetrics] = element?.count ?? element?.value ?? null;
		raw[queryType] = element ?? null;
	}
	return { platformPostId: postUrn, metrics, raw };
}
