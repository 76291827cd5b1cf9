// Small, bounded patience for what may be repeated freely: plain reads and invisible upload steps. Never for
// a call that publishes.
import { TransportError, type Clock, type HttpResponse } from '../publishing/ports';
import { parseRetryAfter } from './retry-after';

export interface Patience {
	readonly attempts: number;
	readonly firstDelayMs: number;
	/** A longer wait that the far side asks for is the caller's decision, not a pause in here. */
	readonly maxDelayMs: number;
}

export const readPatience: Patience = { attempts: 3, firstDelayMs: 500, maxDelayMs: 10_000 };

const passingStatuses = new Set([408, 500, 502, 503, 504]);

export function isPassing(status: number): boolean {
	return passingStatuses.has(status);
}

/** @returns the last answer, also when it is a 5xx; throws the last `TransportError` when there was none. */
export async function patientSend(
	{ clock, signal }: { clock: Clock; signal: AbortSignal },
	send: () => Promise<HttpResponse>,
	patience: Patience = readPatience,
): Promise<HttpResponse> {
	for (let attempt = 1; ; attempt++) {
		const isLast = attempt >= patience.attempts;
		let delayMs = Math.min(patience.maxDelayMs, patience.firstDelayMs * 2 ** (attempt - 1));
		try {
			const answer = await send();
			if (isLast || !isPassing(answer.status)) return answer;
			const askedFor = parseRetryAfter(answer.headers['retry-after'], clock.now());
			if (askedFor) delayMs = Math.max(delayMs, askedFor.getTime() - clock.now().getTime());
			if (delayMs > patience.maxDelayMs) return answer;
		} catch (error) {
			if (isLast || signal.aborted || !(error instanceof TransportError)) throw error;
		}
		await clock.sleep(delayMs, signal);
	}
}
