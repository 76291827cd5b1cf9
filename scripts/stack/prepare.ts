import type { Progress } from './progress';
import type { Stack } from './stack';

export interface PrepareOptions {
	readonly progress: Progress;
	readonly signal: AbortSignal;
}

/** What a stack that has booted needs before it is of use: called by every command that starts one. */
export async function prepareStack(_stack: Stack, options: PrepareOptions): Promise<void> {
	options.signal.throwIfAborted();
}
