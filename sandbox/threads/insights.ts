import type { Answer, Exchange } from '../core/answer';
import { shareOf, viewsAt } from '../core/growth';
import { invalidParameter, noSuchObject } from './errors';
import type { Thread, Threads } from './model';
import { enter } from './oauth';

const METRICS = ['views', 'likes', 'replies', 'reposts', 'quotes', 'shares'];

/** Facts 7.5. One unknown metric fails the whole call. */
export function postInsights(threads: Threads, exchange: Exchange): Answer {
	const profile = enter(threads, exchange, 'threads_manage_insights');
	const id = exchange.params['id'] ?? '';
	const post = threads.posts.get(id);
	if (post?.account !== profile.account) throw noSuchObject(id);
	const asked = (exchange.url.searchParams.get('metric') ?? '').split(',');
	const unknown = asked.find((metric) => !METRICS.includes(metric));
	if (unknown !== undefined) throw invalidParameter(`metric must be one of ${METRICS.join(', ')}`);
	const numbers = numbersOf(threads, post);
	const data = asked.map((name) => ({
		name,
		period: 'lifetime',
		values: [{ value: numbers[name] }],
		title: name,
		id: `${id}/insights/${name}/lifetime`,
	}));
	return { status: 200, body: { data } };
}

function numbersOf(threads: Threads, post: Thread): Readonly<Record<string, number>> {
	const views = viewsAt(post.id, threads.frame.clock.nowMs() - post.createdAtMs);
	const share = (metric: string, range: readonly [number, number]): number =>
		shareOf(views, post.id, metric, range);
	return {
		views,
		likes: share('likes', [10, 60]),
		replies: share('replies', [1, 10]),
		reposts: share('reposts', [1, 12]),
		quotes: share('quotes', [0, 4]),
		shares: share('shares', [0, 6]),
	};
}
