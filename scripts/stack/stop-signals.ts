const EXIT_CODE_OF = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type StopSignal = keyof typeof EXIT_CODE_OF;

// A Ctrl-C under npm arrives twice at once: from the terminal and from npm, which passes it on.
const ECHO_MS = 1_500;
const UNWIND_DEADLINE_MS = 60_000;

export interface StopSignals {
	readonly signal: AbortSignal;
	/** The exit code that tells of the signal, once one came. */
	exitCode(): number | undefined;
	dispose(): void;
}

/**
 * Turns the signals that ask a process to end into an abort, so that the work unwinds. A second Ctrl-C, or
 * an unwinding that takes too long, leaves at once; the guardian then stops what still runs.
 */
export function listenForStopSignals(): StopSignals {
	const abort = new AbortController();
	let first: { exitCode: number; atMs: number } | undefined;
	const onSignal = (signal: StopSignal) => {
		if (first === undefined) {
			first = { exitCode: EXIT_CODE_OF[signal], atMs: performance.now() };
			console.log('\n  stopping (again to leave at once) …');
			abort.abort(new DOMException('interrupted', 'AbortError'));
			setTimeout(() => process.exit(EXIT_CODE_OF[signal]), UNWIND_DEADLINE_MS).unref();
		} else if (performance.now() - first.atMs > ECHO_MS) {
			process.exit(first.exitCode);
		}
	};
	const signals = Object.keys(EXIT_CODE_OF) as StopSignal[];
	for (const signal of signals) process.on(signal, onSignal);
	return {
		signal: abort.signal,
		exitCode: () => first?.exitCode,
		dispose: () => signals.forEach((signal) => process.off(signal, onSignal)),
	};
}
