// Numbers of Threads in the unified shape (facts 7.5). One call gives the numbers of one post.
import type { AdapterContext, Metrics, PostMetrics, PostStatus } from '../../publishing/adapter';
import { isMissing, threadsRead } from './call';
import { threadsHosts, threadsPaths } from './constants';
import { insightsSchema, threadSchema } from './types';

export async function threadsStatus(context: AdapterContext, postId: string): Promise<PostStatus> {
	try {
		const post = await threadsRead(context, threadSchema.loose(), {
			path: threadsPaths.object(postId),
			query: { fields: 'id,permalink,timestamp,text,media_type' },
			doing: 'Reading the post',
		});
		return { platformPostId: postId, url: post.permalink, state: 'live', reason: null, raw: post };
	} catch (error) {
		if (!isMissing(error)) throw error;
		// The address of a post cannot be made from its id; the network itself is all that is left to name.
		const url = context.apiBaseUrl || threadsHosts.authorize;
		return { platformPostId: postId, url, state: 'deleted', reason: null, raw: null };
	}
}

const metricNames = 'views,likes,replies,reposts,quotes,shares';

export async function threadsMetrics(
	context: AdapterContext,
	postIds: readonly string[],
): Promise<readonly PostMetrics[]> {
	const found: PostMetrics[] = [];
	for (const postId of postIds) {
		const metrics = await readMetrics(context, postId);
		if (metrics) found.push(metrics);
	}
	return found;
}

async function readMetrics(context: AdapterContext, postId: string): Promise<PostMetrics | null> {
	try {
		const raw = await threadsRead(context, insightsSchema.loose(), {
			path: threadsPaths.insights(postId),
			query: { metric: metricNames },
			doing: 'Reading numbers',
		});
		const numbers = new Map(raw.data.map(({ name, values }) => [name, values[0]?.value]));
		return { platformPostId: postId, metrics: unify(numbers), raw };
	} catch (error) {
		if (isMissing(error)) return null;
		throw error;
	}
}

function unify(numbers: ReadonlyMap<string, number | undefined>): Metrics {
	return {
		views: numbers.get('views') ?? null,
		likes: numbers.get('likes') ?? null,
		comments: numbers.get('replies') ?? null,
		shares: sumOf(['reposts', 'quotes', 'shares'].map((name) => numbers.get(name))),
		saves: null,
		clicks: null,
		watchTimeSeconds: null,
		reach: null,
		impressions: null,
	};
}

/** Null only when Threads says none of them. */
function sumOf(counts: readonly (number | undefined)[]): number | null {
	const said = counts.filter((count) => count !== undefined);
	return said.length === 0 ? null : said.reduce((sum, count) => sum + count, 0);
}
