import { messageOf, StackFailure } from './stack-failure';

/**
 * What a person watches. Whole lines only, so that it reads the same in a terminal, in a log file and
 * when steps run side by side.
 */
export interface Progress {
	say(line: string): void;
	/** Reports the work's end and its time; `describe` adds what came out of it. */
	step<T>(title: string, work: () => Promise<T>, describe?: (result: T) => string): Promise<T>;
}

// A step shorter than this is reported once, at its end.
const ANNOUNCE_AFTER_MS = 1_500;
const REMIND_EVERY_MS = 15_000;

function seconds(sinceMs: number): string {
	return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

export function createProgress(write: (line: string) => void = (line) => console.log(line)): Progress {
	return {
		say: write,
		step: async (title, work, describe) => {
			const startedMs = performance.now();
			let reminder: NodeJS.Timeout | undefined;
			const announcer = setTimeout(() => {
				write(`  … ${title}`);
				reminder = setInterval(
					() => write(`  … ${title}: still at it after ${seconds(startedMs)}`),
					REMIND_EVERY_MS,
				);
			}, ANNOUNCE_AFTER_MS);
			try {
				const result = await work();
				const outcome = describe?.(result);
				write(`  ✔ ${title}${outcome ? `: ${outcome}` : ''} (${seconds(startedMs)})`);
				return result;
			} finally {
				clearTimeout(announcer);
				clearInterval(reminder);
			}
		},
	};
}

export const silentProgress: Progress = { say: () => undefined, step: (_title, work) => work() };

/** The sentence, and where to read on; never a stack trace for what a person can mend. */
export function describeFailure(error: unknown): string {
	if (!(error instanceof StackFailure)) {
		return error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error);
	}
	return error.logPath === undefined ? error.message : `${error.message}\n    log: ${error.logPath}`;
}
