// A slot that Rate Limit took for this post goes back when the run made no call at all: the rules refused the post, the
// account is not connected, the media is not there. After the first request nobody here knows what the network has
// counted, so from then on the slot stays taken: one too many costs a delay, one too few a blocked account.
import type { Pool } from 'pg';
import { z } from 'zod';
import { release } from '../../../lib/limits';
import type { HttpClient, Logger } from '../../../lib/publishing/ports';
import type { RunResult } from '../../../lib/publishing/run-post';
import type { Platform } from '../../../lib/publishing/platform';
import type { OperationInput } from './operation-input';

const reservedSchema = z.object({
	rateLimit: z.object({
		reservationId: z.uuid(),
		forPostOf: z.object({ platform: z.string(), accountId: z.string() }),
	}),
});

export interface WatchedClient extends HttpClient {
	readonly hasSent: () => boolean;
}

/** Remembers that something was handed over to be sent, whatever became of it. */
export function watchedClient(inner: HttpClient): WatchedClient {
	let hasSent = false;
	return {
		hasSent: () => hasSent,
		send: async (request, signal) => {
			hasSent = true;
			return await inner.send(request, signal);
		},
	};
}

export interface FinishedRun {
	readonly pool: Pool;
	readonly platform: Platform;
	readonly accountId: string;
	readonly http: WatchedClient;
	readonly outcome: RunResult['outcome'];
	readonly log: Logger;
}

/**
 * `failed` and `waiting` alone were written by the holder of the claim. An item that is run a second time ends as
 * `taken-over`, and its slot is the one that the first run used.
 * Never throws: the outcome of the post is what matters, and a slot that stays taken comes back with its window.
 */
export async function giveBackUnusedSlot(
	{ context, itemIndex }: OperationInput,
	{ pool, platform, accountId, http, outcome, log }: FinishedRun,
): Promise<void> {
	if (http.hasSent() || (outcome !== 'failed' && outcome !== 'waiting')) return;
	const item = reservedSchema.safeParse(context.getInputData()[itemIndex]?.json);
	if (!item.success) return;
	const { reservationId, forPostOf } = item.data.rateLimit;
	// One reserved item can be given to the publishers of several networks; the slot is one network's.
	if (forPostOf.platform !== platform || forPostOf.accountId !== accountId) return;
	try {
		await release(pool, reservationId);
	} catch (error) {
		const problem = error instanceof Error ? error.message : String(error);
		log.warn('The slot of a call that was not made could not be given back', { problem });
	}
}
