// Posts through the imported workflows: outbox, NATS, claim, limits, publisher, all of it.
import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction } from '../../lib/database';
import { ensureAccounts } from '../../lib/database/accounts';
import { insertPost } from '../../lib/database/open-post';
import { addWakeUp } from '../../lib/database/outbox';
import { postingCalls, publicTexts, type World } from './world';

export interface Run {
	readonly seconds: number;
	/** From due to the first byte at the network, one per post. */
	readonly lateSec: readonly number[];
	readonly duplicated: number;
}

/** Below what X allows an account in a quarter of an hour, so that the limits are asked and none is full. */
const postsPerAccount = 75;
const pollMs = 250;

export interface Plan {
	readonly world: World;
	readonly name: string;
	/** One post per time. */
	readonly dueAt: readonly Date[];
	readonly deadlineMs: number;
}

export async function publishAll({ world, name, dueAt, deadlineMs }: Plan): Promise<Run> {
	const { stack, pool } = world;
	const texts = dueAt.map((_at, index) => `${name} ${index}`);
	const lastSeq = (await postingCalls(stack)).at(-1)?.seq ?? 0;
	await plan(world, name, dueAt);
	const startedMs = Math.min(...dueAt.map((at) => at.getTime()));
	const endedMs = await allPosted(world, name, Date.now() + deadlineMs);
	const calls = await postingCalls(stack, lastSeq);
	const seen = await publicTexts(stack);
	const duplicated = texts.filter((text) => (seen.get(text) ?? []).length > 1).length;
	const lost = texts.filter((text) => !seen.has(text)).length;
	if (lost > 0) throw new Error(`${lost} posts are called posted and are not public.`);
	const dueMs = dueAt.map((at) => at.getTime()).sort((a, b) => a - b);
	// In the order of time: a call belongs to no post by name. What is due first is sent first.
	const lateSec = calls.slice(0, dueMs.length).map(({ atMs }, index) => (atMs - (dueMs[index] ?? 0)) / 1_000);
	await pool.query('delete from stackkraft.outbox where sent_at is not null');
	return { seconds: (endedMs - startedMs) / 1_000, lateSec, duplicated };
}

async function plan({ pool }: World, name: string, dueAt: readonly Date[]): Promise<void> {
	await inTransaction(pool, async (client) => {
		for (const [index, scheduledAt] of dueAt.entries()) {
			const account = {
				platform: 'x' as const,
				accountId: `${name}-${Math.floor(index / postsPerAccount)}`,
			};
			await ensureAccounts(client, [account]);
			const key = `${name} ${index}`;
			const post = { ...account, idempotencyKey: key, content: { text: key }, scheduledAt };
			const { post: made } = await insertPost(client, post);
			await addWakeUp(client, made, scheduledAt);
		}
	});
}

/** @returns when the last of them was published, by the database's clock. */
async function allPosted({ pool, stack }: World, name: string, giveUpAtMs: number): Promise<number> {
	while (Date.now() < giveUpAtMs) {
		const { rows } = await pool.query<{ open: number; failed: number; ended: Date | null }>(
			`select count(*) filter (where state <> 'posted')::int as open,
				count(*) filter (where state = 'failed')::int as failed, max(published_at) as ended
			 from stackkraft.posts where idempotency_key like $1`,
			[`${name} %`],
		);
		const [row] = rows;
		if (row?.failed) throw new Error(`${row.failed} posts failed; n8n's log is in ${stack.logFolder}.`);
		if (row?.open === 0 && row.ended) return row.ended.getTime();
		await sleep(pollMs);
	}
	throw new Error('Not all posts were posted in time.');
}
