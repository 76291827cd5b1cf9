// What to do with an error. Pure: class, count and clock in, decision out.
import type { PublishError } from './errors';
import type { StoredDecision } from './ports';

export const retryPolicy = {
	/** The first attempt and seven more. */
	maxAttempts: 8,
	firstDelayMs: 5_000,
	maxDelayMs: 30 * 60_000,
	/** A reader that cannot decide looks this often before a person is asked. */
	maxChecks: 12,
	firstCheckDelayMs: 5_000,
	maxCheckDelayMs: 15 * 60_000,
	/** A window without a stated end. */
	defaultWindowWaitMs: 15 * 60_000,
	/** An end that is longer over than an answer can take says that one of the clocks is wrong. */
	maxWindowAgeMs: 60_000,
} as const;

/**
 * Exponential with full-range jitter in its upper half: the delay grows for sure, and a hundred posts that
 * failed together do not come back together. `random` is in [0, 1).
 */
export function backoffMs(count: number, limits: { firstMs: number; maxMs: number }, random: number): number {
	const ceilingMs = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(count, 30));
	return Math.round(ceilingMs / 2 + (ceilingMs / 2) * random);
}

export interface DecisionInput {
	readonly error: PublishError;
	/** Attempts that failed before this one. */
	readonly retryCount: number;
	/** For `unknown`: how often a reader has looked already. */
	readonly checks: number;
	readonly now: Date;
	readonly random: number;
}

export function decide({ error, retryCount, checks, now, random }: DecisionInput): StoredDecision {
	const stored = error.toJSON();
	const after = (delayMs: number): Date => new Date(now.getTime() + delayMs);
	switch (error.class) {
		case 'validation':
		case 'rejected':
		case 'auth':
			// Adapters have refreshed the token once before an auth error gets here: only a person can reconnect.
			return { kind: 'failed', error: stored };
		case 'rate-limit':
		case 'quota': {
			const at = after(windowWaitMs(error.retryAt, now));
			return { kind: 'wait', at, countsAsRetry: false, error: stored };
		}
		case 'unknown':
			if (error.needsPerson || checks >= retryPolicy.maxChecks) return { kind: 'failed', error: stored };
			return {
				kind: 'unknown',
				at: later(error.retryAt, after(checkDelayMs(checks, random))),
				error: stored,
			};
		case 'network':
		case 'platform': {
			if (retryCount + 1 >= retryPolicy.maxAttempts) return { kind: 'failed', error: stored };
			const delayMs = backoffMs(
				retryCount,
				{ firstMs: retryPolicy.firstDelayMs, maxMs: retryPolicy.maxDelayMs },
				random,
			);
			return {
				kind: 'wait',
				at: later(error.retryAt, after(delayMs)),
				countsAsRetry: true,
				error: stored,
			};
		}
		default:
			return error.class satisfies never;
	}
}

/** "Now" is over when it is read: `Retry-After: 0`. It costs no retry, so a floor keeps it from being a busy loop. */
function windowWaitMs(endsAt: Date | undefined, now: Date): number {
	const leftMs = endsAt ? endsAt.getTime() - now.getTime() : -Infinity;
	if (leftMs > 0) return leftMs;
	return leftMs >= -retryPolicy.maxWindowAgeMs ? retryPolicy.firstDelayMs : retryPolicy.defaultWindowWaitMs;
}

/** What the network asked for, when it asks for more than we would wait anyway. */
function later(asked: Date | undefined, ours: Date): Date {
	return asked && asked > ours ? asked : ours;
}

export function checkDelayMs(checks: number, random: number): number {
	return backoffMs(
		checks,
		{ firstMs: retryPolicy.firstCheckDelayMs, maxMs: retryPolicy.maxCheckDelayMs },
		random,
	);
}
