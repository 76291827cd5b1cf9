// The nodes behind a claim in a real PostgreSQL: what is posted is recorded, what is not comes back by
// itself, and who comes second finds what the first one did.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Pool } from 'pg';
import {
	claimPost,
	createPool,
	defaultLeaseMs,
	getPost,
	openPost,
	PostgresJournal,
} from '../../../lib/database';
import { limitStatus, reserve } from '../../../lib/limits';
import { xAdapter } from '../../../lib/platforms/x/adapter';
import { XPublisher } from '../../../nodes/XPublisher/XPublisher.node';
import { YouTubePublisher } from '../../../nodes/YouTubePublisher/YouTubePublisher.node';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { startSandbox, type Sandbox } from '../../../sandbox';
import { connectedAccount, execute, type Execution } from '../../contract/publishers/fake-execution';
import { createTestDatabase, type TestDatabase } from '../../support/database';

describe('the publisher nodes with PostgreSQL', () => {
	let database: TestDatabase;
	let pool: Pool;
	let sandbox: Sandbox;
	let folder: string;

	beforeEach(async () => {
		database = await createTestDatabase();
		pool = createPool(database.url, { maxConnections: 4 });
		sandbox = await startSandbox({ seed: 'exactly-once' });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-exactly-once-'));
	});

	afterEach(async () => {
		expect(sandbox.journal.unexpected).toEqual([]);
		await closePostgresPools();
		await pool.end();
		await database.drop();
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	function postgresCredential(): IDataObject {
		const { hostname, port, pathname, username, password } = new URL(database.url);
		return {
			host: hostname,
			port: Number(port),
			database: pathname.slice(1),
			user: decodeURIComponent(username),
			password: decodeURIComponent(password),
			ssl: 'disable',
		};
	}

	const onX = (parameters: IDataObject, more: Partial<Execution> = {}): Promise<INodeExecutionData[]> =>
		execute({
			node: new XPublisher(),
			items: [{}],
			account: connectedAccount(sandbox, 'x'),
			otherCredentials: { stackKraftPostgresApi: postgresCredential() },
			parameters,
			allowedFolder: folder,
			...more,
		});
	const byKey = (text: string, key = 'k1'): IDataObject => ({
		exactlyOnce: 'idempotencyKey',
		idempotencyKey: key,
		accountId: 'main',
		text,
		mediaSource: 'none',
	});
	const claimed = (postId: string, claimEpoch: number): IDataObject => ({
		exactlyOnce: 'claimedPost',
		postId,
		claimEpoch,
	});

	async function claimedPost(
		content: object,
		mediaRef: string | null = null,
	): Promise<{ postId: string; epoch: number }> {
		const { post } = await openPost({
			pool,
			idempotencyKey: `key-${Math.random()}`,
			platform: 'x',
			accountId: 'main',
			content,
			media: mediaRef === null ? [] : [{ ref: mediaRef }],
		});
		const claim = await claimPost({ pool, postId: post.postId, leaseMs: defaultLeaseMs });
		if (!claim.claimed) throw new Error(claim.reason);
		return { postId: claim.post.postId, epoch: claim.post.epoch };
	}

	it('publishes a claimed post with the content of the queue and records it', async () => {
		const { postId, epoch } = await claimedPost({ text: 'From the queue' });
		const [item] = await onX(claimed(postId, epoch));
		const [seen] = sandbox.journal.posts;
		expect(item!.json).toMatchObject({ postId, outcome: 'posted', platformPostId: seen!.platformPostId });
		expect(await getPost(pool, postId)).toMatchObject({
			state: 'posted',
			live: { platformPostId: seen!.platformPostId, url: item!.json['url'] },
		});
	});

	it('posts once for two executions with the same key', async () => {
		const first = await onX(byKey('Same key'));
		const second = await onX(byKey('Same key'));
		expect(second[0]!.json).toMatchObject({
			outcome: 'posted',
			wasAlreadyPosted: true,
			platformPostId: first[0]!.json['platformPostId'],
		});
		expect(sandbox.journal.posts).toHaveLength(1);
	});

	it('writes down what the network said about the limits of the account', async () => {
		await onX(byKey('Told by X'));
		const sentBefore = { platform: 'x', accountId: 'main', windows: xAdapter.description.limits } as const;
		const [quarter] = await limitStatus(pool, sentBefore);
		// One of the hundred of a quarter of an hour is gone, although nobody reserved it here.
		expect(quarter).toMatchObject({ endpoint: 'POST /2/tweets', remaining: 99 });
	});

	it('posts once for many executions with the same key at once', async () => {
		const runs = await Promise.all(Array.from({ length: 5 }, () => onX(byKey('At once'))));
		const outcomes = runs.map(([item]) => item!.json['outcome']);
		expect(outcomes.filter((outcome) => outcome === 'posted').length).toBeGreaterThanOrEqual(1);
		expect(outcomes.every((outcome) => outcome === 'posted' || outcome === 'taken-over')).toBe(true);
		expect(sandbox.journal.posts).toHaveLength(1);
	});

	it('refuses other content under a used key', async () => {
		await onX(byKey('One'));
		await expect(onX(byKey('Two'))).rejects.toThrow(/k1 already stands for/);
		expect(sandbox.journal.posts).toHaveLength(1);
	});

	it('writes nothing when another worker took the post over', async () => {
		const { postId, epoch } = await claimedPost({ text: 'Taken over' });
		await pool.query('update stackkraft.posts set epoch = epoch + 1 where post_id = $1', [postId]);
		const [item] = await onX(claimed(postId, epoch));
		expect(item!.json).toEqual({ postId, platform: 'x', outcome: 'taken-over' });
		expect(sandbox.journal.posts).toHaveLength(0);
	});

	it('gives the post back until the window is open again, without counting a retry', async () => {
		sandbox.faults.add({ kind: 'status', status: 429, method: 'POST', pathPattern: '^/2/tweets$' });
		const { postId, epoch } = await claimedPost({ text: 'Too many' });
		const [item] = await onX(claimed(postId, epoch));
		expect(item!.json).toMatchObject({ outcome: 'waiting', error: { class: 'rate-limit' } });
		const post = await getPost(pool, postId);
		expect(post).toMatchObject({ state: 'pending', retryCount: 0, isOutcomeOpen: false });
		expect(post.nextAttemptAt.getTime()).toBeGreaterThan(Date.now() + 10 * 60_000);
	});

	it('fails the post, not the execution, when the rules refuse it', async () => {
		const { postId, epoch } = await claimedPost({ text: 'x'.repeat(300) });
		const [item] = await onX(claimed(postId, epoch));
		expect(item!.json).toMatchObject({
			outcome: 'failed',
			error: { class: 'validation', code: 'text.length' },
		});
		expect(await getPost(pool, postId)).toMatchObject({ state: 'failed' });
	});

	it('fails the post when its media file is not there', async () => {
		const { postId, epoch } = await claimedPost({ text: 'No file' }, path.join(folder, 'gone.mp4'));
		const [item] = await onX(claimed(postId, epoch));
		expect(item!.json).toMatchObject({ outcome: 'failed', error: { code: 'media' } });
		expect(await getPost(pool, postId)).toMatchObject({ state: 'failed' });
	});

	describe('and a slot that Rate Limit took', () => {
		const account = { platform: 'x', accountId: 'main', windows: xAdapter.description.limits } as const;
		const leftOver = async (): Promise<number | undefined> =>
			(await limitStatus(pool, account)).find(({ endpoint }) => endpoint === 'POST /2/tweets')?.remaining;
		const reserved = async (forPostOf: IDataObject = { platform: 'x', accountId: 'main' }) => {
			const taken = await reserve(pool, account);
			if (!taken.allowed) throw new Error('the window is full');
			return { rateLimit: { reservationId: taken.reservationId, forPostOf } };
		};

		it('gives it back when the run ends before any call, and only once', async () => {
			const [before, item] = [await leftOver(), await reserved()];
			await reserved();
			const { postId, epoch } = await claimedPost({ text: 'No file' }, path.join(folder, 'gone.mp4'));
			for (const outcome of ['failed', 'taken-over']) {
				const [run] = await onX(claimed(postId, epoch), { items: [item] });
				expect(run!.json).toMatchObject({ outcome });
			}
			expect(await leftOver()).toBe(before! - 1);
		});

		it('gives it back when the rules refuse the post', async () => {
			const [before, item] = [await leftOver(), await reserved()];
			const { postId, epoch } = await claimedPost({ text: 'x'.repeat(300) });
			await onX(claimed(postId, epoch), { items: [item] });
			expect(await leftOver()).toBe(before);
		});

		it('keeps it when the network was called, however that ended', async () => {
			sandbox.faults.add({ kind: 'status', status: 400, method: 'POST', pathPattern: '^/2/tweets$' });
			const [before, item] = [await leftOver(), await reserved()];
			const { postId, epoch } = await claimedPost({ text: 'Refused by X' });
			const [run] = await onX(claimed(postId, epoch), { items: [item] });
			expect(run!.json['outcome']).not.toBe('posted');
			expect(await leftOver()).toBeLessThan(before!);
		});

		it('keeps it when an item is run again whose first run made the call', async () => {
			const [before, item] = [await leftOver(), await reserved()];
			const { postId, epoch } = await claimedPost({ text: 'Run twice' });
			await pool.query('update stackkraft.posts set epoch = epoch + 1 where post_id = $1', [postId]);
			const [run] = await onX(claimed(postId, epoch), { items: [item] });
			expect(run!.json).toMatchObject({ outcome: 'taken-over' });
			expect(await leftOver()).toBe(before! - 1);
		});

		it.each([
			['another network', { platform: 'linkedin', accountId: 'main' }],
			['another account', { platform: 'x', accountId: 'other' }],
		])('keeps it when it is a slot of %s', async (_whose, forPostOf) => {
			const [before, item] = [await leftOver(), await reserved(forPostOf)];
			const { postId, epoch } = await claimedPost({ text: 'x'.repeat(300) });
			await onX(claimed(postId, epoch), { items: [item] });
			expect(await leftOver()).toBe(before! - 1);
		});
	});

	it('leaves an armed post with its reader when the media file is gone', async () => {
		const { postId, epoch } = await claimedPost({ text: 'Armed' }, path.join(folder, 'gone.mp4'));
		const journal = new PostgresJournal({ pool, postId, epoch });
		await journal.saveHandle({ preparedAt: new Date().toISOString(), mediaBytes: [], media: [] });
		await journal.armCommit({ armedAt: new Date(), checks: 0 });
		const [item] = await onX(claimed(postId, epoch));
		expect(item!.json).toMatchObject({ outcome: 'unknown' });
		expect(await getPost(pool, postId)).toMatchObject({
			state: 'unknown',
			isOutcomeOpen: true,
			commitChecks: 1,
		});
	});

	it('finds the post of a worker that died after the irreversible call', async () => {
		const { postId, epoch } = await claimedPost({ text: 'Died in between' });
		const journal = new PostgresJournal({ pool, postId, epoch });
		await journal.saveHandle({ preparedAt: new Date().toISOString(), mediaBytes: [], media: [] });
		await journal.armCommit({ armedAt: new Date(), checks: 0 });
		await onX({ text: 'Died in between', mediaSource: 'none' });
		await pool.query(
			`update stackkraft.posts set lease_expires_at = now() - interval '1 s' where post_id = $1`,
			[postId],
		);
		const again = await claimPost({ pool, postId, leaseMs: defaultLeaseMs });
		if (!again.claimed) throw new Error(again.reason);
		const [item] = await onX(claimed(postId, again.post.epoch));
		expect(item!.json).toMatchObject({ outcome: 'posted', wasAlreadyPosted: true });
		expect(sandbox.journal.posts).toHaveLength(1);
	});

	it('keeps the account of a binary upload by its bytes, not by its temporary path', async () => {
		const publish = (): Promise<INodeExecutionData[]> =>
			execute({
				node: new YouTubePublisher(),
				items: [{ binary: Buffer.from('not a video') }],
				account: connectedAccount(sandbox, 'youtube'),
				otherCredentials: { stackKraftPostgresApi: postgresCredential() },
				parameters: {
					exactlyOnce: 'idempotencyKey',
					idempotencyKey: 'binary-1',
					accountId: 'main',
					title: 'Binary',
					mediaSource: 'binary',
					binaryPropertyName: 'data',
				},
			});
		const first = await publish();
		const second = await publish();
		// What it becomes depends on the media; what matters is that the second run finds the first one's post.
		expect(second[0]!.json['postId']).toBe(first[0]!.json['postId']);
		expect(sandbox.journal.posts.length).toBeLessThanOrEqual(1);
	});

	it('reads media of a claimed post through the rule of n8n', async () => {
		const clip = path.join(folder, 'clip.mp4');
		await writeFile(clip, 'x');
		const { postId, epoch } = await claimedPost({ text: 'Outside' }, clip);
		const [item] = await onX(claimed(postId, epoch), { allowedFolder: path.join(folder, 'elsewhere') });
		expect(item!.json).toMatchObject({ outcome: 'failed', error: { code: 'media' } });
	});
});
