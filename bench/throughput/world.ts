// A real n8n with the package, PostgreSQL, NATS and the pretend networks, in a folder that goes away.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pool } from 'pg';
import { request } from 'undici';
import { z } from 'zod';
import { createPool } from '../../lib/database';
import { prepareStack } from '../../scripts/stack/prepare';
import type { Progress } from '../../scripts/stack/progress';
import type { Stack } from '../../scripts/stack/stack';
import { startStack } from '../../scripts/stack/start-stack';

export interface World {
	readonly stack: Stack;
	readonly pool: Pool;
	stop(): Promise<void>;
}

export async function startWorld(progress: Progress, signal: AbortSignal): Promise<World> {
	const dataFolder = await mkdtemp(path.join(tmpdir(), 'stackkraft-bench-throughput-'));
	// As root PostgreSQL runs under another account, which has to get in.
	await chmod(dataFolder, 0o711);
	const forget = async (): Promise<void> => await rm(dataFolder, { recursive: true, force: true });
	try {
		const stack = await startStack({ dataFolder, progress, signal });
		try {
			await prepareStack(stack, { progress, signal });
		} catch (error) {
			await stack.stop();
			throw error;
		}
		const pool = createPool(stack.postgresUrl);
		const stop = async (): Promise<void> => {
			await pool.end();
			await stack.stop();
			await forget();
		};
		return { stack, pool, stop };
	} catch (error) {
		await forget();
		throw error;
	}
}

/** The sandbox's control plane, on the server of X. */
export async function control(stack: Stack, action: string, body?: object): Promise<unknown> {
	const answer = await request(`${stack.sandbox['x']}/_sandbox/${action}`, {
		method: body ? 'POST' : 'GET',
		...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
	});
	const text = await answer.body.text();
	if (answer.statusCode !== 200) throw new Error(`The sandbox refused ${action}: ${text.slice(0, 200)}`);
	return JSON.parse(text);
}

const requestsSchema = z.object({
	requests: z.array(z.object({ seq: z.number(), method: z.string(), path: z.string(), at: z.string() })),
});
const journalSchema = z.object({
	posts: z.array(z.object({ text: z.string(), createdAt: z.string() })),
});

/** When the posting calls since `seq` arrived at the network, first to last. */
export async function postingCalls(stack: Stack, sinceSeq = 0): Promise<{ seq: number; atMs: number }[]> {
	const { requests } = requestsSchema.parse(await control(stack, 'requests?network=x'));
	return requests
		.filter(({ seq, method, path: to }) => seq > sinceSeq && method === 'POST' && to.startsWith('/2/tweets'))
		.map(({ seq, at }) => ({ seq, atMs: Date.parse(at) }));
}

/** Texts that became public, with their times. */
export async function publicTexts(stack: Stack): Promise<ReadonlyMap<string, readonly number[]>> {
	const { posts } = journalSchema.parse(await control(stack, 'journal?network=x'));
	const seen = new Map<string, number[]>();
	for (const { text, createdAt } of posts) {
		seen.set(text, [...(seen.get(text) ?? []), Date.parse(createdAt)]);
	}
	return seen;
}
