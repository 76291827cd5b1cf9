// Which pictures a span of a video really has. Recordings of screens have one only where something changes: a slide may
// be a single picture that stands for minutes, and begin long before the span that shows it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { stoppedError, withDeadline } from './clip-error';
import { FFPROBE_ARGUMENTS, type ProbeOptions } from './ffprobe';
import { findFfprobe } from './find-binaries';
import { plainEnvironment } from './plain-environment';

export interface PictureTimes {
	/** Of the picture that is seen when the span begins; nothing where none came yet. */
	readonly shownSec: number | undefined;
	/** Of the next one that begins in the first seconds of the span. */
	readonly nextSec: number | undefined;
	/** Of one in the last second of the span. */
	readonly lastSec: number | undefined;
}

export interface PictureSpan {
	/** What the file's own clock shows at its beginning. */
	readonly fileStartSec: number;
	readonly startSec: number;
	readonly endSec: number;
}

const DEADLINE_MS = 60_000;
const LOOK_SEC = 0.5;
const LAST_SEC = 1;
// Times are rounded to thousandths in many files.
const ROUNDING_SEC = 0.0015;

const run = promisify(execFile);

/**
 * Reads the packets around both ends of a span and decodes nothing: some milliseconds. Times count from the beginning
 * of the file; nothing where it cannot be searched.
 */
export async function pictureTimes(
	file: string,
	{ fileStartSec, startSec, endSec }: PictureSpan,
	options: ProbeOptions = {},
): Promise<PictureTimes | undefined> {
	const signal = withDeadline(options.signal, options.deadlineMs ?? DEADLINE_MS);
	const at = (sec: number): string => Math.max(0, sec + fileStartSec).toFixed(3);
	const [from, last] = [at(startSec), at(Math.max(startSec, endSec - LAST_SEC))];
	const both = ['-read_intervals', `${from}%${at(startSec + LOOK_SEC)},${last}%${at(endSec)}`];
	// What a browser recorded has no index: it is read from its beginning, as ffmpeg does when it seeks there.
	for (const part of [both, ['-read_intervals', `%${at(endSec)}`]]) {
		const times = await timesIn(file, part, { ...options, signal });
		if (times.length === 0) continue;
		const told = times.map((sec) => sec - fileStartSec).sort((a, b) => a - b);
		return timesOf(told, { startSec, endSec });
	}
	return undefined;
}

async function timesIn(
	file: string,
	part: readonly string[],
	{ ffprobePath, signal }: ProbeOptions & { readonly signal: AbortSignal },
): Promise<number[]> {
	const program = findFfprobe({ setting: ffprobePath }).path;
	const entries = ['-select_streams', 'V:0', ...part, '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
	try {
		const { stdout } = await run(program, [...FFPROBE_ARGUMENTS, ...entries, file], {
			signal,
			env: plainEnvironment(),
			maxBuffer: 64 * 1024 * 1024,
			windowsHide: true,
		});
		return [...stdout.matchAll(/^-?\d[\d.]*/gm)].map(([told]) => Number(told));
	} catch {
		if (signal.aborted) throw stoppedError(signal);
		return [];
	}
}

function timesOf(
	times: readonly number[],
	{ startSec, endSec }: { readonly startSec: number; readonly endSec: number },
): PictureTimes | undefined {
	if (times.length === 0) return undefined;
	return {
		shownSec: times.findLast((sec) => sec <= startSec + ROUNDING_SEC),
		nextSec: times.find((sec) => sec > startSec + ROUNDING_SEC),
		lastSec: times.findLast((sec) => sec >= endSec - LAST_SEC && sec < endSec),
	};
}
