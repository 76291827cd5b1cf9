// Between Claim and the publisher a post has nobody who writes down what broke. Thrown, it would only end the run: the
// post comes back when its lease is over, meets the same limit, and is never counted as failed.
import { z } from 'zod';
import { databaseClock, PostgresJournal } from '../../../lib/database';
import { systemClock } from '../../../lib/http';
import { recordEarlyFailure } from '../../../lib/publishing/run-post';
import { toEarlyFailure } from '../../shared/early-failure';
import type { OperationCall } from '../../shared/postgres-operations';

/** As Claim gives a post. */
const claimedSchema = z.object({
	claimed: z.literal(true),
	postId: z.uuid(),
	claimEpoch: z.number().int().positive(),
	retryCount: z.number().int().min(0),
});

/** @returns false when it is still the caller's to tell: no claim of ours holds the item, or nothing could be written. */
export async function recordFailure(
	{ context, pool, itemIndex }: OperationCall,
	thrown: unknown,
): Promise<boolean> {
	const item = claimedSchema.safeParse(context.getInputData()[itemIndex]?.json);
	if (!item.success) return false;
	const { postId, claimEpoch: epoch, retryCount } = item.data;
	const error = toEarlyFailure(context, thrown, itemIndex);
	const journal = new PostgresJournal({ pool, postId, epoch });
	try {
		const clock = await databaseClock(pool, systemClock);
		const result = await recordEarlyFailure({ journal, clock }, error, { retryCount, random: Math.random });
		if (result.outcome === 'taken-over') return false;
		const { message: problem, remedy } = error;
		context.logger.warn('No slot could be reserved for a claimed post', {
			postId,
			outcome: result.outcome,
			problem,
			remedy,
		});
		return true;
	} catch {
		// The database is away: what broke first says more than this.
		return false;
	}
}
