// One quick look at a span: small pictures a few times a second, where the picture changes abruptly, and how loud it
// is, all from one decode.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { runFfmpeg, type FfmpegInput } from '../../media';
import type { FrameSize } from './aspect';
import { cutsOf, LEAST_CHANGE, type FrameChange } from './cuts';
import { LARGEST_SIDE_PX } from './face-network';
import { faceFinder, type FaceBox } from './find-faces';

/** Where along each axis the picture changed since the sample before; shares of the picture. */
interface Motion {
	/** Mean change of all points, 0 to 1. */
	readonly amount: number;
	readonly x: { readonly centre: number; readonly spread: number };
	readonly y: { readonly centre: number; readonly spread: number };
}

export interface Sample {
	readonly atSec: number;
	readonly faces: readonly FaceBox[];
	readonly motion: Motion | undefined;
	/** Mean change inside a box since the sample before, 0 to 1. */
	motionIn(box: Pick<FaceBox, 'x' | 'y' | 'width' | 'height'>): number;
}

export interface Watched {
	readonly samples: readonly Sample[];
	readonly cutsSec: readonly number[];
	/** What ffmpeg said, with the reports of the filters that were asked for on the side. */
	readonly said: string;
}

export interface WatchRequest {
	readonly input: FfmpegInput;
	readonly picture: FrameSize;
	readonly fps: number;
	readonly lengthSec: number;
	/** Output options that measure the sound in the same run. */
	readonly onTheSide: readonly string[];
	readonly workFolder: string;
	readonly signal: AbortSignal;
	readonly deadlineMs: number;
	readonly ffmpegPath?: string | undefined;
	readonly onProgress?: ((share: number) => void) | undefined;
}

const SAMPLES_PER_SEC = 2;
// The first frame is let through, too, and means nothing: without any frame ffmpeg calls the output a failure.
const CHANGES_FILE = 'changes.txt';
// Every frame goes through this one: taking single points costs a tenth of averaging them.
const CHANGE_LOOK = 'scale=160:90:flags=neighbor';

export async function watchSource(request: WatchRequest): Promise<Watched> {
	const size = analysisSize(request.picture);
	const everyFrames = Math.max(1, Math.round(request.fps / SAMPLES_PER_SEC));
	const findFaces = await faceFinder();
	const samples: Sample[] = [];
	let before: Uint8Array | undefined;
	const take = (rgb: Uint8Array): void => {
		const atSec = (samples.length * everyFrames) / request.fps;
		samples.push(toSample(atSec, findFaces({ rgb, ...size }), changeBetween(before, rgb, size)));
		before = rgb;
	};
	const look = [
		`[0:V:0]fps=${request.fps},split[all][some]`,
		`[some]select='not(mod(n,${everyFrames}))',scale=${size.width}:${size.height}:flags=fast_bilinear,format=rgb24[samples]`,
		`[all]${CHANGE_LOOK},select='gt(scene,${LEAST_CHANGE})+eq(n,0)',metadata=print:file=${CHANGES_FILE}[cuts]`,
	];
	const said = await runFfmpeg({
		inputs: [
			{
				// Deblocking makes pictures nicer to look at; nobody looks at these.
				source: request.input.source,
				options: ['-skip_loop_filter', 'all', ...(request.input.options ?? [])],
			},
		],
		outputOptions: [
			...['-filter_complex', look.join(';')],
			...['-map', '[cuts]', '-f', 'null', '-'],
			...request.onTheSide,
			...['-map', '[samples]', '-fps_mode', 'passthrough', '-f', 'rawvideo'],
		],
		output: 'pipe:1',
		onBytes: inPieces(size.width * size.height * 3, take),
		folder: request.workFolder,
		ffmpegPath: request.ffmpegPath,
		signal: request.signal,
		deadlineMs: request.deadlineMs,
		durationSec: request.lengthSec,
		onProgress: request.onProgress,
	});
	return { samples, cutsSec: cutsOf(await readChanges(path.join(request.workFolder, CHANGES_FILE))), said };
}

/** The longer side at most 512, both multiples of 32; a few percent of distortion do not disturb the detector. */
export function analysisSize({ width, height }: FrameSize): FrameSize {
	const scale = LARGEST_SIDE_PX / Math.max(width, height);
	const side = (px: number): number => Math.max(64, Math.round((px * scale) / 32) * 32);
	return { width: side(width), height: side(height) };
}

async function readChanges(file: string): Promise<FrameChange[]> {
	const printed = await readFile(file, 'utf8').catch(() => '');
	const found = [...printed.matchAll(/pts_time:([\d.]+)\s+lavfi\.scene_score=([\d.]+)/g)];
	return found.map(([, atSec, score]) => ({ atSec: Number(atSec), score: Number(score) }));
}

/** Hands on the bytes in pieces of one length; a rest at the end is half a picture and dropped. */
export function inPieces(length: number, take: (piece: Uint8Array) => void): (bytes: Buffer) => void {
	let piece = new Uint8Array(length);
	let filled = 0;
	return (bytes) => {
		let read = 0;
		while (read < bytes.length) {
			const part = bytes.subarray(read, read + length - filled);
			piece.set(part, filled);
			filled += part.length;
			read += part.length;
			if (filled < length) continue;
			take(piece);
			piece = new Uint8Array(length);
			filled = 0;
		}
	};
}

const GRID = 64;

/** Change of brightness (its green part) on a grid of 64×64 points, 0 to 1. */
function changeBetween(
	before: Uint8Array | undefined,
	now: Uint8Array,
	{ width, height }: FrameSize,
): Float64Array | undefined {
	if (!before) return undefined;
	return Float64Array.from({ length: GRID * GRID }, (_none, index) => {
		const column = Math.floor(((index % GRID) * width) / GRID);
		const row = Math.floor((Math.floor(index / GRID) * height) / GRID);
		const at = (row * width + column) * 3 + 1;
		return Math.abs((now[at] ?? 0) - (before[at] ?? 0)) / 255;
	});
}

function toSample(atSec: number, faces: readonly FaceBox[], change: Float64Array | undefined): Sample {
	return {
		atSec,
		faces,
		motion: change && motionOf(change),
		motionIn: (box) => (change ? meanInside(change, box) : 0),
	};
}

function meanInside(change: Float64Array, box: Pick<FaceBox, 'x' | 'y' | 'width' | 'height'>): number {
	let [sum, count] = [0, 0];
	const edge = (share: number): number => Math.min(GRID - 1, Math.max(0, Math.floor(share * GRID)));
	for (let row = edge(box.y); row <= edge(box.y + box.height); row++) {
		for (let column = edge(box.x); column <= edge(box.x + box.width); column++) {
			sum += change[row * GRID + column] ?? 0;
			count++;
		}
	}
	return sum / Math.max(1, count);
}

// Below this a difference is noise of the camera or of the compression.
const NOISE = 0.06;

function motionOf(change: Float64Array): Motion {
	const columns = new Float64Array(GRID);
	const rows = new Float64Array(GRID);
	let sum = 0;
	change.forEach((value, index) => {
		if (value < NOISE) return;
		sum += value;
		columns[index % GRID] = (columns[index % GRID] ?? 0) + value;
		rows[Math.floor(index / GRID)] = (rows[Math.floor(index / GRID)] ?? 0) + value;
	});
	return { amount: sum / change.length, x: centreAndSpread(columns, sum), y: centreAndSpread(rows, sum) };
}

function centreAndSpread(weights: Float64Array, sum: number): Motion['x'] {
	if (sum === 0) return { centre: 0.5, spread: 1 };
	const place = (index: number): number => (index + 0.5) / GRID;
	const centre = weights.reduce((total, weight, index) => total + weight * place(index), 0) / sum;
	const variance = weights.reduce((total, weight, index) => total + weight * (place(index) - centre) ** 2, 0);
	return { centre, spread: Math.sqrt(variance / sum) };
}
