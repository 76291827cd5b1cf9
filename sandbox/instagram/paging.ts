import type { Exchange } from '../core/answer';
import { invalidParameter } from '../graph/errors';

/** Newest first, by `limit` and the cursor `after`. */
export function pageOf<T extends { readonly id: string }>(
	exchange: Exchange,
	unsorted: readonly T[],
): { readonly page: readonly T[]; readonly paging: object } {
	const query = exchange.url.searchParams;
	const limit = Number(query.get('limit') ?? 25);
	if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw invalidParameter('limit must be 1 to 100');
	const all = [...unsorted].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
	const after = query.get('after');
	const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
	const page = all.slice(from, from + limit);
	const last = page.at(-1)?.id;
	const hasMore = from + page.length < all.length;
	const paging = last
		? { cursors: { before: page[0]?.id, after: last }, ...(hasMore ? { next: 'more' } : {}) }
		: {};
	return { page, paging };
}
