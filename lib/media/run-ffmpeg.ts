// Runs ffmpeg through fluent-ffmpeg and adds what that leaves open: a stop that also works in the moment before
// the process exists, an end that is only reported when the process is really gone, and errors with its last words.
import ffmpegCommand, { type FfmpegCommand } from 'fluent-ffmpeg';

import { ClipError, stoppedError, throwIfStopped, withDeadline } from './clip-error';
import { findFfmpeg } from './find-binaries';

export interface FfmpegInput {
	readonly source: string;
	readonly options?: readonly string[];
}

export interface FfmpegRun {
	readonly inputs: readonly FfmpegInput[];
	readonly outputOptions: readonly string[];
	/** A file, or `-` together with `-f null` when only the messages matter. */
	readonly output: string;
	/** Working folder, so that filters can name their files without any escaping. */
	readonly folder?: string | undefined;
	readonly ffmpegPath?: string | undefined;
	readonly signal?: AbortSignal | undefined;
	readonly deadlineMs: number;
	/** Length of the output, needed to turn ffmpeg's clock into a share. */
	readonly durationSec?: number | undefined;
	readonly onProgress?: ((share: number) => void) | undefined;
}

const TAIL_LINES = 12;

/** Resolves with everything that ffmpeg said; rejects with a `ClipError` once the process has ended. */
export async function runFfmpeg(run: FfmpegRun): Promise<string> {
	const binary = findFfmpeg({ setting: run.ffmpegPath });
	const signal = withDeadline(run.signal, run.deadlineMs);
	throwIfStopped(signal);
	const command = build(run, binary.path);
	return await new Promise<string>((resolve, reject) => {
		const lines: string[] = [];
		// Before `start` there is no process to kill, and fluent-ffmpeg would silently forget the request.
		let isRunning = false;
		const stop = () => {
			if (isRunning) command.kill('SIGKILL');
		};
		const settle = (finish: () => void) => {
			signal.removeEventListener('abort', stop);
			finish();
		};
		signal.addEventListener('abort', stop, { once: true });
		command.on('start', () => {
			isRunning = true;
			if (signal.aborted) stop();
		});
		command.on('stderr', (line: string) => {
			if (!reportProgress(line, run)) lines.push(line);
			if (lines.length > 400) lines.splice(0, 200);
		});
		command.on('end', () => settle(() => resolve(lines.join('\n'))));
		command.on('error', (cause: Error) =>
			settle(() => reject(signal.aborted ? stoppedError(signal) : failed(lines, cause))),
		);
		command.run();
	});
}

function build(run: FfmpegRun, binaryPath: string): FfmpegCommand {
	const command = ffmpegCommand(run.folder ? { cwd: run.folder } : {});
	command.setFfmpegPath(binaryPath);
	for (const input of run.inputs) command.input(input.source).inputOptions([...(input.options ?? [])]);
	return command.outputOptions(['-hide_banner', '-nostdin', ...run.outputOptions]).output(run.output);
}

// Read here and not by fluent-ffmpeg's own `progress` event: listening to that starts an ffprobe nobody can stop.
function reportProgress(line: string, run: FfmpegRun): boolean {
	const clock = /\btime=(\d+):(\d+):([\d.]+)/.exec(line);
	if (!clock) return /\btime=N\/A/.test(line);
	if (run.onProgress && run.durationSec) {
		const doneSec = Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
		run.onProgress(Math.min(1, doneSec / run.durationSec));
	}
	return true;
}

function failed(lines: readonly string[], cause: Error): ClipError {
	const said = lines.slice(-TAIL_LINES).join('\n').trim() || cause.message;
	const isDiskFull = /No space left on device/i.test(said);
	return new ClipError(
		'ffmpeg-failed',
		isDiskFull
			? 'The disk is full: FFmpeg could not write its output.'
			: `FFmpeg ended with an error:\n${said}`,
		isDiskFull
			? 'Free some space in the output folder and run it again; finished clips are reused.'
			: 'Check that the source plays from beginning to end and that FFmpeg has libx264, aac and libass.',
		{ cause },
	);
}
