import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { ClipError, prepareOutputFolder, probe, runFfmpeg, writeWhole, type VideoFacts } from '../media';
import { clipRun, type ClipRun, type RunOptions } from './clip-run';
import type { FrameSize } from './framing/aspect';
import { faceFinder } from './framing/find-faces';
import { analysisSize, inPieces } from './framing/watch-source';

export interface ThumbnailOptions extends RunOptions {
	/** A time, or the frame that shows most. */
	readonly at: number | 'best';
	readonly format: 'jpg' | 'png';
	/** Never enlarged; as large as the video when not given. */
	readonly maxWidthPx?: number | undefined;
}

export interface Thumbnail {
	readonly path: string;
	readonly atSec: number;
	/** Why this frame. */
	readonly reason: string;
}

// So many frames are looked at, evenly over the video; only those that are stored whole, which is ten times as fast.
const CANDIDATES = 24;
const TIMES_FILE = 'candidates.txt';

export async function makeThumbnail(options: ThumbnailOptions): Promise<Thumbnail> {
	return await clipRun(options, async (run) => {
		const { video, durationSec } = await probe(run.sourcePath, run);
		const name = path.parse(run.sourcePath).name;
		if (!video) throw new ClipError('no-video', `"${name}" has no picture.`, 'Give a video file.');
		await prepareOutputFolder(run.outputFolder);
		const chosen =
			options.at === 'best'
				? await bestFrame(run, video, durationSec)
				: { atSec: checkedTime(options.at, durationSec), reason: 'The time that was asked for.' };
		const file = `${name}-${Math.round(chosen.atSec * 1000)}.${options.format}`;
		const target = path.join(run.outputFolder, file);
		await writeWhole(target, (partial) => writeFrame(run, video, { ...options, ...chosen, partial }));
		return { path: target, ...chosen };
	});
}

function checkedTime(atSec: number, durationSec: number): number {
	if (atSec >= 0 && atSec < durationSec) return atSec;
	throw new ClipError(
		'settings',
		`There is no picture at ${atSec} seconds: the video lasts ${durationSec.toFixed(1)}.`,
		'Give a time inside the video.',
	);
}

async function writeFrame(
	run: ClipRun,
	video: VideoFacts,
	{ atSec, format, maxWidthPx, partial }: ThumbnailOptions & { atSec: number; partial: string },
): Promise<void> {
	const width = Math.min(video.width, maxWidthPx ?? video.width);
	await runFfmpeg({
		inputs: [{ source: run.sourcePath, options: ['-protocol_whitelist', 'file', '-ss', atSec.toFixed(3)] }],
		outputOptions: [
			...['-map', '0:V:0', '-frames:v', '1', '-vf', `scale=${width}:-2:out_range=pc,setsar=1`],
			...(format === 'jpg' ? ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p'] : ['-c:v', 'png']),
			...['-update', '1', '-f', 'image2'],
		],
		output: partial,
		...run,
	});
}

interface Candidate {
	readonly score: number;
	readonly faces: number;
}

async function bestFrame(run: ClipRun, video: VideoFacts, durationSec: number) {
	const size = analysisSize(video);
	const findFaces = await faceFinder();
	const candidates: Candidate[] = [];
	const take = (rgb: Uint8Array): void => {
		const faces = findFaces({ rgb, ...size });
		const faceArea = faces.reduce((sum, face) => sum + face.width * face.height * face.score, 0);
		// A face says more than any landscape; one that fills the picture not ten times as much.
		candidates.push({ score: liveliness(rgb, size) * (1 + 4 * Math.sqrt(faceArea)), faces: faces.length });
	};
	const everySec = durationSec / CANDIDATES;
	const spaced = `(isnan(prev_selected_t)+gte(t-prev_selected_t,${everySec.toFixed(3)}))*gte(scene,0)`;
	await runFfmpeg({
		inputs: [{ source: run.sourcePath, options: ['-protocol_whitelist', 'file', '-skip_frame', 'nokey'] }],
		outputOptions: [
			'-filter_complex',
			`[0:V:0]scale=${size.width}:${size.height},select='${spaced}',metadata=print:file=${TIMES_FILE},format=rgb24[seen]`,
			...['-map', '[seen]', '-fps_mode', 'passthrough', '-f', 'rawvideo'],
		],
		output: 'pipe:1',
		folder: run.workFolder,
		onBytes: inPieces(size.width * size.height * 3, take),
		ffmpegPath: run.ffmpegPath,
		signal: run.signal,
		deadlineMs: run.deadlineMs,
	});
	const printed = await readFile(path.join(run.workFolder, TIMES_FILE), 'utf8');
	const times = [...printed.matchAll(/pts_time:([\d.]+)/g)].map((match) => Number(match[1]));
	const best = candidates.reduce(
		(top, each, at) => (each.score > (candidates[top]?.score ?? 0) ? at : top),
		0,
	);
	const faces = candidates[best]?.faces ?? 0;
	const shows = faces > 0 ? `shows ${faces === 1 ? 'a face' : `${faces} faces`} and ` : '';
	return {
		atSec: times[best] ?? 0,
		reason: `Of ${candidates.length} frames this one ${shows}is sharp and well lit.`,
	};
}

/** Sharp, contrasty, neither black nor white: 0 for a plain field. */
function liveliness(rgb: Uint8Array, { width, height }: FrameSize): number {
	let [edges, sum, squares, count] = [0, 0, 0, 0];
	for (let y = 1; y < height; y += 2) {
		for (let x = 1; x < width; x += 2) {
			const at = (y * width + x) * 3 + 1;
			const value = rgb[at] ?? 0;
			edges += Math.abs(value - (rgb[at - 3] ?? 0)) + Math.abs(value - (rgb[at - width * 3] ?? 0));
			sum += value;
			squares += value * value;
			count++;
		}
	}
	const mean = sum / count;
	const contrast = Math.sqrt(Math.max(0, squares / count - mean * mean));
	const light = 1 - Math.abs(mean - 128) / 128;
	return light * (Math.sqrt(edges / count) + contrast / 16);
}
