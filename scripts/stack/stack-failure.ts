/**
 * A failure that a person reads: one sentence on what happened and what to do, and where the whole
 * story is. The commands print it without a stack trace; every other error is a defect of ours.
 */
export class StackFailure extends Error {
	readonly logPath: string | undefined;

	constructor(message: string, options: { logPath?: string | undefined; cause?: unknown } = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = 'StackFailure';
		this.logPath = options.logPath;
	}
}

export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
