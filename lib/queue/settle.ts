// The end of a delivery, told to the broker. The order of the two writes of a dead letter is the point: first
// the letter is confirmed, then the message goes. Dying in between repeats the letter under the same id.
import { setTimeout as sleep } from 'node:timers/promises';
import { NatsError, type JsMsg, type NatsConnection } from 'nats';
import { backoffMs } from '../publishing/decide';
import { buildDeadLetter, deadLetterMessage } from './dead-letters';
import type { Outcome } from './delivery';
import { QueueError } from './errors';
import { streams } from './messages';
import { publishMessage } from './publish';

export interface RetryPolicy {
	/** Counted in deliveries; the last one's failure makes a dead letter. */
	readonly maxAttempts: number;
	readonly firstDelayMs: number;
	readonly maxDelayMs: number;
}

export const retryDefaults: RetryPolicy = { maxAttempts: 8, firstDelayMs: 5_000, maxDelayMs: 30 * 60_000 };

export const settleDefaults = {
	confirmMs: 30_000,
	confirmAttemptMs: 2_000,
	confirmPauseMs: 250,
	deadLetterMs: 60_000,
	/** When even the letter cannot be stored: the message waits in its own stream. */
	deadLetterRetryMs: 60_000,
} as const;

export type Settled =
	| { readonly kind: 'done' }
	/** Done, but the broker did not say that it knows. */
	| { readonly kind: 'unconfirmed' }
	| { readonly kind: 'retry'; readonly delayMs: number; readonly reason: string }
	| { readonly kind: 'dead'; readonly errorClass: string; readonly reason: string }
	/** Should be a dead letter, and could not become one yet. */
	| { readonly kind: 'kept'; readonly reason: string };

export interface Settlement {
	/** Asked again for each use: the delivery and the connection can be newer ones meanwhile. */
	readonly message: () => JsMsg;
	readonly connection: () => NatsConnection;
	/**
	 * Whether the message's stream was lost since, and perhaps made anew. Its numbers begin at 1 again then: an
	 * acknowledgement for the old number 7 would take the new number 7 off, which nobody has worked on.
	 */
	readonly isLost: () => Promise<boolean>;
	readonly policy: RetryPolicy;
	readonly random: () => number;
	readonly now: () => Date;
	readonly signal: AbortSignal;
}

export async function settle(outcome: Outcome, settlement: Settlement): Promise<Settled> {
	const verdict = decideOutcome(outcome, settlement.message().info.deliveryCount, settlement.policy, {
		random: settlement.random(),
	});
	switch (verdict.kind) {
		case 'done': {
			const isConfirmed = await confirm('+ACK', settlement);
			return isConfirmed ? verdict : { kind: 'unconfirmed' };
		}
		case 'retry':
			if (await settlement.isLost().catch(() => false)) return await buryLost(verdict.reason, settlement);
			nak(settlement.message(), verdict.delayMs);
			return verdict;
		case 'dead':
			return await bury(verdict, settlement);
		default:
			return verdict satisfies never;
	}
}

export type Verdict = Extract<Settled, { kind: 'done' | 'retry' | 'dead' }>;

/** Pure: what an outcome means at this delivery. */
export function decideOutcome(
	outcome: Outcome,
	deliveryCount: number,
	policy: RetryPolicy,
	{ random }: { readonly random: number },
): Verdict {
	switch (outcome.kind) {
		case 'done':
		case 'dead':
			return outcome;
		case 'retry': {
			const { reason, errorClass = 'failed' } = outcome;
			if (deliveryCount >= policy.maxAttempts) return { kind: 'dead', errorClass, reason };
			const limits = { firstMs: policy.firstDelayMs, maxMs: policy.maxDelayMs };
			const delayMs = outcome.delayMs ?? backoffMs(deliveryCount - 1, limits, random);
			return { kind: 'retry', delayMs, reason };
		}
		default:
			return outcome satisfies never;
	}
}

/** It cannot come again by itself, and this process is the last that knows it. */
async function buryLost(reason: string, settlement: Settlement): Promise<Settled> {
	const lost = 'Meanwhile its stream was lost; redrive it.';
	return await bury({ kind: 'dead', errorClass: 'stream-lost', reason: `${reason} ${lost}` }, settlement);
}

async function bury(verdict: Extract<Verdict, { kind: 'dead' }>, settlement: Settlement): Promise<Settled> {
	const message = settlement.message();
	// A dead letter that cannot be handled stays where it is. A letter about a letter would go on for ever.
	if (message.info.stream !== streams.dead.name) {
		const letter = buildDeadLetter(message, { ...verdict, failedAt: settlement.now() });
		try {
			await publishMessage(settlement.connection(), deadLetterMessage(message, letter), {
				deadlineMs: settleDefaults.deadLetterMs,
				signal: settlement.signal,
			});
		} catch (error) {
			nak(settlement.message(), settleDefaults.deadLetterRetryMs);
			return { kind: 'kept', reason: explain(error) };
		}
	}
	await confirm('+TERM', settlement);
	return verdict;
}

/** With the repair: a full stream of dead letters is a person's, and this line is all that tells them. */
function explain(error: unknown): string {
	if (error instanceof QueueError) return `${error.message} ${error.remedy}`.trim();
	return error instanceof Error ? error.message : String(error);
}

/** An acknowledgement that waits for its answer, repeated while the broker is away. */
async function confirm(verb: '+ACK' | '+TERM', settlement: Settlement): Promise<boolean> {
	const bytes = new TextEncoder().encode(verb);
	const endsAtMs = Date.now() + settleDefaults.confirmMs;
	while (Date.now() < endsAtMs) {
		const connection = settlement.connection();
		try {
			if (await settlement.isLost()) return false;
			const timeout = settleDefaults.confirmAttemptMs;
			await connection.request(replySubject(settlement.message()), bytes, { timeout });
			return true;
		} catch (error) {
			// The consumer is gone, and with it whatever it knew: the message will come again from a new one.
			if (error instanceof NatsError && error.code === '503' && !connection.isClosed()) return false;
			if (settlement.signal.aborted) return false;
		}
		const { signal } = settlement;
		await sleep(settleDefaults.confirmPauseMs, undefined, { signal }).catch(() => undefined);
	}
	return false;
}

/** Every message has it, the type of nats 2.29 hides it; its own `ackAck` cannot be repeated when unanswered. */
function replySubject(message: JsMsg): string {
	const { reply } = message as JsMsg & { readonly reply: string };
	return reply;
}

/** Not confirmed on purpose: a lost nak only means that the message comes back after the ack wait. */
export function nak(message: JsMsg, delayMs: number): void {
	try {
		message.nak(delayMs);
	} catch {
		// The connection is closed; the ack wait does the same.
	}
}
