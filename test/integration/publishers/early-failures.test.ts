// What breaks behind the claim but before the engine begins ends in the post's own story: a run that only fails would
// leave the claim to its lease, the reaper would ring again, and nobody would ever be asked.
import fs, { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject, INodeType } from 'n8n-workflow';
import { getPost, openPost, type Post } from '../../../lib/database';
import { xAdapter } from '../../../lib/platforms/x/adapter';
import { limitStatus, reserve } from '../../../lib/limits';
import { retryPolicy } from '../../../lib/publishing/decide';
import { XPublisher } from '../../../nodes/XPublisher/XPublisher.node';
import { YouTubePublisher } from '../../../nodes/YouTubePublisher/YouTubePublisher.node';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { startSandbox, type Sandbox } from '../../../sandbox';
import {
	connectedAccount,
	execute,
	type Account,
	type Execution,
} from '../../contract/publishers/fake-execution';
import { claimAgain, openTestPool, type TestPool } from '../database/support';
import { credentialOf } from '../post-queue/fake-context';

describe('what breaks between the claim and the engine', () => {
	let database: TestPool;
	let sandbox: Sandbox;
	let folder: string;

	beforeEach(async () => {
		database = await openTestPool(4);
		sandbox = await startSandbox({ seed: 'early-failures' });
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-early-failures-'));
	});

	afterEach(async () => {
		jest.restoreAllMocks();
		expect(sandbox.journal.posts).toEqual([]);
		await closePostgresPools();
		await database.close();
		await sandbox.stop();
		await rm(folder, { recursive: true });
	});

	async function newPost(platform: 'x' | 'youtube', mediaRef?: string): Promise<string> {
		const { post } = await openPost({
			pool: database.pool,
			idempotencyKey: `key-${Math.random()}`,
			platform,
			accountId: 'main',
			content: { title: 'A title', text: 'A text' },
			media: mediaRef === undefined ? [] : [{ ref: mediaRef }],
		});
		return post.postId;
	}

	/** Claims it, however long it still had to wait, and lets the node work on it once. */
	async function attempt(postId: string, more: Partial<Execution> & { node?: INodeType } = {}) {
		await database.pool.query('update stackkraft.posts set next_attempt_at = now() where post_id = $1', [
			postId,
		]);
		const { epoch } = await claimAgain(database.pool, postId);
		return await run(postId, epoch, more);
	}

	async function run(
		postId: string,
		claimEpoch: number,
		more: Partial<Execution> = {},
	): Promise<IDataObject> {
		const [item] = await execute({
			node: new XPublisher(),
			items: [{}],
			account: connectedAccount(sandbox, 'x'),
			otherCredentials: { stackKraftPostgresApi: credentialOf(database.url) },
			parameters: { exactlyOnce: 'claimedPost', postId, claimEpoch },
			allowedFolder: folder,
			...more,
		});
		return item?.json ?? {};
	}

	const withUrl = (apiBaseUrl: string): Account => {
		const account = connectedAccount(sandbox, 'x');
		return { ...account, stored: () => ({ ...account.stored(), apiBaseUrl }) };
	};
	const deleted = (): Account => ({
		...connectedAccount(sandbox, 'x'),
		stored: () => {
			throw new Error('Credential with ID "1" does not exist for type "stackKraftXOAuth2Api".');
		},
	});
	const read = async (postId: string): Promise<Post> => await getPost(database.pool, postId);
	async function deadLetters(postId: string): Promise<number> {
		const { rowCount } = await database.pool.query(
			`select from stackkraft.outbox where subject like 'content.dead.%' and payload->>'postId' = $1`,
			[postId],
		);
		return rowCount ?? 0;
	}

	it('fails a post whose credential has a mistyped address at once, and says what to correct', async () => {
		const postId = await newPost('x');
		const item = await attempt(postId, { account: withUrl('htp:/x') });
		expect(item).toMatchObject({ postId, platform: 'x', outcome: 'failed' });
		expect(await read(postId)).toMatchObject({
			state: 'failed',
			lastError: {
				class: 'validation',
				message: expect.stringContaining('API Base URL is not a web address') as string,
				remedy: expect.stringContaining('Redrive') as string,
			},
		});
		expect(await deadLetters(postId)).toBe(1);
	});

	it('tries a post whose credential cannot be read eight times, ever later, and then asks a person', async () => {
		const postId = await newPost('x');
		for (let round = 1; round < 8; round++) {
			const beganMs = Date.now();
			expect(await attempt(postId, { account: deleted() })).toMatchObject({ outcome: 'waiting' });
			const { state, retryCount, nextAttemptAt } = await read(postId);
			expect({ state, retryCount }).toEqual({ state: 'pending', retryCount: round });
			// Chance decides about the upper half of it alone.
			const leastDelayMs = (retryPolicy.firstDelayMs / 2) * 2 ** (round - 1);
			expect(nextAttemptAt.getTime()).toBeGreaterThanOrEqual(beganMs + leastDelayMs);
		}
		expect(await deadLetters(postId)).toBe(0);
		expect(await attempt(postId, { account: deleted() })).toMatchObject({ outcome: 'failed' });
		expect(await read(postId)).toMatchObject({
			state: 'failed',
			lastError: { message: expect.stringContaining('does not exist') as string },
		});
		expect(await deadLetters(postId)).toBe(1);
	});

	it('tries again when this machine cannot hold the media', async () => {
		const postId = await newPost('x', 'https://media.example.com/clip.mp4');
		const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
		jest.spyOn(fs, 'mkdtemp').mockRejectedValueOnce(full);
		expect(await attempt(postId)).toMatchObject({ outcome: 'waiting', error: { class: 'platform' } });
		expect(await read(postId)).toMatchObject({ state: 'pending', retryCount: 1 });
	});

	it('fails a post that was routed to the publisher of another network, and gives its slot back', async () => {
		const account = { platform: 'x', accountId: 'main', windows: xAdapter.description.limits } as const;
		const left = async () => (await limitStatus(database.pool, account)).map(({ remaining }) => remaining);
		const before = await left();
		const taken = await reserve(database.pool, account);
		if (!taken.allowed) throw new Error('the window is full');
		const forPostOf = { platform: 'x', accountId: 'main' };
		const postId = await newPost('x');
		const item = await attempt(postId, {
			node: new YouTubePublisher(),
			account: connectedAccount(sandbox, 'youtube'),
			items: [{ rateLimit: { reservationId: taken.reservationId, forPostOf } }],
		});
		expect(item).toMatchObject({
			postId,
			platform: 'x',
			outcome: 'failed',
			error: { class: 'validation', message: expect.stringContaining('is for x') as string },
		});
		expect(await read(postId)).toMatchObject({ state: 'failed' });
		expect(await left()).toEqual(before);
	});

	it('gives the post back without a retry when a person stops the run', async () => {
		const postId = await newPost('x', 'https://media.example.com/clip.mp4');
		const item = await attempt(postId, { signal: AbortSignal.abort() });
		expect(item).toMatchObject({ outcome: 'waiting', error: { code: 'interrupted' } });
		expect(await read(postId)).toMatchObject({ state: 'pending', retryCount: 0 });
	});

	it('writes nothing about a post that another worker took over', async () => {
		const postId = await newPost('x');
		const { epoch } = await claimAgain(database.pool, postId, 0);
		await claimAgain(database.pool, postId);
		expect(await run(postId, epoch, { account: withUrl('htp:/x') })).toEqual({
			postId,
			platform: 'x',
			outcome: 'taken-over',
		});
		expect(await read(postId)).toMatchObject({ state: 'publishing', lastError: null });
	});

	it('fails the run when what happened cannot be written down', async () => {
		const postId = await newPost('x');
		const { epoch } = await claimAgain(database.pool, postId);
		await database.pool.query(`
			create function refuse() returns trigger language plpgsql as $$ begin raise 'no room left'; end $$;
			create trigger refuse before update on stackkraft.posts execute function refuse()`);
		await expect(run(postId, epoch, { account: withUrl('htp:/x') })).rejects.toThrow('no room left');
	});

	it.each([
		[
			'waits with a post whose media ffprobe could not look at in time',
			{ script: 'exec sleep 600', minuteMs: 2_000 },
			{ outcome: 'waiting', error: { code: 'deadline' } },
		],
		[
			'fails a post whose media ffprobe cannot read',
			{ script: 'exit 1', minuteMs: 60_000 },
			{ outcome: 'failed', error: { code: 'source-unreadable' } },
		],
	])('%s', async (_name, { script, minuteMs }, result) => {
		const [clip, ffprobe] = [path.join(folder, 'clip.mp4'), path.join(folder, 'ffprobe')];
		await writeFile(clip, 'x');
		await writeFile(ffprobe, `#!/bin/sh\n${script}\n`);
		await chmod(ffprobe, 0o755);
		const timeout = AbortSignal.timeout.bind(AbortSignal);
		// Its minute, and nobody else's.
		jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms === 60_000 ? minuteMs : ms));
		const before = process.env['FFPROBE_PATH'];
		process.env['FFPROBE_PATH'] = ffprobe;
		const postId = await newPost('x', clip);
		try {
			expect(await attempt(postId)).toMatchObject(result);
		} finally {
			if (before === undefined) delete process.env['FFPROBE_PATH'];
			else process.env['FFPROBE_PATH'] = before;
		}
	});
});
