export type ClipErrorCode =
	| 'ffmpeg-missing'
	| 'ffmpeg-failed'
	| 'source-missing'
	| 'source-unreadable'
	| 'no-video'
	| 'no-audio'
	| 'no-speech'
	| 'too-short'
	| 'subtitle-unreadable'
	| 'speech-model-missing'
	| 'speech-model-failed'
	| 'transcription-service'
	| 'settings'
	| 'output-folder'
	| 'cancelled'
	| 'deadline';

/** The same file and the same wishes will fail again: trying again helps nobody. */
const hopeless: ReadonlySet<ClipErrorCode> = new Set<ClipErrorCode>([
	'source-unreadable',
	'no-video',
	'no-audio',
	'no-speech',
	'too-short',
	'subtitle-unreadable',
	'settings',
]);

/** What went wrong while media was read or made: `message` says what happened, `remedy` what a person can do. */
export class ClipError extends Error {
	override readonly name = 'ClipError';

	constructor(
		readonly code: ClipErrorCode,
		message: string,
		readonly remedy: string,
		options?: { cause?: unknown },
	) {
		super(message, options);
	}

	/** What to do next, in the words that publishing uses: show the fix, or try again. */
	get class(): 'validation' | 'platform' {
		return hopeless.has(this.code) ? 'validation' : 'platform';
	}
}

/** An aborted signal is either a person's stop or a deadline; people need to be told which of the two. */
export function stoppedError(signal: AbortSignal): ClipError {
	const reason: unknown = signal.reason;
	if (reason instanceof ClipError) return reason;
	// By name and not by class: the exception comes from another realm when n8n or a test runs us in a context.
	if ((reason as { name?: unknown } | undefined)?.name === 'TimeoutError') {
		return new ClipError(
			'deadline',
			'The work took longer than its deadline allows and was stopped.',
			'Raise the deadline, or ask for fewer or shorter clips.',
		);
	}
	return new ClipError(
		'cancelled',
		'The work was cancelled before it was done.',
		'Run it again: finished clips are reused.',
	);
}

export function throwIfStopped(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw stoppedError(signal);
}

/** One signal for both a person's stop and a deadline. */
export function withDeadline(signal: AbortSignal | undefined, deadlineMs: number): AbortSignal {
	const deadline = AbortSignal.timeout(deadlineMs);
	return signal ? AbortSignal.any([signal, deadline]) : deadline;
}
