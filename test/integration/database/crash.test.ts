// A network in memory and the real engine on the real journal. The worker dies after its k-th write, or with
// the effect done and the answer lost; another one takes over. What counts is what the network holds at the end.
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import { claimPost, listPostEvents, openPost, PostgresJournal } from '../../../lib/database';
import type { AdapterContext, PlatformAdapter, Sighting } from '../../../lib/publishing/adapter';
import { PublishError } from '../../../lib/publishing/errors';
import type { PublishJournal } from '../../../lib/publishing/ports';
import { publishPost } from '../../../lib/publishing/publish';
import { runPost } from '../../../lib/publishing/run-post';
import { endLease, makeDue, openTestPool, stateOf, type TestPool } from './support';

class WorkerDied extends Error {}

type Fault = 'none' | 'answer-lost' | 'request-lost';

class MemoryNetwork {
	readonly live: string[] = [];
	fault: Fault = 'none';

	adapter(): PlatformAdapter {
		const commit = async (handle: string): Promise<{ platformPostId: string; url: string }> => {
			const { fault } = this;
			this.fault = 'none';
			if (fault === 'request-lost') throw new PublishError('unknown', 'cut before the effect');
			this.live.push(handle);
			if (fault === 'answer-lost') throw new PublishError('unknown', 'cut after the effect');
			return { platformPostId: handle, url: `https://example.test/${handle}` };
		};
		const find = async (handle: string): Promise<Sighting> =>
			this.live.includes(handle)
				? { state: 'live', live: { platformPostId: handle, url: `https://example.test/${handle}` } }
				: { state: 'absent' };
		return {
			description: {
				platform: 'x',
				displayName: 'X',
				apiVersion: '2',
				mediaByAddress: 'never',
				canPostWithoutMedia: true,
				maxMedia: 1,
				takesAltText: false,
				metricsBatchSize: 100,
				limits: [],
			},
			validate: () => [],
			prepare: async () => ({ id: randomUUID() }),
			upload: async (_context, _draft, { handle, save }) => {
				await save({ ...handle, part: 1 });
				await save({ ...handle, part: 2 });
				return { ...handle, part: 3 };
			},
			commit: (_context, _draft, handle) => commit(String(handle['id'])),
			find: (_context, _draft, { handle }) => find(String(handle['id'])),
			status: async () => {
				throw new Error('not asked in these tests');
			},
			metrics: async () => [],
		};
	}
}

const writes = [
	'saveHandle',
	'markUploaded',
	'armCommit',
	'disarmCommit',
	'countCheck',
	'dropHandle',
	'recordLive',
	'recordDecision',
] as const;

/** Dies before or after the k-th write; from then on nothing of this worker reaches the database. */
function mortal(journal: PublishJournal, k: number, dies: 'before' | 'after'): PublishJournal {
	let count = 0;
	return new Proxy(journal, {
		get(target, name: keyof PublishJournal) {
			const method = target[name].bind(target) as (...values: unknown[]) => Promise<unknown>;
			return async (...values: unknown[]) => {
				if (count > k || (count === k && dies === 'after')) throw new WorkerDied();
				const isWrite = (writes as readonly string[]).includes(name);
				if (isWrite && ++count === k && dies === 'before') {
					count++;
					throw new WorkerDied();
				}
				return method(...values);
			};
		},
	});
}

function context(): AdapterContext {
	return {
		http: { send: () => Promise.reject(new Error('no network here')) },
		authorizer: { getToken: async () => 't', refreshToken: async () => 't' },
		clock: {
			now: () => new Date(),
			// The heartbeat sleeps until the work is done.
			sleep: (_delayMs, signal) =>
				new Promise((_resolve, reject) => {
					signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
				}),
		},
		log: { info: () => undefined, warn: () => undefined },
		signal: new AbortController().signal,
	};
}

describe('crash and takeover on PostgreSQL', () => {
	let database: TestPool;
	beforeAll(async () => {
		database = await openTestPool();
	});
	afterAll(() => database.close());

	async function newPost(pool: Pool): Promise<string> {
		const { post } = await openPost({
			pool,
			idempotencyKey: randomUUID(),
			platform: 'x',
			accountId: 'main',
			content: { text: 'hello' },
		});
		return post.postId;
	}

	async function work(
		pool: Pool,
		postId: string,
		network: MemoryNetwork,
		wrap: (journal: PublishJournal) => PublishJournal = (journal) => journal,
	): Promise<void> {
		const claim = await claimPost({ pool, postId, leaseMs: 60_000 });
		if (!claim.claimed) return;
		const journal = wrap(new PostgresJournal({ pool, postId, epoch: claim.post.epoch }));
		const job = {
			adapter: network.adapter(),
			context: context(),
			draft: { content: claim.post.content, media: [] },
			journal,
		};
		await runPost(job, { retryCount: claim.post.retryCount, heartbeatMs: 60_000, random: () => 0 });
	}

	async function untilPosted(pool: Pool, postId: string, network: MemoryNetwork): Promise<number> {
		for (let run = 1; run <= 10; run++) {
			await endLease(pool, postId);
			await makeDue(pool, postId);
			await work(pool, postId, network);
			if ((await stateOf(pool, postId)) === 'posted') return run;
		}
		throw new Error(`not posted after 10 runs: ${await stateOf(pool, postId)}`);
	}

	const edges = ([1, 2, 3, 4, 5, 6, 7] as const).flatMap((k) =>
		(['before', 'after'] as const).flatMap((dies) =>
			(['none', 'answer-lost', 'request-lost'] as const).map((fault) => ({ k, dies, fault })),
		),
	);

	it.each(edges)('posts exactly once when the worker dies $dies write $k (fault: $fault)', async (edge) => {
		const { pool } = database;
		const network = new MemoryNetwork();
		network.fault = edge.fault;
		const postId = await newPost(pool);
		await work(pool, postId, network, (journal) => mortal(journal, edge.k, edge.dies)).catch(
			(error: unknown) => {
				if (!(error instanceof WorkerDied)) throw error;
			},
		);
		network.fault = 'none';
		if ((await stateOf(pool, postId)) !== 'posted') await untilPosted(pool, postId, network);
		expect(network.live).toHaveLength(1);
		const { rows } = await pool.query('select * from stackkraft.posts where post_id = $1', [postId]);
		expect(rows[0]).toMatchObject({ platform_post_id: network.live[0], commit_armed_at: null });
		const story = await listPostEvents(pool, postId);
		expect(story.filter(({ toState }) => toState === 'posted')).toHaveLength(1);
	});

	it('does not cut what hangs on a post that is recorded, although its claim has ended with the record', async () => {
		const { pool } = database;
		const network = new MemoryNetwork();
		const postId = await newPost(pool);
		const claim = await claimPost({ pool, postId, leaseMs: 60_000 });
		if (!claim.claimed) throw new Error('not claimed');
		const heartbeatMs = 10;
		const clock = {
			now: () => new Date(),
			sleep: async (delayMs: number, signal: AbortSignal) => setTimeout(delayMs, undefined, { signal }),
		};
		const job = {
			adapter: {
				...network.adapter(),
				followUp: async ({ signal }: AdapterContext) => {
					await clock.sleep(20 * heartbeatMs, signal);
					return [{ name: 'thumbnail', isDone: true, problem: null }];
				},
			},
			context: { ...context(), clock },
			draft: { content: {}, media: [] },
			journal: new PostgresJournal({ pool, postId, epoch: claim.post.epoch }),
		};
		const result = await runPost(job, { retryCount: 0, heartbeatMs, random: () => 0 });
		expect(result).toMatchObject({ outcome: 'posted', followUps: [{ name: 'thumbnail', isDone: true }] });
	});

	it('lets a slow worker finish its call but not write over the one who took over', async () => {
		const { pool } = database;
		const network = new MemoryNetwork();
		const postId = await newPost(pool);
		const claim = await claimPost({ pool, postId, leaseMs: 60_000 });
		if (!claim.claimed) throw new Error('not claimed');
		const journal = new PostgresJournal({ pool, postId, epoch: claim.post.epoch });
		const slow = network.adapter();
		const job = {
			adapter: {
				...slow,
				// While the answer is on its way the lease ends and somebody else takes over and finds the post.
				commit: async (...values: Parameters<PlatformAdapter['commit']>) => {
					const live = await slow.commit(...values);
					await untilPosted(pool, postId, network);
					return live;
				},
			},
			context: context(),
			draft: { content: {}, media: [] },
			journal,
		};
		await expect(publishPost(job)).rejects.toThrow('taken over');
		expect(network.live).toHaveLength(1);
		expect(await stateOf(pool, postId)).toBe('posted');
	});
});
