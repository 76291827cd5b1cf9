import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Clock } from '../publishing/ports';

export const systemClock: Clock = {
	now: () => new Date(),
	async sleep(delayMs, signal) {
		try {
			await sleepFor(delayMs, undefined, { signal });
		} catch {
			// Node throws its own AbortError; callers are promised the signal's reason.
			signal.throwIfAborted();
		}
	},
};
