// Compares what PostgreSQL claims with what the pretend networks saw. Their journals know nothing of ours, so
// a post that was made twice, or that we only believe in, shows up here.
import type { Pool } from 'pg';
import { z } from 'zod';

import type { Stack } from '../stack/stack';

const journalSchema = z.object({
	posts: z.array(z.object({ platformPostId: z.string(), url: z.string() })),
});

export interface Verdict {
	/** Public at the far side more often than PostgreSQL knows. */
	readonly duplicated: number;
	/** Called posted by us, unknown to the network, or under another address. */
	readonly imagined: readonly string[];
}

const postedSchema = z.object({
	platform: z.string(),
	platform_post_id: z.string(),
	platform_url: z.string(),
});

export async function verifyAgainstJournals(stack: Stack, pool: Pool, signal: AbortSignal): Promise<Verdict> {
	const { rows } = await pool.query(
		`select platform, platform_post_id, platform_url from stackkraft.posts where state = 'posted'`,
	);
	const claimed = rows.map((row) => postedSchema.parse(row));
	const seen = (
		await Promise.all(
			Object.entries(stack.sandbox).map(async ([platform, baseUrl]) =>
				(await readJournal(platform, baseUrl, signal)).map((post) => ({ platform, ...post })),
			),
		)
	).flat();
	const keyOf = (platform: string, id: string, url: string): string => [platform, id, url].join(' ');
	const seenKeys = new Set(seen.map((post) => keyOf(post.platform, post.platformPostId, post.url)));
	const imagined = claimed
		.map((post) => keyOf(post.platform, post.platform_post_id, post.platform_url))
		.filter((key) => !seenKeys.has(key));
	return { duplicated: seen.length - (claimed.length - imagined.length), imagined };
}

async function readJournal(
	network: string,
	baseUrl: string,
	signal: AbortSignal,
): Promise<z.infer<typeof journalSchema>['posts']> {
	const answer = await fetch(`${baseUrl}/_sandbox/journal?network=${network}`, {
		signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
	});
	return journalSchema.parse(await answer.json()).posts;
}
