import { runFfmpeg, type FfmpegInput, type FfmpegRun } from './run-ffmpeg';

export interface SilentSpan {
	readonly startSec: number;
	readonly endSec: number;
}

// Quieter than speech in a room by far, louder than the noise of most microphones.
const QUIETER_THAN_DB = -38;

/** Where nothing is heard for at least `leastSec`; times count from the beginning of the input's window. */
export async function findSilences(
	input: FfmpegInput,
	leastSec: number,
	run: Pick<FfmpegRun, 'signal' | 'deadlineMs' | 'ffmpegPath'>,
): Promise<SilentSpan[]> {
	const filter = `aresample=async=1:first_pts=0,silencedetect=noise=${QUIETER_THAN_DB}dB:d=${leastSec},ametadata=print:file=-`;
	let printed = '';
	await runFfmpeg({
		inputs: [input],
		outputOptions: ['-vn', '-sn', '-dn', '-map', '0:a:0', '-af', filter, '-f', 'null'],
		output: '-',
		onBytes: (bytes) => (printed += bytes.toString('latin1')),
		...run,
	});
	const found = [...printed.matchAll(/lavfi\.silence_(start|end)=(-?[\d.]+)/g)];
	const spans: SilentSpan[] = [];
	let startSec: number | undefined;
	for (const [, edge, time] of found) {
		if (edge === 'start') startSec = Math.max(0, Number(time));
		else if (startSec !== undefined) {
			spans.push({ startSec, endSec: Number(time) });
			startSec = undefined;
		}
	}
	return startSec === undefined ? spans : [...spans, { startSec, endSec: Infinity }];
}
