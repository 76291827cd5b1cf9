import path from 'node:path';
import { randomUUID } from 'node:crypto';

import {
	ClipError,
	encodingTurns,
	hardwareEncoder,
	packetTimes,
	prepareOutputFolder,
	probe,
	runFfmpeg,
	videoEncoding,
	writeWhole,
	type MediaFacts,
} from '../media';
import { checkWhole } from './check-whole';
import { clipRun, type ClipRun, type RunOptions } from './clip-run';
import { encodingProfiles, outputFps } from './encoding-profiles';
import { cropWindow, frameSizes, type Aspect, type FrameSize } from './framing/aspect';
import { evenPicture, framingGraph, steadyInput } from './framing/framing-graph';
import { NEARLY_ALL, type FramingPlan } from './framing/plan-framing';
import { outputName } from './output-name';
import { SOUND_FORMAT } from './render-graph';

export interface ConcatenateOptions extends Omit<RunOptions, 'sourcePath'> {
	/** In the order in which they are seen. */
	readonly sourcePaths: readonly string[];
	/** The shape of the first when not given. */
	readonly aspect?: Aspect | undefined;
	readonly useHardware?: boolean | undefined;
	readonly onProgress?: ((share: number) => void) | undefined;
}

export interface Joined {
	readonly path: string;
	readonly durationSec: number;
	/** Where each part begins in the new video. */
	readonly startsSec: readonly number[];
}

const MOST_PARTS = 50;

/** Joins videos of any size, rate and sound into one. A part of another shape is shown whole over its own blur. */
export async function concatenate(options: ConcatenateOptions): Promise<Joined> {
	const [first] = options.sourcePaths;
	if (first === undefined || options.sourcePaths.length > MOST_PARTS) {
		const message = `Between 1 and ${MOST_PARTS} videos can be joined at once, not ${options.sourcePaths.length}.`;
		throw new ClipError('settings', message, 'Join fewer videos at a time, and then the results.');
	}
	return await clipRun({ ...options, sourcePath: first }, async (run) => {
		const parts: MediaFacts[] = [];
		for (const sourcePath of options.sourcePaths) parts.push(await probed(sourcePath, run));
		await prepareOutputFolder(run.outputFolder);
		const target = path.join(run.outputFolder, `${outputName(first)}-joined-${randomUUID().slice(0, 8)}.mp4`);
		await encodingTurns.take(run.signal, () => join(run, options, { parts, target }));
		const startsSec = parts.map((_part, index) =>
			parts.slice(0, index).reduce((sum, { durationSec }) => sum + durationSec, 0),
		);
		const { durationSec } = await probe(target, run);
		return { path: target, durationSec, startsSec };
	});
}

async function probed(sourcePath: string, run: ClipRun): Promise<MediaFacts> {
	const facts = await probe(sourcePath, run);
	if (!facts.video) {
		throw new ClipError('no-video', `"${path.basename(sourcePath)}" has no picture.`, 'Join only videos.');
	}
	// The length of the result would not show it: what is missing is filled with the last picture and silence.
	const { endSec } = await packetTimes(sourcePath, run);
	checkWhole(sourcePath, { lengthSec: facts.durationSec, foundSec: endSec });
	return facts;
}

async function join(
	run: ClipRun,
	options: ConcatenateOptions,
	{ parts, target }: { parts: readonly MediaFacts[]; target: string },
): Promise<void> {
	const profile = encodingProfiles.everywhere;
	const { graph, silentInputs } = joinGraph(parts, options.aspect);
	const encoder = options.useHardware ? await hardwareEncoder(run) : { name: 'libx264' as const };
	const files = options.sourcePaths.map((sourcePath) => path.resolve(sourcePath));
	const silence = { source: 'anullsrc=r=48000:cl=stereo', options: ['-f', 'lavfi', '-t', '1'] };
	await writeWhole(target, async (partial) => {
		await runFfmpeg({
			inputs: [
				...files.map((source) => ({ source, options: ['-protocol_whitelist', 'file'] })),
				...Array.from({ length: silentInputs }, () => silence),
			],
			outputOptions: [
				...['-filter_complex', graph, '-map', '[picture]', '-map', '[sound]'],
				...['-map_metadata', '-1', '-map_chapters', '-1'],
				...videoEncoding(encoder.name, profile.maxVideoKbps),
				...['-c:a', 'aac', '-b:a', `${profile.audioKbps}k`, '-ar', '48000', '-ac', '2'],
				...['-movflags', '+faststart'],
			],
			output: partial,
			...run,
			durationSec: parts.reduce((sum, { durationSec }) => sum + durationSec, 0),
			onProgress: options.onProgress,
		});
	});
}

function joinGraph(parts: readonly MediaFacts[], aspect: Aspect | undefined) {
	const first = parts[0]?.video;
	const fps = outputFps(first?.fps ?? 30, encodingProfiles.everywhere);
	const frame = aspect ? frameSizes[aspect] : evenPicture({ picture: first ?? frameSizes['9:16'] });
	let silentInputs = 0;
	const graph = parts.flatMap((part, index) => {
		const soundInput = part.audio ? index : parts.length + silentInputs++;
		// Sound that ends before its picture would pull the next part's forward.
		const length = `apad,atrim=duration=${part.durationSec.toFixed(3)}`;
		return [
			partGraph(part, { index, fps, frame, aspect: aspect ?? '9:16' }),
			`[${soundInput}:a:0]${SOUND_FORMAT},${length}[sound${index}]`,
		];
	});
	const streams = parts.map((_part, index) => `[framed${index}][sound${index}]`).join('');
	const joined = `${streams}concat=n=${parts.length}:v=1:a=1[picture][sound]`;
	return { graph: [...graph, joined].join(';'), silentInputs };
}

function partGraph(
	{ video }: MediaFacts,
	{ index, fps, frame, aspect }: { index: number; fps: number; frame: FrameSize; aspect: Aspect },
): string {
	const picture = evenPicture({ picture: video ?? frame });
	const steady = `[${index}:V:0]${steadyInput({ picture, rate: `fps=fps=${fps}:start_time=0`, video })}[steady${index}]`;
	const input = { label: `steady${index}`, name: String(index), fps, video };
	return `${steady};${framingGraph(planFor(picture, frame, aspect), input)}`;
}

function planFor(picture: FrameSize, frame: FrameSize, aspect: Aspect): FramingPlan {
	const window = cropWindow(picture, frame);
	const kept = (window.width * window.height) / (picture.width * picture.height);
	const base = { aspect, frame, picture, reason: '' };
	// Nearly the same shape: a blurred edge of a few pixels would look like a mistake.
	return kept >= NEARLY_ALL
		? { ...base, mode: 'crop', crop: { window, offsets: [Math.round(window.roomPx / 2)] }, fitted: [] }
		: { ...base, mode: 'fit-blur', fitted: [{ startSec: 0, endSec: Infinity }] };
}
