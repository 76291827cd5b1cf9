// Watches a request in PostgreSQL, where the truth is, until every post of it has come to an end.
import type { Pool } from 'pg';
import { z } from 'zod';

import { listPosts, type Post } from '../../lib/database';
import type { Progress } from '../stack/progress';
import { StackFailure } from '../stack/stack-failure';
import { waitFor } from '../stack/wait-for';

export interface FollowOptions {
	readonly pool: Pool;
	readonly requestId: string;
	/** Trouble that was noted before belongs to an earlier run. */
	readonly since: Date;
	readonly progress: Progress;
	readonly signal: AbortSignal;
	readonly deadlineMs: number;
}

const finalStates: readonly Post['state'][] = ['posted', 'failed', 'cancelled'];

/** @throws StackFailure when the request was given up, or nothing comes of it before the deadline. */
export async function untilPostsEnd(options: FollowOptions): Promise<readonly Post[]> {
	const told = new Map<string, string>();
	const posts = await waitFor(
		async () => {
			const current = await listPosts(options.pool, { requestId: options.requestId, limit: 500 });
			tellChanges(current, told, options.progress);
			if (current.length > 0) {
				return current.every(({ state }) => finalStates.includes(state)) ? current : undefined;
			}
			await refuseGivenUp(options);
			return undefined;
		},
		{ deadlineMs: options.deadlineMs, pollMs: 250, signal: options.signal },
	);
	if (posts) return posts;
	const minutes = Math.round(options.deadlineMs / 60_000);
	throw new StackFailure(
		told.size === 0
			? `No clip came out within ${minutes} minutes; the executions in the editor say why.`
			: `Not all posts came to an end within ${minutes} minutes; run the demo again to go on.`,
	);
}

function tellChanges(posts: readonly Post[], told: Map<string, string>, progress: Progress): void {
	for (const post of posts) {
		if (told.get(post.postId) === post.state) continue;
		told.set(post.postId, post.state);
		const what = post.live?.url ?? post.lastError?.message ?? '';
		progress.say(
			`    ${post.platform.padEnd(9)} ${post.state.padEnd(10)} ${what || post.content.title || ''}`,
		);
	}
}

const givenUpSchema = z.object({ reason: z.string() });

async function refuseGivenUp({ pool, requestId, since }: FollowOptions): Promise<void> {
	const { rows } = await pool.query(
		`select reason from stackkraft.dead_letters
		 where recorded_at >= $2 and position($1 in payload) > 0 order by recorded_at desc limit 1`,
		[JSON.stringify(requestId), since],
	);
	if (rows.length > 0) throw new StackFailure(givenUpSchema.parse(rows[0]).reason);
}
