import Table from 'cli-table3';
import type { Pool } from 'pg';
import { z } from 'zod';

import type { Post } from '../../lib/database';

const numbersSchema = z.object({
	post_id: z.string(),
	views: z.coerce.number().nullable(),
	likes: z.coerce.number().nullable(),
	comments: z.coerce.number().nullable(),
});

/** One line per post: what a person wants to see of a run. */
export async function resultTable(pool: Pool, posts: readonly Post[]): Promise<string> {
	const numbers = await latestNumbers(pool, posts);
	const table = new Table({
		head: ['clip', 'platform', 'post id', 'url', 'status', 'views', 'likes', 'comments'],
		style: { head: [], border: [] },
		// Without lines between the rows: eight posts fit on a screen.
		chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
	});
	const inOrder = [...posts].sort((a, b) => order(a).localeCompare(order(b)));
	for (const post of inOrder) {
		const found = numbers.get(post.postId);
		table.push([
			shortened(post.content.title ?? post.clipId ?? '', 30),
			post.platform,
			post.live?.platformPostId ?? '–',
			post.live?.url ?? shortened(post.lastError?.message ?? '–', 40),
			post.state,
			...[found?.views, found?.likes, found?.comments].map((count) => count ?? '–'),
		]);
	}
	return table.toString();
}

function order(post: Post): string {
	return [post.scheduledAt.toISOString(), post.clipId, post.platform].join(' ');
}

async function latestNumbers(
	pool: Pool,
	posts: readonly Post[],
): Promise<Map<string, z.infer<typeof numbersSchema>>> {
	const { rows } = await pool.query(
		`select distinct on (post_id) post_id, views, likes, comments from stackkraft.analytics
		 where post_id = any($1::uuid[]) order by post_id, fetched_at desc`,
		[posts.map(({ postId }) => postId)],
	);
	return new Map(rows.map((row) => [row.post_id, numbersSchema.parse(row)]));
}

function shortened(text: string, maxLength: number): string {
	const line = text.replace(/\s+/g, ' ');
	return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}
