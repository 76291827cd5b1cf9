import { access, copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';

import {
	ClipError,
	contentHash,
	packetTimes,
	prepareOutputFolder,
	probe,
	runFfmpeg,
	writeWhole,
	type VideoFacts,
} from '../media';
import { clipRun, type ClipRun, type RunOptions } from './clip-run';
import type { FrameSize } from './framing/aspect';
import { faceFinder } from './framing/find-faces';
import { assumedColours, DEINTERLACE, evenPicture, TONE_MAP } from './framing/framing-graph';
import { analysisSize, inPieces } from './framing/watch-source';
import { outputName } from './output-name';

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

const LEAST_WIDTH_PX = 16;

export async function makeThumbnail(options: ThumbnailOptions): Promise<Thumbnail> {
	checkWidth(options);
	return await clipRun(options, async (run) => {
		const { video, durationSec } = await probe(run.sourcePath, run);
		const name = outputName(run.sourcePath);
		if (!video) throw new ClipError('no-video', `"${name}" has no picture.`, 'Give a video file.');
		await prepareOutputFolder(run.outputFolder);
		const wanted =
			options.at === 'best'
				? await bestFrame(run, video, durationSec)
				: { atSec: checkedTime(options.at, durationSec), reason: 'The time that was asked for.' };
		const drawn = await drawFrame(run, video, { ...options, wanted });
		// Named after its own content: two videos may have one name, and those from binary data always do.
		const content = (await contentHash(drawn.file, run.signal)).slice(0, 8);
		const file = `${name}-${Math.round(drawn.atSec * 1000)}-${content}.${options.format}`;
		const target = path.join(run.outputFolder, file);
		await writeWhole(target, (partial) => copyFile(drawn.file, partial));
		return { path: target, atSec: drawn.atSec, reason: drawn.reason };
	});
}

function checkWidth({ maxWidthPx = LEAST_WIDTH_PX }: ThumbnailOptions): void {
	if (maxWidthPx >= LEAST_WIDTH_PX) return;
	throw new ClipError(
		'settings',
		`On a picture that is ${maxWidthPx} pixels wide nothing can be seen.`,
		`Give a width of at least ${LEAST_WIDTH_PX} pixels, or none for that of the video.`,
	);
}

function checkedTime(atSec: number, durationSec: number): number {
	if (atSec >= 0 && atSec < durationSec) return atSec;
	throw new ClipError(
		'settings',
		`There is no picture at ${atSec} seconds: the video lasts ${durationSec.toFixed(1)}.`,
		'Give a time inside the video.',
	);
}

type Frame = Pick<Thumbnail, 'atSec' | 'reason'>;
type Drawing = ThumbnailOptions & { readonly wanted: Frame };

/** The frame in a file of the working folder. */
async function drawFrame(
	run: ClipRun,
	video: VideoFacts,
	{ wanted, ...options }: Drawing,
): Promise<Frame & { readonly file: string }> {
	const file = path.join(run.workFolder, `frame.${options.format}`);
	const draw = async (atSec: number): Promise<boolean> => {
		await writeFrame(run, video, { ...options, atSec, file });
		// ffmpeg ends well without any picture behind the last one.
		return await access(file).then(
			() => true,
			() => false,
		);
	};
	if (await draw(wanted.atSec)) return { ...wanted, file };
	const { lastPictureSec = 0 } = await packetTimes(run.sourcePath, run);
	const reason = 'The last picture: there is none at the time that was asked for.';
	// Half a millisecond earlier, because the time was rounded; a second, because the last one may be broken.
	for (const earlierSec of [0.0005, 1]) {
		const atSec = Math.max(0, lastPictureSec - earlierSec);
		if (await draw(atSec)) return { atSec, reason, file };
	}
	throw new ClipError(
		'source-unreadable',
		`"${path.basename(run.sourcePath)}" shows no picture at ${wanted.atSec} seconds, and its last one cannot be read.`,
		'Give an earlier time, and check that the video plays to its end.',
	);
}

async function writeFrame(
	run: ClipRun,
	video: VideoFacts,
	{ atSec, format, maxWidthPx, file }: ThumbnailOptions & { atSec: number; file: string },
): Promise<void> {
	const scale = Math.min(1, (maxWidthPx ?? video.width) / video.width);
	const { width, height } = evenPicture({
		picture: { width: Math.round(video.width * scale), height: Math.round(video.height * scale) },
	});
	const filters = [
		...(video.isInterlaced ? [DEINTERLACE] : []),
		...(video.assumedColours ? [assumedColours(video.assumedColours)] : []),
		...(video.isHdr ? [TONE_MAP] : []),
		// Through RGB: from one kind of YUV to another FFmpeg keeps the numbers and not the colours.
		`scale=${width}:${height},setsar=1,format=gbrp`,
		// Whatever the video was, a JPEG is read as BT.601 (JFIF).
		...(format === 'jpg' ? ['scale=out_color_matrix=bt601:out_range=pc', 'format=yuvj420p'] : []),
	];
	await runFfmpeg({
		inputs: [{ source: run.sourcePath, options: ['-protocol_whitelist', 'file', '-ss', atSec.toFixed(4)] }],
		outputOptions: [
			...['-map', '0:V:0', '-frames:v', '1', '-vf', filters.join(',')],
			...(format === 'jpg' ? ['-c:v', 'mjpeg', '-q:v', '2'] : ['-c:v', 'png', '-pix_fmt', 'rgb24']),
			...['-update', '1', '-f', 'image2'],
		],
		output: file,
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
