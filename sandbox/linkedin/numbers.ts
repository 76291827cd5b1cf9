import { Refusal, type Answer, type Exchange } from '../core/answer';
import { shareOf, viewsAt } from '../core/growth';
import { checkOrganizationReader, enter, personUrn } from './access';
import { accessDenied, errorForStatus, invalidField } from './errors';
import type { LinkedIn, Post } from './model';
import { rawQuery, readUrn, readUrnList } from './parse';

interface Numbers {
	readonly impressions: number;
	readonly unique: number;
	readonly clicks: number;
	readonly likes: number;
	readonly comments: number;
	readonly shares: number;
	readonly saves: number;
	readonly sends: number;
}

/** They grow with the post's age and never fall. */
function numbersOf({ frame }: LinkedIn, post: Post): Numbers {
	const impressions = viewsAt(post.urn, frame.clock.nowMs() - post.createdAtMs);
	const part = (metric: string, range: readonly [number, number]): number =>
		shareOf(impressions, post.urn, metric, range);
	return {
		impressions,
		unique: part('unique', [500, 800]),
		clicks: part('clicks', [10, 50]),
		likes: part('likes', [10, 40]),
		comments: part('comments', [1, 10]),
		shares: part('shares', [1, 10]),
		saves: part('saves', [0, 8]),
		sends: part('sends', [0, 4]),
	};
}

/** Facts 5.7, pages: lifetime numbers of posts; those without any activity are omitted. */
export function shareStatistics(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const caller = enter(linkedIn, exchange);
	const query = rawQuery(exchange.url);
	if (query.get('q') !== 'organizationalEntity') throw invalidField('q', 'must be organizationalEntity');
	const organization = readUrn(query.get('organizationalEntity') ?? '', 'organizationalEntity');
	checkOrganizationReader(caller, organization, 'rw_organization_admin');
	if (query.has('timeIntervals')) throw invalidField('timeIntervals', 'numbers of posts are lifetime only');
	const lists = (['shares', 'ugcPosts'] as const).flatMap((name) => {
		const value = query.get(name);
		return value === undefined ? [] : readUrnList(value, name).map((urn) => ({ name, urn }));
	});
	const elements = lists.flatMap(({ name, urn }) => {
		const kind = name === 'shares' ? 'share' : 'ugcPost';
		if (!urn.startsWith(`urn:li:${kind}:`)) throw invalidField(name, `${urn} is no ${kind}`);
		const post = linkedIn.posts.get(urn);
		if (post === undefined || post.author !== organization) return [];
		const { impressions, unique, clicks, likes, comments, shares } = numbersOf(linkedIn, post);
		if (impressions === 0) return [];
		const totalShareStatistics = {
			impressionCount: impressions,
			uniqueImpressionsCount: unique,
			clickCount: clicks,
			likeCount: likes,
			commentCount: comments,
			shareCount: shares,
			engagement: (clicks + likes + comments + shares) / impressions,
		};
		return [{ organizationalEntity: organization, [kind]: urn, totalShareStatistics }];
	});
	return { status: 200, body: { elements, paging: { start: 0, count: 10, links: [] } } };
}

const MEMBER_METRICS: Readonly<Record<string, keyof Numbers | 'none'>> = {
	IMPRESSION: 'impressions',
	MEMBERS_REACHED: 'unique',
	RESHARE: 'shares',
	REACTION: 'likes',
	COMMENT: 'comments',
	POST_SAVE: 'saves',
	POST_SEND: 'sends',
	LINK_CLICKS: 'clicks',
	PREMIUM_CTA_CLICKS: 'none',
	FOLLOWER_GAINED_FROM_CONTENT: 'none',
	PROFILE_VIEW_FROM_CONTENT: 'none',
};

/** Facts 5.7: these exist since 202604. */
const NEWER = new Set([
	'POST_SAVE',
	'POST_SEND',
	'LINK_CLICKS',
	'PREMIUM_CTA_CLICKS',
	'FOLLOWER_GAINED_FROM_CONTENT',
	'PROFILE_VIEW_FROM_CONTENT',
]);

export function readEntity(value: string): { readonly kind: string; readonly urn: string } {
	const entity = /^\((share|ugc):([^()]+)\)$/.exec(value);
	if (entity === null) throw invalidField('entity', 'must be (share:urn) or (ugc:urn)');
	const [, kind = '', encoded = ''] = entity;
	const urn = readUrn(encoded, 'entity');
	if (urn.startsWith('urn:li:share:') !== (kind === 'share')) throw invalidField('entity', 'wrong kind');
	return { kind, urn };
}

/** Facts 5.7, members: one metric of one post per call. */
export function memberPostAnalytics(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const { member, scopes } = enter(linkedIn, exchange);
	if (!scopes.includes('r_member_postAnalytics'))
		throw accessDenied('memberCreatorPostAnalytics.FINDER-entity');
	const query = rawQuery(exchange.url);
	if (query.get('q') !== 'entity') throw invalidField('q', 'must be entity');
	if (query.get('aggregation') !== 'TOTAL') throw invalidField('aggregation', 'must be TOTAL');
	const { urn, kind } = readEntity(query.get('entity') ?? '');
	const metricType = query.get('queryType') ?? '';
	const metric = MEMBER_METRICS[metricType];
	const isTooNew = NEWER.has(metricType) && String(exchange.headers['linkedin-version']) < '202604';
	if (metric === undefined || isTooNew) throw invalidField('queryType', `${metricType} is not known`);
	const post = linkedIn.posts.get(urn);
	if (post === undefined || post.author !== personUrn(member)) throw new Refusal(errorForStatus(404));
	const count = metric === 'none' ? 0 : numbersOf(linkedIn, post)[metric];
	// Facts 5.7: the type is a plain word in some answers and a one-key object in others.
	const shownType = metric === 'none' ? metricType : { 'com.linkedin.analytics.PostMetric': metricType };
	const elements = [{ count, metricType: shownType, targetEntity: { [kind]: urn } }];
	return { status: 200, body: { elements, paging: { start: 0, count: 10, links: [] } } };
}

/** Facts 5.7: live counts. Of own posts only, since nothing says that others' may be read. */
export function socialActions(linkedIn: LinkedIn, exchange: Exchange): Answer {
	const { member } = enter(linkedIn, exchange);
	const urn = exchange.params['urn'] ?? '';
	const post = linkedIn.posts.get(urn);
	if (post === undefined) throw new Refusal(errorForStatus(404));
	if (post.account !== member.account) throw accessDenied('socialActions.GET');
	const { likes, comments } = numbersOf(linkedIn, post);
	return {
		status: 200,
		body: {
			target: urn,
			likesSummary: { totalLikes: likes },
			commentsSummary: { totalFirstLevelComments: comments },
		},
	};
}
