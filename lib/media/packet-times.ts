// How far a file really goes: all of its packets are read and none is decoded, which takes seconds where decoding
// takes minutes. What a file says of its own length may be missing, guessed, or of a part that was never copied.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { stoppedError, throwIfStopped, withDeadline } from './clip-error';
import { FFPROBE_ARGUMENTS, notStarted, type ProbeOptions } from './ffprobe';
import { findFfprobe } from './find-binaries';
import { plainEnvironment } from './plain-environment';

export interface PacketTimes {
	/** Where the last packet ends; 0 where there is none. */
	readonly endSec: number;
	/** Where the last picture begins; nothing without any. */
	readonly lastPictureSec: number | undefined;
}

// The whole file is read, over a network perhaps.
const PACKETS_DEADLINE_MS = 10 * 60_000;
const ENTRIES = 'format=start_time:packet=codec_type,pts_time,dts_time,duration_time';

const START = /\|start_time=(-?[\d.]+)/;
const SHOWN = /\|pts_time=(-?[\d.]+)/;
const DECODED = /\|dts_time=(-?[\d.]+)/;
const DURATION = /\|duration_time=([\d.]+)/;

/** Times count from the beginning of the file, as ffmpeg counts them when it seeks. */
export async function packetTimes(file: string, options: ProbeOptions = {}): Promise<PacketTimes> {
	const binary = findFfprobe({ setting: options.ffprobePath });
	const signal = withDeadline(options.signal, options.deadlineMs ?? PACKETS_DEADLINE_MS);
	throwIfStopped(signal);
	const child = spawn(binary.path, [...FFPROBE_ARGUMENTS, '-of', 'compact', '-show_entries', ENTRIES, file], {
		env: plainEnvironment(),
		stdio: ['ignore', 'pipe', 'ignore'],
		windowsHide: true,
	});
	const stop = (): void => void child.kill('SIGKILL');
	signal.addEventListener('abort', stop, { once: true });
	try {
		// However it ends: of a file that breaks off, what could be read is what is asked for.
		const [times, [, killedBy]] = await Promise.all([timesOf(child), once(child, 'close')]);
		if (killedBy) throw new Error(`ended with ${String(killedBy)}`);
		return times;
	} catch (cause) {
		throw signal.aborted ? stoppedError(signal) : notStarted(cause);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}

async function timesOf({ stdout }: ChildProcess): Promise<PacketTimes> {
	let [startSec, endSec, lastPictureSec] = [0, -Infinity, -Infinity];
	if (!stdout) throw new Error('ffprobe has no output.');
	for await (const line of createInterface({ input: stdout })) {
		const told = (key: RegExp): number => Number(key.exec(line)?.[1]);
		startSec = told(START) || startSec;
		const atSec = [told(SHOWN), told(DECODED)].find(Number.isFinite);
		if (atSec === undefined) continue;
		endSec = Math.max(endSec, atSec + (told(DURATION) || 0));
		if (line.includes('|codec_type=video')) lastPictureSec = Math.max(lastPictureSec, atSec);
	}
	return {
		endSec: Math.max(0, endSec - startSec),
		lastPictureSec: lastPictureSec === -Infinity ? undefined : Math.max(0, lastPictureSec - startSec),
	};
}
