import type { Answer, Exchange } from '../core/answer';
import { shareOf, viewsAt } from '../core/growth';
import { invalidParameter, noSuchObject } from '../graph/errors';
import { pick, readFields } from '../graph/parameters';
import { containerFields } from './containers';
import {
	type Instagram,
	isOver,
	type Media,
	permalinkOf,
	type ProductType,
	type Professional,
} from './model';
import { enter, enterAs, INSIGHTS } from './oauth';
import { pageOf } from './paging';

const USER_FIELDS = ['id', 'user_id', 'username', 'name', 'account_type'];
const CONTAINER_FIELDS = ['id', 'status', 'status_code', 'video_status'];
const MEDIA_FIELDS = [
	'id',
	'caption',
	'comments_count',
	'like_count',
	'media_product_type',
	'media_type',
	'permalink',
	'reposts_count',
	'saved_count',
	'shares_count',
	'shortcode',
	'timestamp',
	'username',
];

/** One path for all nodes of the graph: the account itself, a container, or a medium. */
export function readNode(instagram: Instagram, exchange: Exchange): Answer {
	const user = enter(instagram, exchange);
	const id = exchange.params['id'] ?? '';
	if (id === 'me' || id === user.accountId) {
		const { accountId, account } = user;
		const all = {
			id: accountId,
			user_id: accountId,
			username: account,
			name: account,
			account_type: 'BUSINESS',
		};
		return { status: 200, body: pick(all, readFields(exchange, USER_FIELDS)) };
	}
	const container = instagram.containers.get(id);
	if (container?.account === user.account) {
		const fields = readFields(exchange, CONTAINER_FIELDS);
		return { status: 200, body: pick(containerFields(instagram, container), fields) };
	}
	const media = ownMedia(instagram, user, id);
	return { status: 200, body: pick(mediaFields(instagram, media), readFields(exchange, MEDIA_FIELDS)) };
}

export function ownMedia(instagram: Instagram, user: Professional, id: string): Media {
	const media = instagram.media.get(id);
	if (media === undefined || media.account !== user.account || isOver(instagram, media))
		throw noSuchObject(id);
	return media;
}

/** Where a lost answer is looked up (facts 3.7). Stories are not in it. */
export function listMedia(instagram: Instagram, exchange: Exchange): Answer {
	return list(instagram, exchange, ({ productType }) => productType !== 'STORY');
}

/** Not in the facts: Meta's reference of `/{user}/stories`, for as long as they are seen. */
export function listStories(instagram: Instagram, exchange: Exchange): Answer {
	return list(instagram, exchange, (media) => media.productType === 'STORY' && !isOver(instagram, media));
}

function list(instagram: Instagram, exchange: Exchange, isListed: (media: Media) => boolean): Answer {
	const user = enterAs(instagram, exchange);
	const fields = readFields(exchange, MEDIA_FIELDS);
	const all = instagram.media.values().filter((media) => media.account === user.account && isListed(media));
	const { page, paging } = pageOf(exchange, all);
	return {
		status: 200,
		body: { data: page.map((media) => pick(mediaFields(instagram, media), fields)), paging },
	};
}

function mediaFields(instagram: Instagram, media: Media): Record<string, unknown> {
	const counts = countsOf(instagram, media);
	return {
		id: media.id,
		// Meta leaves an empty caption out.
		caption: media.caption === '' ? undefined : media.caption,
		comments_count: counts['comments'],
		like_count: counts['likes'],
		media_product_type: media.productType,
		media_type: media.mediaType,
		permalink: permalinkOf(instagram, media),
		reposts_count: counts['reposts'],
		saved_count: counts['saved'],
		shares_count: counts['shares'],
		shortcode: media.shortcode,
		timestamp: new Date(media.createdAtMs).toISOString().replace(/\.\d+Z$/, '+0000'),
		username: media.account,
	};
}

const COMMON = ['views', 'reach', 'likes', 'comments', 'saved', 'shares', 'reposts', 'total_interactions'];
/** Facts 3.6. */
const METRICS: Readonly<Record<ProductType, readonly string[]>> = {
	REELS: [
		...COMMON,
		'ig_reels_avg_watch_time',
		'ig_reels_video_view_total_time',
		'reels_skip_rate',
		'crossposted_views',
		'facebook_views',
	],
	FEED: [...COMMON, 'follows', 'profile_visits', 'profile_activity'],
	STORY: [
		'views',
		'reach',
		'replies',
		'shares',
		'reposts',
		'follows',
		'navigation',
		'profile_visits',
		'profile_activity',
		'link_clicks',
		'total_interactions',
	],
};

/** One metric that the type does not have fails the whole call (facts 3.6). */
export function insights(instagram: Instagram, exchange: Exchange): Answer {
	const user = enter(instagram, exchange, INSIGHTS);
	const media = ownMedia(instagram, user, exchange.params['id'] ?? '');
	const asked = (exchange.url.searchParams.get('metric') ?? '').split(',');
	const unknown = asked.find((name) => !METRICS[media.productType].includes(name));
	if (unknown !== undefined)
		throw invalidParameter(`metric[0] must be one of the metrics of the media: ${unknown}`);
	const { clock } = instagram.frame;
	const isEmpty = clock.nowMs() - media.createdAtMs < instagram.settings.insightsDelayMs;
	const counts = countsOf(instagram, media);
	const data = asked.map((name) => ({
		name,
		period: 'lifetime',
		values: [{ value: counts[name] ?? 0 }],
		title: name,
		description: name,
		id: `${media.id}/insights/${name}/lifetime`,
	}));
	return { status: 200, body: { data: isEmpty ? [] : data } };
}

/** They grow with the age of the post and never fall. */
function countsOf({ frame }: Instagram, { id, createdAtMs }: Media): Record<string, number> {
	const views = viewsAt(id, frame.clock.nowMs() - createdAtMs);
	const share = (metric: string, range: readonly [number, number]): number =>
		shareOf(views, id, metric, range);
	const parts = {
		likes: share('likes', [20, 90]),
		comments: share('comments', [1, 12]),
		saved: share('saved', [1, 20]),
		shares: share('shares', [1, 25]),
		reposts: share('reposts', [0, 5]),
	};
	return {
		...parts,
		views,
		reach: share('reach', [600, 900]),
		total_interactions: Object.values(parts).reduce((sum, count) => sum + count, 0),
		ig_reels_avg_watch_time: 4_000,
		ig_reels_video_view_total_time: views * 4_000,
		profile_visits: share('visits', [1, 9]),
		replies: share('replies', [1, 8]),
		navigation: share('navigation', [100, 400]),
		link_clicks: share('clicks', [0, 15]),
	};
}
