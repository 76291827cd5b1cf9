// Numbers of X in the unified shape. Clicks are told to the author only, and only for thirty days (facts 4.9).
import type { AdapterContext, Metrics, PostMetrics, PostStatus } from '../../publishing/adapter';
import { xAsk } from './client';
import { postUrl } from './constants';
import { postSchema, postsSchema, type XPost } from './types';

const dayMs = 24 * 3_600_000;
/** A day less than X's thirty, so that a request never straddles the edge. */
const privateMetricsAgeMs = 29 * dayMs;
/** Snowflake ids carry their time: milliseconds since this instant, above 22 bits. */
const snowflakeEpochMs = 1_288_834_974_657n;

export async function xStatus(context: AdapterContext, postId: string): Promise<PostStatus> {
	const answer = await readPosts(context, [postId], false);
	const base = { platformPostId: postId, url: postUrl(postId, context.apiBaseUrl), reason: null };
	const [found] = answer;
	return found ? { ...base, state: 'live', raw: found.raw } : { ...base, state: 'deleted', raw: null };
}

export async function xMetrics(
	context: AdapterContext,
	postIds: readonly string[],
): Promise<readonly PostMetrics[]> {
	const oldest = context.clock.now().getTime() - privateMetricsAgeMs;
	const recent = postIds.filter((id) => createdAtMs(id) >= oldest);
	const older = postIds.filter((id) => createdAtMs(id) < oldest);
	const found = [...(await readPosts(context, recent, true)), ...(await readPosts(context, older, false))];
	return found.map(({ post, viewCount, raw }) => ({
		platformPostId: post.id,
		metrics: unify(post, viewCount),
		raw,
	}));
}

function createdAtMs(postId: string): number {
	if (!/^\d{1,20}$/.test(postId)) return 0;
	return Number((BigInt(postId) >> 22n) + snowflakeEpochMs);
}

const publicFields = ['created_at', 'attachments', 'public_metrics'] as const;
/** Told to the author only. With them come the quartiles of a video. */
const privateFields = ['non_public_metrics', 'organic_metrics'] as const;

interface FoundPost {
	readonly post: XPost;
	readonly viewCount: number | null;
	readonly raw: unknown;
}

/** Posts that X no longer knows come as partial errors beside the data, and are left out. */
async function readPosts(
	context: AdapterContext,
	postIds: readonly string[],
	withPrivateMetrics: boolean,
): Promise<readonly FoundPost[]> {
	if (postIds.length === 0) return [];
	const answer = await xAsk(context, postsSchema, {
		ask: async (x) =>
			await x.tweets([...postIds], {
				'tweet.fields': withPrivateMetrics ? [...publicFields, ...privateFields] : [...publicFields],
				expansions: ['attachments.media_keys'],
				'media.fields': withPrivateMetrics ? ['public_metrics', 'non_public_metrics'] : ['public_metrics'],
			}),
		doing: 'Reading posts',
	});
	const media = new Map((answer.includes?.media ?? []).map((medium) => [medium.media_key, medium]));
	return answer.data.flatMap((raw) => {
		const parsed = postSchema.safeParse(raw);
		if (!parsed.success) return [];
		const keys = parsed.data.attachments?.media_keys ?? [];
		const own = keys.flatMap((key) => media.get(key) ?? []);
		const viewCount =
			own.map(({ public_metrics: seen }) => seen?.view_count).find((count) => count !== undefined) ?? null;
		return [
			{
				post: parsed.data,
				viewCount,
				raw: own.length > 0 ? { ...Object(raw), includes: { media: own } } : raw,
			},
		];
	});
}

/** Reposts and quotes together; null only when X says neither. */
function sharesOf(seen: XPost['public_metrics']): number | null {
	const reposts = seen?.retweet_count ?? seen?.repost_count;
	if (reposts === undefined && seen?.quote_count === undefined) return null;
	return (reposts ?? 0) + (seen?.quote_count ?? 0);
}

function unify(
	{ public_metrics: seen, non_public_metrics: own, organic_metrics: organic }: XPost,
	viewCount: number | null,
): Metrics {
	return {
		views: viewCount,
		likes: seen?.like_count ?? null,
		comments: seen?.reply_count ?? null,
		shares: sharesOf(seen),
		saves: seen?.bookmark_count ?? null,
		clicks: own?.url_link_clicks ?? organic?.url_link_clicks ?? null,
		watchTimeSeconds: null,
		reach: null,
		impressions: seen?.impression_count ?? own?.impression_count ?? null,
	};
}
