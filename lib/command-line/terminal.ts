/** What a command may use of its surroundings. */
export interface Terminal {
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly print: (line: string) => void;
	/** For people and logs, beside the output. */
	readonly complain: (line: string) => void;
	/** Aborts at the first request to stop. */
	readonly stop: AbortSignal;
}

export const exitCodes = {
	done: 0,
	failed: 1,
	usage: 2,
	/** As in sysexits.h: starting again without a repair changes nothing. */
	misconfigured: 78,
} as const;

/** The caller's mistake, in a sentence for the person at the terminal. */
export class UsageError extends Error {}
