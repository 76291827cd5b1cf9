// While a post is worked on, its lease is extended. A worker that lost its claim is told by an abort, so
// that it stops sending bytes instead of finding out at its next write.
import type { PublishJob, Published } from './publish';

export async function withHeartbeat(
	job: PublishJob,
	intervalMs: number,
	work: (job: PublishJob) => Promise<Published>,
): Promise<Published> {
	const done = new AbortController();
	const lost = new AbortController();
	const signal = AbortSignal.any([job.context.signal, lost.signal]);
	const beating = beat(job, intervalMs, { done: done.signal, lost });
	try {
		return await work({ ...job, context: { ...job.context, signal } });
	} catch (error) {
		// The reason of the abort is the cause; what broke because of it is only its echo.
		throw lost.signal.aborted ? lost.signal.reason : error;
	} finally {
		done.abort();
		await beating;
	}
}

async function beat(
	job: PublishJob,
	intervalMs: number,
	{ done, lost }: { done: AbortSignal; lost: AbortController },
): Promise<void> {
	while (!done.aborted) {
		try {
			await job.context.clock.sleep(intervalMs, done);
		} catch {
			return; // The work is done; that is how this loop ends.
		}
		try {
			await job.journal.keepAlive();
		} catch (error) {
			lost.abort(error);
			return;
		}
	}
}
