// The same count with the real n8n: killed at random moments while it publishes on all networks, started again, and
// left alone until everything is decided.
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createPosts } from '../../lib/database';
import { newClipSchema } from '../../lib/database/clips';
import { contentHash } from '../../lib/media';
import { runFfmpeg } from '../../lib/media/run-ffmpeg';
import { platformSchema } from '../../lib/publishing/platform';
import { buildPackage } from '../../scripts/stack/package/build';
import { silentProgress } from '../../scripts/stack/progress';
import { control, startWorld, type World } from '../throughput/world';
import { Ledger, type LedgerPost } from './ledger';
import { randomFrom } from './random';
import type { SeedResult } from './run-seed';
import { judge, type PublicPost } from './verdict';

const bootDeadlineMs = 5 * 60_000;
const endDeadlineMs = 3 * 60_000;
const pollMs = 500;
/** Two ticks of the dispatcher: some kills come before the first call, some after the last. */
const latestKillMs = 20_000;

const journalSchema = z.object({
	posts: z.array(
		z.object({
			network: z.string(),
			platformPostId: z.string(),
			url: z.string(),
			title: z.string(),
			text: z.string(),
		}),
	),
});

export async function runOnN8n(seeds: readonly number[], tell: (result: SeedResult) => void): Promise<void> {
	await buildPackage({ progress: silentProgress });
	const world = await startWorld(silentProgress, AbortSignal.timeout(bootDeadlineMs));
	const ledger = new Ledger(world.stack.postgresUrl);
	try {
		const video = await makeVideo(world.stack.mediaFolder);
		for (const seed of seeds) tell(await runSeedOnN8n(world, ledger, { seed, video }));
	} finally {
		await ledger.close();
		await world.stop();
	}
}

async function makeVideo(folder: string): Promise<string> {
	const output = path.join(folder, 'faults.mp4');
	const lavfi = ['-f', 'lavfi'];
	await runFfmpeg({
		inputs: [
			{ source: 'testsrc2=size=720x1280:rate=30:duration=5', options: lavfi },
			{ source: 'sine=frequency=220:duration=5', options: lavfi },
		],
		outputOptions: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
		output,
		deadlineMs: 60_000,
	});
	await chmod(output, 0o644);
	return output;
}

interface RealSeed {
	readonly seed: number;
	readonly video: string;
}

async function runSeedOnN8n(world: World, ledger: Ledger, { seed, video }: RealSeed): Promise<SeedResult> {
	const words = `n8n is killed, seed ${seed}`;
	const clip = {
		clipId: `n8n-${seed}`,
		startSec: 0,
		endSec: 5,
		path: video,
		sha256: await contentHash(video),
		suggestions: { title: words, text: words },
	};
	const { posts } = await createPosts({
		pool: world.pool,
		requestId: clip.clipId,
		clips: [newClipSchema.parse(clip)],
		targets: platformSchema.options.map((platform) => ({ platform, accountId: 'main' })),
	});
	const afterMs = randomFrom(seed).whole(0, latestKillMs);
	await sleep(afterMs);
	await world.stack.killN8n();
	await ledger.letTimePass(true);
	await world.stack.restartN8n({ signal: 'SIGKILL' });
	const postIds = posts.map(({ post }) => post.postId);
	const recorded = await untilDecided(ledger, postIds);
	const { posts: seen } = journalSchema.parse(await control(world.stack, 'journal'));
	// All networks carry the same words: each post is looked for on its own.
	const seenOn = (platform: string): readonly PublicPost[] =>
		seen
			.filter(({ network }) => network === platform)
			.map(({ platformPostId, url, title, text }) => ({ platformPostId, url, words: `${title}\n${text}` }));
	const recordOf = (postId: string): LedgerPost | undefined =>
		recorded.find((post) => post.postId === postId);
	const stories = await Promise.all(postIds.map(async (postId) => ledger.story(postId)));
	return {
		plan: { seed, only: '', posts: [], faults: [] },
		verdicts: posts.map(({ post }) =>
			judge({ postId: post.postId, mark: words }, recordOf(post.postId), seenOn(post.platform)),
		),
		points: [`n8n killed ${afterMs} ms after the request`],
		oddities: [],
		rounds: 1,
		story: stories.flat(),
		tally: undefined,
	};
}

/** By itself: after the restart nobody touches anything but the time that a dead worker's claim takes. */
async function untilDecided(ledger: Ledger, postIds: readonly string[]): Promise<readonly LedgerPost[]> {
	const endMs = performance.now() + endDeadlineMs;
	for (;;) {
		const ours = (await ledger.posts()).filter(({ postId }) => postIds.includes(postId));
		const isDecided = ours.every(({ state, isTold }) => state === 'posted' || (state === 'failed' && isTold));
		if (isDecided || performance.now() > endMs) return ours;
		await sleep(pollMs);
	}
}
