// What the end of an execution means for its message. Everything that n8n can answer, in regular and in queue
// mode, is decided here and nowhere else; the cases are those that n8n 2.40.7 was seen to produce.
import { z } from 'zod';
import type { Outcome } from '../../lib/queue';

export type ExecutionEnd =
	| { readonly kind: 'resolved'; readonly run: unknown }
	| { readonly kind: 'rejected'; readonly error: unknown }
	/** Our own timer: n8n may never answer (a workflow timeout in queue mode). */
	| { readonly kind: 'gave-up'; readonly afterMinutes: number };

const runSchema = z.object({ status: z.string() });

export function outcomeOf(end: ExecutionEnd): Outcome {
	switch (end.kind) {
		case 'resolved':
			return ofRun(end.run);
		case 'rejected':
			return ofRejection(end.error);
		case 'gave-up': {
			const reason = `n8n did not say within ${end.afterMinutes} minutes how the execution ended.`;
			return { kind: 'retry', errorClass: 'no-answer', reason };
		}
		default:
			return end satisfies never;
	}
}

/** By `status`: `finished` is true for a waiting run in queue mode, and its data is empty there. */
function ofRun(run: unknown): Outcome {
	if (run === undefined) {
		// A workflow that may not use its credentials, or has a node with a required field empty.
		const reason = 'n8n did not start the workflow; its list of executions shows why.';
		return { kind: 'retry', errorClass: 'not-run', reason };
	}
	const status = runSchema.safeParse(run).data?.status;
	switch (status) {
		case 'success':
			return { kind: 'done' };
		case 'waiting':
			// n8n has stored the execution and resumes it by itself, also after a restart. Keeping the message
			// would run the workflow a second time beside it.
			return { kind: 'done' };
		case 'canceled':
			return stopped;
		case 'error':
			return { kind: 'retry', errorClass: 'workflow-error', reason: failureOf(run) };
		case 'crashed':
			return { kind: 'retry', errorClass: 'crashed', reason: 'The process that ran the workflow died.' };
		default: {
			const reason = `n8n reported the execution as "${status ?? 'unknown'}", which is no end.`;
			return { kind: 'retry', errorClass: 'no-answer', reason };
		}
	}
}

/**
 * A person who stops an execution does not want it started again five seconds later, and does not want to lose
 * the message either: it goes to the dead letters, from where it can be redriven.
 */
const stopped: Outcome = {
	kind: 'dead',
	errorClass: 'stopped',
	reason: 'A person stopped the execution. Redrive the dead letter to run it again.',
};

const cancellationSchema = z.object({ reason: z.enum(['manual', 'timeout', 'shutdown']) });

function ofRejection(error: unknown): Outcome {
	switch (cancellationOf(error)) {
		case 'manual':
			return stopped;
		case 'timeout': {
			const reason = 'The execution ran into the time limit of its workflow.';
			return { kind: 'retry', errorClass: 'timeout', reason };
		}
		case 'shutdown':
			return { kind: 'retry', errorClass: 'shutdown', reason: 'n8n was shut down during the execution.' };
		default: {
			const reason = error instanceof Error ? error.message : 'n8n could not run the workflow.';
			return { kind: 'retry', errorClass: 'not-run', reason };
		}
	}
}

function cancellationOf(error: unknown): 'manual' | 'timeout' | 'shutdown' | undefined {
	const parsed = cancellationSchema.safeParse(error);
	if (parsed.success) return parsed.data.reason;
	// Older versions have no reason, only one class for each.
	const name = error instanceof Error ? error.constructor.name : '';
	if (name.startsWith('ManualExecutionCancelled')) return 'manual';
	if (name.startsWith('TimeoutExecutionCancelled')) return 'timeout';
	return name.startsWith('SystemShutdownExecutionCancelled') ? 'shutdown' : undefined;
}

const failureSchema = z.object({
	data: z.object({
		resultData: z.object({
			lastNodeExecuted: z.string().optional(),
			error: z.object({ message: z.string() }),
		}),
	}),
});

/** Only for the reader of a dead letter; in queue mode there is nothing to read, and nothing depends on it. */
function failureOf(run: unknown): string {
	const parsed = failureSchema.safeParse(run);
	if (!parsed.success) return 'The workflow failed; its execution in n8n shows where.';
	const { lastNodeExecuted, error } = parsed.data.data.resultData;
	return lastNodeExecuted ? `The node "${lastNodeExecuted}" failed: ${error.message}` : error.message;
}
