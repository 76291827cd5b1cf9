import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { ClipError, stoppedError, withDeadline } from './clip-error';
import { findFfprobe } from './find-binaries';
import { plainEnvironment } from './plain-environment';

export interface ProbeOptions {
	readonly ffprobePath?: string | undefined;
	readonly signal?: AbortSignal | undefined;
	readonly deadlineMs?: number | undefined;
}

const PROBE_DEADLINE_MS = 60_000;
export const FFPROBE_ARGUMENTS = ['-v', 'error', '-protocol_whitelist', 'file'];

const run = promisify(execFile);

/** What ffprobe says of a file's head. */
export async function askFfprobe(file: string, options: ProbeOptions): Promise<unknown> {
	const binary = findFfprobe({ setting: options.ffprobePath });
	const signal = withDeadline(options.signal, options.deadlineMs ?? PROBE_DEADLINE_MS);
	const args = [...FFPROBE_ARGUMENTS, '-print_format', 'json'];
	try {
		const { stdout } = await run(binary.path, [...args, '-show_format', '-show_streams', file], {
			signal,
			env: plainEnvironment(),
			maxBuffer: 16 * 1024 * 1024,
			windowsHide: true,
		});
		return JSON.parse(stdout) as unknown;
	} catch (cause) {
		if (signal.aborted) throw stoppedError(signal);
		throw hasEnded(cause) ? notMedia(file, cause) : notStarted(cause);
	}
}

/** With a code of its own: ffprobe said no. Without one the machine did (no memory, no handles), and may not tomorrow. */
function hasEnded(cause: unknown): boolean {
	// By name and not by class: the exception comes from another realm when a test runs us in a context.
	const { name, code } = cause as { readonly name?: unknown; readonly code?: unknown };
	return name === 'SyntaxError' || typeof code === 'number';
}

export function notStarted(cause: unknown): ClipError {
	return new ClipError(
		'ffmpeg-failed',
		'ffprobe could not be run, or was ended from outside.',
		'Try again; if it stays so, look at the memory and the open files of this machine.',
		{ cause },
	);
}

export function notMedia(file: string, cause?: unknown): ClipError {
	return new ClipError(
		'source-unreadable',
		`"${path.basename(file)}" is not a video that FFmpeg can read: it is damaged, incomplete, or another kind of file.`,
		'Check that it plays in a video player; if it was copied or downloaded, do that again.',
		{ cause },
	);
}
