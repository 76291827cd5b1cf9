// What never fits, or cannot even be asked for, ends in the story of the post that is waiting for its slot: between the
// claim and the publisher there is nobody else who could write it down.
import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { claimPost, getPost, openPost, PostgresJournal } from '../../../lib/database';
import { claimedJson } from '../../../nodes/PostQueue/actions/post-json';
import { RateLimit } from '../../../nodes/RateLimit/RateLimit.node';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { claimAgain, openTestPool, type TestPool } from '../database/support';
import { credentialOf, runNode } from '../post-queue/fake-context';

describe('Rate Limit between the claim and the publisher', () => {
	let database: TestPool;
	beforeEach(async () => {
		database = await openTestPool();
	});
	afterEach(async () => {
		await closePostgresPools();
		await database.close();
	});

	const tooSmall = { spending: { budget: { amountUsd: 0.01, per: 'month' } } };
	const nameless = { ownLimits: { limit: [{ endpoint: '', limitTotal: 1 }] } };
	const reserve = (items: readonly IDataObject[], options: IDataObject) =>
		runNode({
			node: new RateLimit(),
			parameters: { operation: 'reserve', platform: 'x', accountId: 'main', options },
			items,
			credentials: { stackKraftPostgresApi: credentialOf(database.url) },
		});

	async function claimedItem(text = 'Hello'): Promise<IDataObject & { postId: string }> {
		const { post } = await openPost({
			pool: database.pool,
			idempotencyKey: randomUUID(),
			platform: 'x',
			accountId: 'main',
			content: { text },
		});
		return await claimItem(post.postId);
	}

	async function claimItem(postId: string): Promise<IDataObject & { postId: string }> {
		return { ...claimedJson(await claimAgain(database.pool, postId)), claimed: true, postId };
	}

	it('fails a post whose price is above the spending limit, says what to do, and lets the others through', async () => {
		const dear = await claimedItem('Read https://example.com');
		const cheap = await claimedItem();
		const [allowed, wait] = await reserve([dear, cheap], {
			spending: { budget: { amountUsd: 0.1, per: 'month' } },
		});
		expect([allowed?.map(({ json }) => json['postId']), wait]).toEqual([[cheap.postId], []]);
		expect(await getPost(database.pool, dear.postId)).toMatchObject({
			state: 'failed',
			lastError: {
				class: 'validation',
				message: expect.stringContaining('never fits into spending') as string,
				remedy: expect.stringContaining('correct the limit') as string,
			},
		});
		const { rowCount } = await database.pool.query(
			`select from stackkraft.outbox where subject like 'content.dead.%' and payload->>'postId' = $1`,
			[dear.postId],
		);
		expect(rowCount).toBe(1);
		const again = await claimPost({ pool: database.pool, postId: dear.postId, leaseMs: 60_000 });
		expect(again).toMatchObject({ claimed: false, reason: 'failed' });
	});

	it('fails a post for which the limits are filled in wrongly', async () => {
		const item = await claimedItem();
		expect(await reserve([item], nameless)).toEqual([[], []]);
		expect(await getPost(database.pool, item.postId)).toMatchObject({
			state: 'failed',
			lastError: {
				class: 'validation',
				message: expect.stringContaining('needs the name of an endpoint') as string,
			},
		});
	});

	it('tries again when the windows cannot be read', async () => {
		const item = await claimedItem();
		await database.pool.query('alter table stackkraft.rate_limits rename to elsewhere');
		expect(await reserve([item], {})).toEqual([[], []]);
		expect(await getPost(database.pool, item.postId)).toMatchObject({ state: 'pending', retryCount: 1 });
	});

	it('leaves a post that may be out already with its reader', async () => {
		const { postId, claimEpoch } = await claimedItem();
		const journal = new PostgresJournal({ pool: database.pool, postId, epoch: Number(claimEpoch) });
		await journal.armCommit({ armedAt: new Date(), checks: 0 });
		await database.pool.query(`update stackkraft.posts set lease_expires_at = now() where post_id = $1`, [
			postId,
		]);
		await reserve([await claimItem(postId)], nameless);
		expect(await getPost(database.pool, postId)).toMatchObject({
			state: 'unknown',
			isOutcomeOpen: true,
			commitChecks: 1,
		});
	});

	it('throws, and writes nothing, for a call that is not the post itself', async () => {
		const item = await claimedItem();
		await expect(reserve([item], { ...tooSmall, countsAsPost: false })).rejects.toThrow('never fits');
		expect(await getPost(database.pool, item.postId)).toMatchObject({ state: 'publishing', lastError: null });
	});

	it.each([
		['that was claimed somewhere else', async () => ({ ...(await claimedItem()), postId: randomUUID() })],
		['that another worker took over', async () => ({ ...(await claimedItem()), claimEpoch: 99 })],
		['that nobody claimed', async () => ({ ...(await claimedItem()), claimed: false })],
	])('throws, and writes nothing, for a post %s', async (_whose, itemOf) => {
		await expect(reserve([await itemOf()], tooSmall)).rejects.toThrow('never fits');
		const { rows } = await database.pool.query('select state, last_error from stackkraft.posts');
		expect(rows).toEqual([{ state: 'publishing', last_error: null }]);
	});
});
