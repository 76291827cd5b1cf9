// Two posts that say the same, on one account, when the network takes the words only once: one of them is public,
// and the other is a person's at once instead of being looked for again and again.
import { randomUUID } from 'node:crypto';
import { claimPost, getPost, openPost, PostgresJournal } from '../../../lib/database';
import { UndiciClient } from '../../../lib/http';
import { xAdapter } from '../../../lib/platforms/x/adapter';
import type { AdapterContext } from '../../../lib/publishing/adapter';
import { runPost, type RunResult } from '../../../lib/publishing/run-post';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { endLease, makeDue, openTestPool, type TestPool } from '../database/support';

const heartbeatMs = 60_000;

describe('a post that the network takes for another one of ours', () => {
	let database: TestPool;
	let sandbox: Sandbox;
	let http: UndiciClient;
	let accessToken: string;

	beforeEach(async () => {
		database = await openTestPool();
		sandbox = await startSandbox({ networks: ['x'], seed: 'taken-id' });
		accessToken = sandbox.x.issueTokens({ account: 'tester' }).accessToken;
		http = new UndiciClient();
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await http.close();
		await sandbox.stop();
		await database.close();
	});

	async function newPost(): Promise<string> {
		const content = { text: 'The same words' };
		const idempotencyKey = randomUUID();
		const { pool } = database;
		const { post } = await openPost({ pool, idempotencyKey, platform: 'x', accountId: 'main', content });
		return post.postId;
	}

	function context(): AdapterContext {
		return {
			http,
			authorizer: { getToken: async () => accessToken, refreshToken: async () => accessToken },
			clock: {
				now: () => new Date(sandbox.clock.nowMs()),
				sleep: async (delayMs, signal) => {
					signal.throwIfAborted();
					if (delayMs !== heartbeatMs) return sandbox.clock.advance(delayMs);
					await new Promise((_resolve, reject) => {
						signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
					});
				},
			},
			log: { info: () => undefined, warn: () => undefined },
			signal: new AbortController().signal,
			apiBaseUrl: sandbox.x.baseUrl,
		};
	}

	/** @param dies with the answer: nothing that comes after the call is written. */
	async function run(postId: string, dies = false): Promise<RunResult | undefined> {
		const { pool } = database;
		const claim = await claimPost({ pool, postId, leaseMs: 120_000 });
		if (!claim.claimed) throw new Error(`not claimed: ${claim.reason}`);
		const { content, epoch, retryCount } = claim.post;
		const journal = new PostgresJournal({ pool, postId, epoch });
		const commit: typeof xAdapter.commit = async (...call) => {
			const live = await xAdapter.commit(...call);
			if (!dies) return live;
			const died = async (): Promise<never> => Promise.reject(new Error('the process died'));
			Object.assign(journal, { recordLive: died, recordDecision: died });
			return live;
		};
		const job = {
			adapter: { ...xAdapter, commit },
			context: context(),
			draft: { content, media: [] },
			journal,
		};
		const done = runPost(job, { retryCount, heartbeatMs, random: () => 0.5 });
		return dies ? await done.catch(() => undefined) : await done;
	}

	async function expectFailedAndTold(postId: string, holder: string): Promise<void> {
		const post = await getPost(database.pool, postId);
		expect(post).toMatchObject({ state: 'failed', lastError: { class: 'unknown', code: 'post-id-taken' } });
		expect(post?.lastError?.message).toContain(holder);
		const { rows } = await database.pool.query(
			`select payload->>'errorClass' as class from stackkraft.outbox where post_id = $1 and kind = 'dead-letter'`,
			[postId],
		);
		expect(rows).toEqual([{ class: 'unknown' }]);
	}

	it('fails the second of two posts with the same words at once, and names the first', async () => {
		const [first, second] = [await newPost(), await newPost()];
		expect(await run(first)).toMatchObject({ outcome: 'posted' });
		const result = await run(second);
		expect(result).toMatchObject({ outcome: 'failed' });
		await expectFailedAndTold(second, first);
		expect(sandbox.journal.posts).toHaveLength(1);
	});

	it('fails the first at once when its answer was lost and the second was recorded with its post', async () => {
		const [first, second] = [await newPost(), await newPost()];
		await run(first, true);
		expect(await run(second)).toMatchObject({ outcome: 'posted' });
		await endLease(database.pool, first);
		await makeDue(database.pool, first);
		expect(await run(first)).toMatchObject({ outcome: 'failed' });
		await expectFailedAndTold(first, second);
		expect(sandbox.journal.posts).toHaveLength(1);
	});
});
