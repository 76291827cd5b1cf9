// The main job, as the demo shows it and the workflow tests prove it: message → clips → posts → numbers.
import type { Pool } from 'pg';

import type { Progress } from '../stack/progress';
import type { Stack } from '../stack/stack';
import { untilPostsEnd } from './follow';
import { runWorkflow } from './run-workflow';
import { sendVideo } from './send-video';
import { resultTable } from './table';
import { verifyAgainstJournals } from './verify';

export interface MainJobOptions {
	readonly pool: Pool;
	readonly videoPath: string;
	readonly accountId?: string;
	readonly signal: AbortSignal;
	readonly progress: Progress;
}

export interface MainJobReport {
	readonly posted: number;
	readonly failed: number;
	readonly duplicated: number;
	/** Everything that makes the claim “n posted” untrue, in sentences. */
	readonly problems: readonly string[];
	readonly table: string;
}

const postsDeadlineMs = 30 * 60_000;
const analyticsDeadlineMs = 3 * 60_000;

export async function runMainJob(stack: Stack, options: MainJobOptions): Promise<MainJobReport> {
	const { pool, progress, signal, videoPath, accountId = 'demo' } = options;
	const since = new Date();
	const { requestId } = await sendVideo(stack, { videoPath, accountId, signal });
	const posts = await progress.step(
		'clips and posts',
		() => untilPostsEnd({ pool, requestId, since, progress, signal, deadlineMs: postsDeadlineMs }),
		(ended) => `${ended.length} posts of ${new Set(ended.map(({ clipId }) => clipId)).size} clips`,
	);
	await progress.step('numbers', () =>
		runWorkflow(stack, { ...analyticsWorkflow, deadlineMs: analyticsDeadlineMs }, signal),
	);
	const verdict = await verifyAgainstJournals(stack, pool, signal);
	const posted = posts.filter(({ state }) => state === 'posted');
	const unmeasured = await withoutNumbers(
		pool,
		posted.map(({ postId }) => postId),
	);
	return {
		posted: posted.length,
		failed: posts.length - posted.length,
		duplicated: verdict.duplicated,
		problems: [
			...verdict.imagined.map((key) => `PostgreSQL calls it posted, the network does not know it: ${key}`),
			...unmeasured.map((postId) => `no numbers for post ${postId}`),
		],
		table: await resultTable(pool, posts),
	};
}

const analyticsWorkflow = { workflow: 'StackKraft – Hourly Analytics', trigger: 'Every Hour' };

async function withoutNumbers(pool: Pool, postIds: readonly string[]): Promise<readonly string[]> {
	const { rows } = await pool.query<{ post_id: string }>(
		`select wanted.post_id from unnest($1::uuid[]) as wanted(post_id)
		 where not exists (select 1 from stackkraft.analytics a where a.post_id = wanted.post_id)`,
		[postIds],
	);
	return rows.map((row) => row.post_id);
}
