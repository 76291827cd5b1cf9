// What the headers of an answer say about a window: X's own, those of the IETF draft, and Retry-After. Pure.
import type { LimitSighting } from '../publishing/adapter';
import { parseRetryAfter } from './retry-after';

export interface Answer {
	readonly status: number;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string | undefined>>;
}

const tooManyRequests = 429;
/** X gives the moment of its reset in seconds since 1970, the draft the seconds that are left. */
const largestDuration = 1_000_000_000;

/** @returns null when the answer says nothing about a limit; most networks are silent. */
export function readLimitHeaders({ status, headers }: Answer, now: Date): LimitSighting | null {
	const wait = waitOf(headers, now);
	// A refused call means that nothing is left, whatever a counter of another window says beside it.
	if (status === tooManyRequests && wait) return { limitRemaining: 0, resetAt: wait };
	const remaining = numberOf(headers, 'remaining');
	const reset = numberOf(headers, 'reset');
	if (remaining === undefined || reset === undefined) {
		return wait ? { limitRemaining: 0, resetAt: wait } : null;
	}
	const limitTotal = numberOf(headers, 'limit');
	return {
		limitRemaining: status === tooManyRequests ? 0 : remaining,
		resetAt: reset < largestDuration ? { afterSec: reset } : new Date(reset * 1_000),
		...(limitTotal !== undefined && { limitTotal }),
	};
}

/** As a duration where it can be: by the answer's own date, so that a wrong clock here changes nothing. */
function waitOf(headers: Answer['headers'], now: Date): LimitSighting['resetAt'] | null {
	const answeredAtMs = Date.parse(headers['date'] ?? '');
	const from = Number.isNaN(answeredAtMs) ? now : new Date(answeredAtMs);
	const until = parseRetryAfter(headers['retry-after'], from);
	return until && { afterSec: (until.getTime() - from.getTime()) / 1_000 };
}

function numberOf(headers: Answer['headers'], name: 'limit' | 'remaining' | 'reset'): number | undefined {
	const text = headers[`x-rate-limit-${name}`] ?? headers[`ratelimit-${name}`];
	return text !== undefined && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined;
}
