// While a post is worked on, its lease is extended. A worker that lost its claim is told by an abort, so
// that it stops sending bytes instead of finding out at its next write.
import type { Clock, PublishJournal } from './ports';
import type { PublishJob } from './publish';

export interface ClaimHolder {
	readonly journal: Pick<PublishJournal, 'keepAlive'>;
	readonly clock: Clock;
	readonly signal: AbortSignal;
}

export async function withHeartbeat<T>(
	job: PublishJob,
	intervalMs: number,
	work: (job: PublishJob) => Promise<T>,
): Promise<T> {
	const { clock, signal } = job.context;
	return await keepingClaim({ journal: job.journal, clock, signal }, intervalMs, async (held) =>
		work({ ...job, context: { ...job.context, signal: held } }),
	);
}

/** For what takes long before there is a job, such as fetching the media. The signal ends with the claim. */
export async function keepingClaim<T>(
	holder: ClaimHolder,
	intervalMs: number,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const done = new AbortController();
	const lost = new AbortController();
	const signal = AbortSignal.any([holder.signal, lost.signal]);
	const beating = beat(holder, intervalMs, { done: done.signal, lost });
	try {
		return await work(signal);
	} catch (error) {
		// The reason of the abort is the cause; what broke because of it is only its echo.
		throw lost.signal.aborted ? lost.signal.reason : error;
	} finally {
		done.abort();
		await beating;
	}
}

async function beat(
	{ journal, clock }: ClaimHolder,
	intervalMs: number,
	{ done, lost }: { done: AbortSignal; lost: AbortController },
): Promise<void> {
	while (!done.aborted) {
		try {
			await clock.sleep(intervalMs, done);
		} catch {
			return; // The work is done; that is how this loop ends.
		}
		try {
			await journal.keepAlive();
		} catch (error) {
			lost.abort(error);
			return;
		}
	}
}
