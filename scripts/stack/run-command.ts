import { createProgress, describeFailure, type Progress } from './progress';
import { listenForStopSignals } from './stop-signals';

export interface CommandContext {
	/** Aborted by Ctrl-C and by the signals that ask a process to end. */
	readonly signal: AbortSignal;
	readonly progress: Progress;
	readonly args: readonly string[];
}

/**
 * Runs `main` as one of our commands and answers the exit code: its own one, 1 after a failure (of which
 * the sentence is printed), or that of the signal that interrupted it.
 */
export async function runToExitCode(main: (context: CommandContext) => Promise<number>): Promise<number> {
	const stop = listenForStopSignals();
	// A reader that went away (`| head`) is no reason to leave processes behind.
	process.stdout.on('error', () => undefined);
	try {
		const exitCode = await main({
			signal: stop.signal,
			progress: createProgress(),
			args: process.argv.slice(2),
		});
		return stop.exitCode() ?? exitCode;
	} catch (error) {
		const interrupted = stop.exitCode();
		if (interrupted === undefined) console.error(`\n  ✘ ${describeFailure(error)}`);
		return interrupted ?? 1;
	} finally {
		stop.dispose();
	}
}

/** The last line of each `scripts/<command>.ts`. */
export async function runCommand(main: (context: CommandContext) => Promise<number>): Promise<void> {
	process.exit(await runToExitCode(main));
}
