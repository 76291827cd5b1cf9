// Clients of one process that take from one window. Started by limits.ts, once per process:
//   tsx bench/limits-client.ts <database url> <account> <clients>
import { z } from 'zod';
import { createPool } from '../lib/database';
import { reserve } from '../lib/limits';

export const clientCount = 64;
/**
 * A quarter more is asked for than there is: refusals are measured too. About 1,500 statements: with a fifth of that
 * the three slowest of them decided the 99th percentile.
 */
export const asks = { each: 1_500, limit: 76_800 } as const;

export const resultSchema = z.object({
	granted: z.number(),
	latenciesMs: z.array(z.number()),
	seconds: z.number(),
});
export type Result = z.infer<typeof resultSchema>;

/** Answers whether there was room. */
export type Take = (limit: number) => Promise<boolean>;

export async function takeAll(
	take: Take,
	{
		clients,
		asksEach,
		limit,
	}: { readonly clients: number; readonly asksEach: number; readonly limit: number },
): Promise<Result> {
	const latenciesMs: number[] = [];
	let granted = 0;
	const startedMs = performance.now();
	const client = async (): Promise<void> => {
		for (let ask = 0; ask < asksEach; ask++) {
			const askedMs = performance.now();
			const isGranted = await take(limit);
			latenciesMs.push(performance.now() - askedMs);
			if (isGranted) granted++;
		}
	};
	await Promise.all(Array.from({ length: clients }, client));
	return { granted, latenciesMs, seconds: (performance.now() - startedMs) / 1_000 };
}

async function main([url = '', account = '', clients = '']: readonly string[]): Promise<void> {
	const pool = createPool(url);
	const takeFrom =
		(accountId: string): Take =>
		async (limitTotal) => {
			const window = { kind: 'rolling', lengthSec: 3_600 } as const;
			const limit = { endpoint: 'bench', limitTotal, scope: 'account', window, source: 'bench' } as const;
			return (await reserve(pool, { platform: 'x', accountId, windows: [limit] })).allowed;
		};
	try {
		const count = Number(clients);
		await takeAll(takeFrom(`${account}-warm-up`), { clients: count, asksEach: 600, limit: 1_000_000 });
		const result = await takeAll(takeFrom(account), {
			clients: count,
			asksEach: asks.each,
			limit: asks.limit,
		});
		process.send?.(result);
	} finally {
		await pool.end();
	}
}

if (require.main === module) {
	main(process.argv.slice(2)).catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	});
}
