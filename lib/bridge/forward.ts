// A message to the webhook and its verdict back. While the webhook is away the message is held, not handed back:
// an outage of hours must not use up the attempts of messages that nobody ever tried.
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../publishing/decide';
import type { HttpClient } from '../publishing/ports';
import type { Delivery, Outcome } from '../queue';
import { judgeAnswer, judgeFailure, type Judgement } from './judge-answer';
import type { WebhookSettings } from './settings';
import { signedRequest } from './signed-request';

export interface ForwarderOptions {
	readonly http: HttpClient;
	readonly webhook: WebhookSettings;
	/** Aborts when the bridge takes no more work: what is only held goes back at once. */
	readonly stopping: AbortSignal;
	readonly onUnavailable: (reason: string) => void;
	readonly onAvailable: () => void;
	readonly onMisconfigured: (reason: string) => void;
	readonly pauses?: { readonly firstMs: number; readonly maxMs: number };
}

export const forwardDefaults = {
	pauses: { firstMs: 500, maxMs: 30_000 },
	/** However far away a `Retry-After` is, somebody may mend things sooner. */
	longestPauseMs: 5 * 60_000,
	/**
	 * A message that kills n8n behind a proxy looks like a proxy without n8n. After this long it counts as an
	 * attempt, so that such a message ends in the dead letters and an outage of hours does not.
	 */
	uncertainHoldMs: 15 * 60_000,
	misconfiguredRetryMs: 60_000,
} as const;

type Forward = (delivery: Delivery, signal: AbortSignal) => Promise<Outcome | undefined>;

export function createForwarder(options: ForwarderOptions): Forward {
	const { pauses = forwardDefaults.pauses, stopping } = options;
	return async (delivery, signal) => {
		const startedAtMs = Date.now();
		for (let count = 0; ; count += 1) {
			const judgement = await sendOnce(delivery, options, signal);
			if (signal.aborted) return undefined;
			if (judgement.kind === 'misconfigured') return refuse(judgement.reason, options);
			if (judgement.kind !== 'unavailable') {
				options.onAvailable();
				return judgement;
			}
			options.onUnavailable(judgement.reason);
			const { isCertain, reason, notBefore } = judgement;
			if (!isCertain && Date.now() - startedAtMs >= forwardDefaults.uncertainHoldMs) {
				return { kind: 'retry', errorClass: 'no-answer', reason };
			}
			if (stopping.aborted) return undefined;
			const pauseMs = pauseBefore(notBefore, backoffMs(count, pauses, Math.random()));
			await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
			if (stopping.aborted) return undefined;
		}
	};
}

function pauseBefore(notBefore: Date | null, grownMs: number): number {
	const askedMs = notBefore ? notBefore.getTime() - Date.now() : 0;
	return Math.min(forwardDefaults.longestPauseMs, Math.max(grownMs, askedMs));
}

/** The workflow ran, unobserved. Once more in a minute, or after the repair: better than not at all. */
function refuse(reason: string, { onMisconfigured }: ForwarderOptions): Outcome {
	onMisconfigured(reason);
	return {
		kind: 'retry',
		errorClass: 'not-finished',
		reason,
		delayMs: forwardDefaults.misconfiguredRetryMs,
	};
}

async function sendOnce(
	delivery: Delivery,
	{ http, webhook }: ForwarderOptions,
	signal: AbortSignal,
): Promise<Judgement> {
	// One of its own per request: what a client hangs on a signal that lives for months stays there for months.
	const request = new AbortController();
	const abort = (): void => request.abort();
	signal.addEventListener('abort', abort, { once: true });
	if (signal.aborted) abort();
	try {
		const answer = await http.send(signedRequest(delivery, webhook, new Date()), request.signal);
		return judgeAnswer(answer, new Date());
	} catch (error) {
		// Refused before it was sent, because everything is being stopped.
		if (signal.aborted) return { kind: 'unavailable', reason: 'stopped', notBefore: null, isCertain: true };
		return judgeFailure(error);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}
