import twitter from 'twitter-text';
import type { Answer } from '../core/answer';
import { shareOf, viewsAt } from '../core/growth';
import { partialNotAuthorized } from './errors';
import type { Media, Tweet, User, X } from './model';
import { readList } from './parse';
import { escaped } from './text';
import { userData, USER_FIELDS } from './users';

export const FIELD_PARAMETERS = ['tweet.fields', 'expansions', 'media.fields', 'user.fields'];

const TWEET_FIELDS = [
	'attachments',
	'author_id',
	'conversation_id',
	'created_at',
	'edit_history_tweet_ids',
	'entities',
	'id',
	'in_reply_to_user_id',
	'lang',
	'non_public_metrics',
	'organic_metrics',
	'possibly_sensitive',
	'public_metrics',
	'referenced_tweets',
	'reply_settings',
	'text',
];
const MEDIA_FIELDS = [
	'media_key',
	'type',
	'duration_ms',
	'url',
	'alt_text',
	'public_metrics',
	'non_public_metrics',
];
const EXPANSIONS = ['attachments.media_keys', 'author_id', 'referenced_tweets.id', 'in_reply_to_user_id'];
const OWNER_FIELDS = ['non_public_metrics', 'organic_metrics'];
/** After this age X no longer tells even the owner (facts 4.9). */
const OWNER_METRICS_LIFETIME_MS = 30 * 24 * 3_600_000;

export interface Fields {
	readonly tweet: readonly string[];
	readonly media: readonly string[];
	readonly user: readonly string[];
	readonly expansions: readonly string[];
}

export function readFields(url: URL): Fields {
	return {
		tweet: readList(url, 'tweet.fields', TWEET_FIELDS),
		media: readList(url, 'media.fields', MEDIA_FIELDS),
		user: readList(url, 'user.fields', USER_FIELDS),
		expansions: readList(url, 'expansions', EXPANSIONS),
	};
}

interface Selection {
	readonly tweets: readonly Tweet[];
	readonly fields: Fields;
	readonly errors: ReadonlyArray<Record<string, unknown>>;
	readonly shape: 'one' | 'list';
	readonly meta?: object;
}

/** Data, what was asked for beside it, and partial errors next to both (facts 4.8 c). */
export function answerWithTweets(x: X, user: User, selection: Selection): Answer {
	const { tweets, fields, shape } = selection;
	const refused = tweets.flatMap((tweet) => refusedFields(x, user, tweet, fields));
	const data = tweets.map((tweet) => tweetData(x, user, tweet, fields.tweet));
	const errors = [...selection.errors, ...refused];
	const includes = includesOf(x, user, tweets, fields);
	return {
		status: 200,
		body: {
			...(data.length === 0 ? {} : { data: shape === 'one' ? data[0] : data }),
			...(Object.keys(includes).length > 0 ? { includes } : {}),
			...(errors.length > 0 ? { errors } : {}),
			...(selection.meta ? { meta: selection.meta } : {}),
		},
	};
}

function mayReadOwnerFields(x: X, user: User, tweet: Tweet): boolean {
	const ageMs = x.frame.clock.nowMs() - tweet.createdAtMs;
	return tweet.account === user.account && ageMs <= OWNER_METRICS_LIFETIME_MS;
}

function refusedFields(x: X, user: User, tweet: Tweet, fields: Fields): Array<Record<string, unknown>> {
	if (mayReadOwnerFields(x, user, tweet)) return [];
	const asked = OWNER_FIELDS.filter((field) => fields.tweet.includes(field));
	return asked.map((field) => partialNotAuthorized(field, tweet.id));
}

function tweetData(x: X, user: User, tweet: Tweet, asked: readonly string[]): Record<string, unknown> {
	const isOwner = mayReadOwnerFields(x, user, tweet);
	const mediaKeys = tweet.mediaIds.flatMap((id) => x.media.get(id)?.mediaKey ?? []);
	const original = tweet.inReplyTo === undefined ? undefined : x.tweets.get(tweet.inReplyTo);
	const metrics = metricsOf(x, tweet);
	const references = [
		...(tweet.inReplyTo ? [{ type: 'replied_to', id: tweet.inReplyTo }] : []),
		...(tweet.quoteOf ? [{ type: 'quoted', id: tweet.quoteOf }] : []),
	];
	const optional: Readonly<Record<string, unknown>> = {
		attachments: mediaKeys.length > 0 ? { media_keys: mediaKeys } : undefined,
		author_id: tweet.userId,
		conversation_id: tweet.inReplyTo ?? tweet.id,
		created_at: new Date(tweet.createdAtMs).toISOString(),
		entities: entitiesOf(tweet),
		in_reply_to_user_id: original?.userId,
		lang: 'en',
		non_public_metrics: isOwner ? metrics.nonPublic : undefined,
		organic_metrics: isOwner ? metrics.organic : undefined,
		possibly_sensitive: false,
		public_metrics: metrics.public,
		referenced_tweets: references.length > 0 ? references : undefined,
		reply_settings: tweet.replySettings,
	};
	const chosen = Object.fromEntries(
		asked.flatMap((field) => (optional[field] === undefined ? [] : [[field, optional[field]]])),
	);
	return { id: tweet.id, text: escaped(tweet.shownText), edit_history_tweet_ids: [tweet.id], ...chosen };
}

function entitiesOf(tweet: Tweet): Record<string, unknown> | undefined {
	const hashtags = twitter.extractHashtags(tweet.shownText).map((tag) => ({ tag }));
	const mentions = twitter.extractMentions(tweet.shownText).map((username) => ({ username }));
	const entities = {
		...(tweet.urls.length > 0 ? { urls: tweet.urls } : {}),
		...(hashtags.length > 0 ? { hashtags } : {}),
		...(mentions.length > 0 ? { mentions } : {}),
	};
	return Object.keys(entities).length > 0 ? entities : undefined;
}

interface Metrics {
	readonly public: Record<string, number>;
	readonly nonPublic: Record<string, number>;
	readonly organic: Record<string, number>;
}

/** Facts 4.9; they grow with the post's age and never fall. */
function metricsOf(x: X, tweet: Tweet): Metrics {
	const { id } = tweet;
	const impressions = viewsAt(id, x.frame.clock.nowMs() - tweet.createdAtMs);
	const share = (metric: string, range: readonly [number, number]): number =>
		shareOf(impressions, id, metric, range);
	const likes = share('likes', [10, 60]);
	const replies = share('replies', [1, 10]);
	const retweets = share('retweets', [1, 15]);
	const linkClicks = tweet.urls.some((url) => url.media_key === undefined) ? share('links', [2, 25]) : 0;
	const profileClicks = share('profile', [1, 12]);
	const counts = { like_count: likes, reply_count: replies, retweet_count: retweets };
	const clicks = { url_link_clicks: linkClicks, user_profile_clicks: profileClicks };
	const engagements = likes + replies + retweets + linkClicks + profileClicks;
	return {
		public: {
			...counts,
			quote_count: share('quotes', [0, 4]),
			bookmark_count: share('bookmarks', [0, 8]),
			impression_count: impressions,
		},
		nonPublic: { impression_count: impressions, engagements, ...clicks },
		organic: { impression_count: impressions, ...counts, ...clicks },
	};
}

function includesOf(x: X, user: User, tweets: readonly Tweet[], fields: Fields): Record<string, unknown> {
	const { expansions } = fields;
	const media = expansions.includes('attachments.media_keys')
		? tweets.flatMap((tweet) =>
				tweet.mediaIds.map((id) => mediaObject(x, user, tweet, { id, asked: fields.media })),
			)
		: [];
	const userIds = expansions.includes('author_id') ? [...new Set(tweets.map((tweet) => tweet.userId))] : [];
	const users = userIds
		.flatMap((id) => x.accounts.byAccountId(id) ?? [])
		.map((one) => userData(one, fields.user));
	return { ...(media.length > 0 ? { media } : {}), ...(users.length > 0 ? { users } : {}) };
}

function mediaObject(
	x: X,
	user: User,
	tweet: Tweet,
	wanted: { readonly id: string; readonly asked: readonly string[] },
): Record<string, unknown> {
	const media = x.media.get(wanted.id) as Media;
	const views = viewsAt(tweet.id, x.frame.clock.nowMs() - tweet.createdAtMs);
	const isVideo = media.kind === 'video';
	const quartiles = Object.fromEntries(
		[0, 25, 50, 75, 100].map((percent) => [
			`playback_${percent}_count`,
			Math.floor((views * (115 - percent)) / 130),
		]),
	);
	const optional: Readonly<Record<string, unknown>> = {
		alt_text: media.altText,
		public_metrics: isVideo ? { view_count: Math.floor(views * 0.8) } : undefined,
		non_public_metrics: isVideo && mayReadOwnerFields(x, user, tweet) ? quartiles : undefined,
	};
	const chosen = Object.fromEntries(
		wanted.asked.flatMap((field) => (optional[field] === undefined ? [] : [[field, optional[field]]])),
	);
	return { media_key: media.mediaKey, type: media.kind, ...chosen };
}
