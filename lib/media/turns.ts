import os from 'node:os';

import { stoppedError, throwIfStopped } from './clip-error';

// An encoder works on one core (see video-encoder.ts): as many of them as there are cores, so that the look at one clip and
// the encoding of another share the machine. Each holds a few hundred megabytes, hence not more than a few.
const AT_ONCE = Math.min(4, os.availableParallelism());

export interface Turns {
	/** Waits for its turn, in the order of asking, and does the work; a stop while waiting gives the place back. */
	take<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

export function turns(atOnce: number): Turns {
	const waiting: (() => void)[] = [];
	let busy = 0;
	const ownTurn = (signal: AbortSignal): Promise<void> =>
		new Promise((resolve, reject) => {
			const start = (): void => {
				signal.removeEventListener('abort', stop);
				busy++;
				resolve();
			};
			const stop = (): void => {
				waiting.splice(waiting.indexOf(start), 1);
				reject(stoppedError(signal));
			};
			signal.addEventListener('abort', stop, { once: true });
			if (busy < atOnce) start();
			else waiting.push(start);
		});
	return {
		async take(signal, work) {
			throwIfStopped(signal);
			await ownTurn(signal);
			try {
				return await work();
			} finally {
				busy--;
				waiting.shift()?.();
			}
		},
	};
}

/** For everything that encodes in this process, whichever execution it belongs to. */
export const encodingTurns = turns(AT_ONCE);
