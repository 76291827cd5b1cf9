// One quick look at a span: small pictures a few times a second, where the picture changes abruptly, and how loud it
// is, all from one decode.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { runFfmpeg, type FfmpegInput } from '../../media';
import { steadyPictures, type PictureWindow } from '../picture-window';
import type { FrameSize } from './aspect';
import { cutsOf, LEAST_CHANGE, type FrameChange } from './cuts';
import { LARGEST_SIDE_PX } from './face-network';
import { faceFinder, type FaceBox } from './find-faces';
import { changeBetween, meanInside, motionOf, type Motion } from './picture-change';

export interface SeenFace extends FaceBox {
	/** Mean change of its lower half since the sample before, 0 to 1: it moves when its owner speaks. */
	readonly speaking: number;
}

/** Small, because a video of hours has tens of thousands of them. */
export interface Sample {
	readonly atSec: number;
	readonly faces: readonly SeenFace[];
	readonly motion: Motion | undefined;
}

export interface Watched {
	readonly samples: readonly Sample[];
	readonly cutsSec: readonly number[];
	/** What ffmpeg said, with the reports of the filters that were asked for on the side. */
	readonly said: string;
}

export interface WatchRequest {
	readonly input: FfmpegInput;
	readonly pictures: PictureWindow;
	/** A second input for what is measured on the side. */
	readonly soundInput?: FfmpegInput | undefined;
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
		const change = before && changeBetween(before, rgb, size);
		const speaking = (face: FaceBox): number => (change ? meanInside(change, lowerHalf(face)) : 0);
		const faces = findFaces({ rgb, ...size }).map((face) => ({ ...face, speaking: speaking(face) }));
		samples.push({ atSec, faces, motion: change && motionOf(change) });
		before = rgb;
	};
	const look = [
		`[0:V:0]${steadyPictures(request.fps, request.pictures)},split[all][some]`,
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
			...(request.soundInput ? [request.soundInput] : []),
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

const lowerHalf = ({ x, y, width, height }: FaceBox) => ({ x, y: y + height / 2, width, height: height / 2 });

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
