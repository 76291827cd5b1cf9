// One run of one claimed post: publish it, and if that does not work write down what happens next. The
// caller only reports; nothing that decides about a post lives in a node or a workflow.
import { decide } from './decide';
import { LostClaimError, PublishError, toPublishError, type StoredError } from './errors';
import { withHeartbeat } from './heartbeat';
import { recordPost, withFollowUps, type Published, type PublishJob, type Recorded } from './publish';
import type { Clock, PublishJournal, StoredDecision } from './ports';

export type RunResult =
	| ({ readonly outcome: 'posted' } & Published)
	/** Comes back by itself at `at`. */
	| { readonly outcome: 'waiting'; readonly at: Date; readonly error: StoredError }
	| { readonly outcome: 'unknown'; readonly at: Date; readonly error: StoredError }
	| { readonly outcome: 'failed'; readonly error: StoredError; readonly cause: PublishError }
	/** Another worker has it; nothing was written. */
	| { readonly outcome: 'taken-over' };

export interface RunOptions {
	readonly retryCount: number;
	readonly heartbeatMs: number;
	/** In [0, 1). */
	readonly random: () => number;
}

export async function runPost(job: PublishJob, options: RunOptions): Promise<RunResult> {
	let recorded: Recorded;
	try {
		recorded = await withHeartbeat(job, options.heartbeatMs, recordPost);
	} catch (thrown) {
		if (thrown instanceof LostClaimError) return { outcome: 'taken-over' };
		const error = job.context.signal.aborted ? interrupted(job.context.clock) : toPublishError(thrown);
		return await recordFailure({ journal: job.journal, clock: job.context.clock }, error, options);
	}
	return { outcome: 'posted', ...(await withFollowUps(job, recorded)) };
}

/** A person or a shutdown stopped the run: the post comes back soon, and does not pay for it with a retry. */
export function interrupted(clock: Clock): PublishError {
	const retryAt = new Date(clock.now().getTime() + 30_000);
	return new PublishError('rate-limit', 'The run was stopped before the post was finished.', {
		code: 'interrupted',
		retryAt,
	});
}

export interface FailureSurroundings {
	readonly journal: PublishJournal;
	readonly clock: Clock;
}

/**
 * For what breaks before the engine begins, such as a media file that is not there: it ends in the post's own
 * story, not only in a log that nobody reads.
 */
export async function recordEarlyFailure(
	surroundings: FailureSurroundings,
	error: PublishError,
	options: Pick<RunOptions, 'retryCount' | 'random'>,
): Promise<RunResult> {
	try {
		const { commitIntent } = await surroundings.journal.load();
		// Nobody could look for the lost call; counting it all the same is what ends the coming back.
		if (commitIntent) await surroundings.journal.countCheck();
	} catch (thrown) {
		if (thrown instanceof LostClaimError) return { outcome: 'taken-over' };
		throw thrown;
	}
	return await recordFailure(surroundings, error, options);
}

async function recordFailure(
	{ journal, clock }: FailureSurroundings,
	error: PublishError,
	options: Pick<RunOptions, 'retryCount' | 'random'>,
): Promise<RunResult> {
	try {
		const { commitIntent } = await journal.load();
		const decision = decide({
			// An intent that is still armed means that a call may have worked, whatever broke afterwards.
			error: commitIntent && error.class !== 'unknown' ? asUnknown(error) : error,
			retryCount: options.retryCount,
			checks: commitIntent?.checks ?? 0,
			now: clock.now(),
			random: options.random(),
		});
		await journal.recordDecision(decision);
		return resultOf(decision, error);
	} catch (thrown) {
		if (thrown instanceof LostClaimError) return { outcome: 'taken-over' };
		throw thrown;
	}
}

function asUnknown(error: PublishError): PublishError {
	return new PublishError('unknown', error.message, {
		...(error.platform && { platform: error.platform }),
		...(error.code && { code: error.code }),
		...(error.retryAt && { retryAt: error.retryAt }),
		...(error.remedy && { remedy: error.remedy }),
		cause: error,
	});
}

function resultOf(decision: StoredDecision, cause: PublishError): RunResult {
	switch (decision.kind) {
		case 'wait':
			return { outcome: 'waiting', at: decision.at, error: decision.error };
		case 'unknown':
			return { outcome: 'unknown', at: decision.at, error: decision.error };
		case 'failed':
			return { outcome: 'failed', error: decision.error, cause };
		default:
			return decision satisfies never;
	}
}
