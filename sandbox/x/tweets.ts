import { Refusal, type Answer, type Exchange } from '../core/answer';
import { duplicateContent, errorForStatus, forbidden, invalidParameter, partialNotFound } from './errors';
import { liveTweet, type Media, type Tweet, type User, type X } from './model';
import { enter } from './oauth';
import { checkQuery, parseBody } from './parse';
import { answerWithTweets, readFields, FIELD_PARAMETERS } from './tweet-fields';
import { checkTweet, tweetSchema, type TweetBody } from './tweet-body';
import { comparable, escaped, shorten } from './text';

const READ_SCOPES = ['tweet.read', 'users.read'];
const WRITE_SCOPES = ['tweet.read', 'tweet.write', 'users.read'];

/** The one irreversible call of a post on X (facts 4.3). */
export async function createTweet(x: X, exchange: Exchange): Promise<Answer> {
	const user = enter(x, exchange, 'createTweet', WRITE_SCOPES);
	const body = await parseBody(exchange, tweetSchema);
	const media = checkTweet(x, user, body);
	if (isDuplicate(x, user, body.text ?? '')) throw new Refusal(duplicateContent);
	const tweet = buildTweet(x, user, body, media);
	const { journal, store, baseUrl } = x.frame;
	store.batch(() => {
		x.tweets.set(tweet.id, tweet);
		journal.addPost({
			network: 'x',
			account: user.account,
			accountId: user.accountId,
			platformPostId: tweet.id,
			// The address that needs no name: X's answer to a new post (facts 4.3) holds its id alone.
			url: `${baseUrl()}/i/status/${tweet.id}`,
			createdAt: new Date(tweet.createdAtMs).toISOString(),
			title: '',
			text: tweet.sentText,
			visibility: 'public',
			media: media.map((one) => ({ sha256: one.finalized?.sha256 ?? '', sizeBytes: one.totalBytes })),
		});
	});
	const data = { id: tweet.id, text: escaped(tweet.shownText), edit_history_post_ids: [tweet.id] };
	return { status: 201, body: { data } };
}

/** By text alone; a post of media without words is never a duplicate (facts 4.10). */
function isDuplicate(x: X, user: User, text: string): boolean {
	const wanted = comparable(text);
	const sinceMs = x.frame.clock.nowMs() - x.settings.duplicateWindowMs;
	if (wanted === '') return false;
	return x.tweets
		.values()
		.some(
			(tweet) =>
				tweet.account === user.account &&
				tweet.deletedAtMs === undefined &&
				tweet.createdAtMs > sinceMs &&
				comparable(tweet.sentText) === wanted,
		);
}

function buildTweet(x: X, user: User, body: TweetBody, media: readonly Media[]): Tweet {
	const createdAtMs = x.frame.clock.nowMs();
	const id = x.frame.ids.snowflake(createdAtMs);
	const sentText = body.text ?? '';
	const attached = media.map((one, index) => ({
		mediaKey: one.mediaKey,
		expandedUrl: `https://x.com/${user.account}/status/${id}/${one.kind === 'photo' ? 'photo' : 'video'}/${index + 1}`,
	}));
	const shown = shorten(referring(x, user, body), id, attached);
	return {
		id,
		account: user.account,
		userId: user.accountId,
		createdAtMs,
		sentText,
		shownText: shown.text,
		urls: shown.urls,
		mediaIds: media.map((one) => one.id),
		replySettings: body.reply_settings ?? 'everyone',
		...(body.reply ? { inReplyTo: body.reply.in_reply_to_tweet_id } : {}),
		...(body.quote_tweet_id ? { quoteOf: body.quote_tweet_id } : {}),
	};
}

/** X itself puts whom a reply answers in front (facts 4.4), and a link to what is quoted behind. */
function referring(x: X, user: User, { text = '', reply, quote_tweet_id: quoteOf }: TweetBody): string {
	const answered = reply && liveTweet(x, reply.in_reply_to_tweet_id)?.account;
	const quoted = quoteOf && liveTweet(x, quoteOf);
	return [
		answered && answered !== user.account ? `@${answered}` : '',
		text,
		quoted ? `https://x.com/${quoted.account}/status/${quoted.id}` : '',
	]
		.filter((part) => part !== '')
		.join(' ');
}

export function deleteTweet(x: X, exchange: Exchange): Answer {
	const user = enter(x, exchange, 'deleteTweet', WRITE_SCOPES);
	const tweet = liveTweet(x, exchange.params['id'] ?? '');
	if (tweet === undefined) return { status: 200, body: { data: { deleted: false } } };
	if (tweet.account !== user.account) throw forbidden('You are not authorized to delete this Tweet.');
	const { clock, journal, store } = x.frame;
	store.batch(() => {
		x.tweets.set(tweet.id, { ...tweet, deletedAtMs: clock.nowMs() });
		journal.changePost('x', tweet.id, { deletedAt: clock.nowIso() });
	});
	return { status: 200, body: { data: { deleted: true } } };
}

export function getTweets(x: X, exchange: Exchange): Answer {
	const user = enter(x, exchange, 'getTweets', READ_SCOPES);
	checkQuery(exchange.url, ['ids', ...FIELD_PARAMETERS]);
	const fields = readFields(exchange.url);
	const ids = (exchange.url.searchParams.get('ids') ?? '').split(',');
	if (ids.length > 100 || ids.some((id) => !/^\d{1,19}$/.test(id))) {
		throw invalidParameter('ids', exchange.url.searchParams.get('ids'), 'ids must be 1 to 100 post ids.');
	}
	const found = ids.flatMap((id) => liveTweet(x, id) ?? []);
	const missing = ids.filter((id) => liveTweet(x, id) === undefined);
	const errors = missing.map((id) => partialNotFound('ids', id));
	return answerWithTweets(x, user, { tweets: found, fields, errors, shape: 'list' });
}

export function getTweet(x: X, exchange: Exchange): Answer {
	const user = enter(x, exchange, 'getTweet', READ_SCOPES);
	checkQuery(exchange.url, FIELD_PARAMETERS);
	const fields = readFields(exchange.url);
	const id = exchange.params['id'] ?? '';
	if (!/^\d{1,19}$/.test(id))
		throw invalidParameter('id', id, `The \`id\` query parameter value [${id}] is not valid`);
	const tweet = liveTweet(x, id);
	const errors = tweet === undefined ? [partialNotFound('id', id)] : [];
	return answerWithTweets(x, user, { tweets: tweet ? [tweet] : [], fields, errors, shape: 'one' });
}

const TIMELINE_PARAMETERS = [
	'max_results',
	'since_id',
	'until_id',
	'start_time',
	'end_time',
	'pagination_token',
	'exclude',
	...FIELD_PARAMETERS,
];

/** Newest first; where a lost answer is looked up (facts 4.10). */
export function userTweets(x: X, exchange: Exchange): Answer {
	const user = enter(x, exchange, 'userTweets', READ_SCOPES);
	checkQuery(exchange.url, TIMELINE_PARAMETERS);
	const fields = readFields(exchange.url);
	const userId = exchange.params['id'] ?? '';
	if (x.accounts.byAccountId(userId) === undefined) throw new Refusal(errorForStatus(404));
	const query = exchange.url.searchParams;
	const maxResults = Number(query.get('max_results') ?? 10);
	if (!Number.isInteger(maxResults) || maxResults < 5 || maxResults > 100) {
		const message = `The \`max_results\` query parameter value [${query.get('max_results')}] is not between 5 and 100`;
		throw invalidParameter('max_results', query.get('max_results'), message);
	}
	const isWanted = timelineFilter(query);
	const matching = x.tweets
		.values()
		.filter((tweet) => tweet.userId === userId && tweet.deletedAtMs === undefined && isWanted(tweet))
		.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
	const page = matching.slice(0, maxResults);
	const [newest, oldest] = [page[0], page.at(-1)];
	const meta = {
		...(oldest && matching.length > page.length ? { next_token: `before-${oldest.id}` } : {}),
		result_count: page.length,
		...(newest && oldest ? { newest_id: newest.id, oldest_id: oldest.id } : {}),
	};
	return answerWithTweets(x, user, { tweets: page, fields, errors: [], shape: 'list', meta });
}

function postIdIn(query: URLSearchParams, name: string): bigint | undefined {
	const text = query.get(name);
	if (text === null) return undefined;
	if (!/^\d{1,19}$/.test(text)) throw invalidParameter(name, text, `${name} must be a post id.`);
	return BigInt(text);
}

function timeMsIn(query: URLSearchParams, name: string): number | undefined {
	const text = query.get(name);
	if (text === null) return undefined;
	const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
	if (!isTime) throw invalidParameter(name, text, `${name} must be YYYY-MM-DDTHH:mm:ssZ.`);
	return Date.parse(text);
}

function pageStartIn(query: URLSearchParams): bigint | undefined {
	const token = query.get('pagination_token');
	if (token === null) return undefined;
	const before = /^before-(\d{1,19})$/.exec(token)?.[1];
	if (before === undefined) throw invalidParameter('pagination_token', token, 'Invalid token.');
	return BigInt(before);
}

/** Which posts the query asks for; a malformed bound is refused even when there is nothing to list. */
function timelineFilter(query: URLSearchParams): (tweet: Tweet) => boolean {
	const afterId = postIdIn(query, 'since_id') ?? -1n;
	const beforeIds = [postIdIn(query, 'until_id'), pageStartIn(query)].filter((id) => id !== undefined);
	const fromMs = timeMsIn(query, 'start_time') ?? 0;
	const toMs = timeMsIn(query, 'end_time') ?? Number.POSITIVE_INFINITY;
	const excludesReplies = (query.get('exclude') ?? '').split(',').includes('replies');
	return (tweet) => {
		const id = BigInt(tweet.id);
		const isBetween = id > afterId && beforeIds.every((before) => id < before);
		const isInTime = tweet.createdAtMs >= fromMs && tweet.createdAtMs < toMs;
		return isBetween && isInTime && !(excludesReplies && tweet.inReplyTo !== undefined);
	};
}
