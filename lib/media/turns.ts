import os from 'node:os';

import { stoppedError, throwIfStopped } from './clip-error';

// An encoder works on one core (see video-encoder.ts). One more than there are cores, or the last clip of a run would be
// made by one core while the others rest (three clips on two cores: a fifth of the time). Each holds 300 MB, hence three.
const AT_ONCE = Math.min(3, os.availableParallelism() + 1);

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
