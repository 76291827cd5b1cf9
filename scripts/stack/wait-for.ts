import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
	readonly deadlineMs: number;
	readonly pollMs?: number;
	readonly signal?: AbortSignal | undefined;
}

/**
 * Asks `probe` until it answers something else than `undefined`; `undefined` at the deadline. What the
 * probe throws ends the wait: a probe that can recover must return `undefined` instead.
 */
export async function waitFor<T>(
	probe: () => Promise<T | undefined> | T | undefined,
	options: WaitOptions,
): Promise<T | undefined> {
	const endAt = performance.now() + options.deadlineMs;
	for (;;) {
		options.signal?.throwIfAborted();
		const answer = await probe();
		if (answer !== undefined) return answer;
		if (performance.now() >= endAt) return undefined;
		await delay(options.pollMs ?? 50, undefined, options.signal ? { signal: options.signal } : {});
	}
}
