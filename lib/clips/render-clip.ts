// One span of a video becomes one or several files: one look at it, one decode for all shapes, framing, captions,
// loudness, a fade at the cut. Files appear only when they are whole.
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';

import {
	encodingTurns,
	findSilences,
	loudnessFilter,
	loudnessMeter,
	measureLoudness,
	parseLoudness,
	probe,
	runFfmpeg,
	throwIfStopped,
	videoEncoding,
	writeWhole,
	type FfmpegInput,
	type Loudness,
	type MediaFacts,
	type VideoEncoder,
} from '../media';
import { captionScript } from './captions/caption-script';
import type { CaptionStyleName } from './captions/caption-styles';
import { putFonts } from './captions/fonts';
import { checkWhole } from './check-whole';
import { outputFps, outputSize, videoKbps, type EncodingProfile } from './encoding-profiles';
import type { Aspect } from './framing/aspect';
import { cameraFile, cameraScript, evenPicture } from './framing/framing-graph';
import { framingOf, framingWithoutLooking, type FramingPlan } from './framing/plan-framing';
import { watchSource } from './framing/watch-source';
import { clipWords, LONG_SILENCE_SEC, wholeSpan, withoutSilences, type KeptSpans } from './kept-spans';
import { fadeOutFor, renderGraphs, SOUND_FORMAT, soundEdges, type GraphOutput } from './render-graph';
import { pictureWindow, readSec, type PictureWindow } from './picture-window';
import type { TimedWord } from './transcript';

export interface RenderOutput {
	readonly aspect: Aspect;
	readonly profile: EncodingProfile;
	readonly targetPath: string;
	/** Style of the captions; nothing where none are wanted. */
	readonly captions?: CaptionStyleName | undefined;
}

export interface RenderRequest {
	readonly sourcePath: string;
	readonly source: MediaFacts;
	readonly startSec: number;
	readonly endSec: number;
	/** What is said, with the source's times; for captions, and so that no silence is cut out of a word. */
	readonly words: readonly TimedWord[];
	readonly removeSilences?: boolean | undefined;
	readonly outputs: readonly RenderOutput[];
	readonly encoder?: VideoEncoder | undefined;
	/** Folder of this run for scripts and fonts; the caller removes it. */
	readonly workFolder: string;
	readonly signal: AbortSignal;
	readonly deadlineMs: number;
	readonly ffmpegPath?: string | undefined;
	readonly ffprobePath?: string | undefined;
	readonly onProgress?: ((share: number) => void) | undefined;
}

export interface Rendered {
	readonly plans: readonly FramingPlan[];
	readonly lengthSec: number;
	/** With the times of the files. */
	readonly words: readonly TimedWord[];
	readonly encoder: VideoEncoder;
}

/** Part of each clip's identity: raise it when the same request would give another picture or sound. */
export const RENDER_VERSION = 8;

const AUDIO_RATE = ['-ar', '48000', '-ac', '2'];
// About what the look costs of the whole.
const LOOKED_UNTIL = 0.2;

export async function renderClip(request: RenderRequest): Promise<Rendered> {
	return await encodingTurns.take(request.signal, async () => {
		// Clips of one run are made side by side, and their scripts have the same names.
		const workFolder = await mkdtemp(path.join(request.workFolder, 'clip-'));
		return await renderNow({ ...request, workFolder });
	});
}

async function renderNow(request: RenderRequest): Promise<Rendered> {
	const fps = commonFps(request);
	const kept = await keptSpans(request, fps);
	const words = clipWords(request.words, request, kept);
	const fadeOutSec = fadeOutFor(words, kept.lengthSec);
	const pictures = await pictureWindow(request);
	const { plans, loudness } = await look(request, { kept, fps, pictures, fadeOutSec });
	const outputs = await prepareOutputs(request, { plans, words, kept, fps });
	const graphs = renderGraphs({
		outputs,
		fps,
		...{ kept, pictures, fadeOutSec },
		soundInput: inputsOf(request, pictures).length - 1,
		video: request.source.video,
		hasSound: request.source.audio !== undefined,
		soundFilters: [SOUND_FORMAT, ...(loudness ? [loudnessFilter(loudness)] : [])],
	});
	const encode = async (encoder: VideoEncoder): Promise<Rendered> => {
		await writeAll(request, { graphs, pictures, lengthSec: kept.lengthSec, fps }, encoder);
		return { plans, lengthSec: kept.lengthSec, words, encoder };
	};
	const encoder = request.encoder ?? { name: 'libx264' };
	try {
		return await encode(encoder);
	} catch (error) {
		throwIfStopped(request.signal);
		if (encoder.name === 'libx264') throw error;
		// A card that is busy or out of memory must not cost a clip.
		return await encode({ name: 'libx264', note: `${encoder.name} failed on this clip: libx264 was used.` });
	}
}

// Several outputs of one decode share their rate: the strictest of their profiles decides.
function commonFps({ source, outputs }: RenderRequest): number {
	const minFps = Math.max(...outputs.map(({ profile }) => profile.minFps));
	const maxFps = Math.min(...outputs.map(({ profile }) => profile.maxFps));
	return outputFps(source.video?.fps ?? maxFps, { minFps, maxFps });
}

async function keptSpans(request: RenderRequest, fps: number): Promise<KeptSpans> {
	const lengthSec = request.endSec - request.startSec;
	if (!request.removeSilences || !request.source.audio) return wholeSpan(lengthSec);
	const silences = await findSilences(sourceInput(request), LONG_SILENCE_SEC, request);
	const words = request.words.map((word) => ({
		startSec: word.startSec - request.startSec,
		endSec: word.endSec - request.startSec,
	}));
	return withoutSilences(lengthSec, silences, words, fps);
}

interface Shape {
	readonly fps: number;
	readonly pictures: PictureWindow;
}

/** How each output is framed, and how loud the sound is; where both need to be found out, in one run. */
async function look(
	request: RenderRequest,
	{ kept, fps, pictures, fadeOutSec }: Shape & { kept: KeptSpans; fadeOutSec: number },
): Promise<{ plans: FramingPlan[]; loudness: Loudness | undefined }> {
	const input = sourceInput(request);
	const picture = evenPicture({ picture: request.source.video ?? { width: 1080, height: 1920 } });
	const lengthSec = request.endSec - request.startSec;
	const known = request.outputs.map(({ aspect }) => framingWithoutLooking(picture, aspect));
	const filters = [SOUND_FORMAT, ...soundEdges(kept, fadeOutSec)];
	const hasSound = request.source.audio !== undefined;
	if (known.every((plan) => plan !== undefined)) {
		const loudness = hasSound ? await measureLoudness(input, { ...request, filters }) : undefined;
		return { plans: known, loudness };
	}
	const [pictureInput = input, soundInput] = inputsOf(request, pictures);
	const watched = await watchSource({
		...request,
		...{
			input: pictureInput,
			pictures,
			soundInput: hasSound ? soundInput : undefined,
			picture,
			fps,
			lengthSec,
		},
		onTheSide: hasSound ? loudnessMeter(filters, soundInput ? 1 : 0) : [],
		onProgress: (share) => request.onProgress?.(share * LOOKED_UNTIL),
	});
	const wishes = { picture, fps, lengthSec };
	const plans = request.outputs.map(
		({ aspect }, index) => known[index] ?? framingOf(watched, { ...wishes, aspect }),
	);
	return { plans, loudness: parseLoudness(watched.said) };
}

async function prepareOutputs(
	request: RenderRequest,
	{ plans, words, fps, kept }: { plans: FramingPlan[]; words: TimedWord[]; fps: number; kept: KeptSpans },
): Promise<GraphOutput[]> {
	const hasCaptions = words.length > 0 && request.outputs.some(({ captions }) => captions !== undefined);
	// Scripts and fonts lie in the working folder under plain names: a path inside a filter would need three kinds of escaping.
	if (hasCaptions) await putFonts(path.join(request.workFolder, 'fonts'));
	return await Promise.all(
		request.outputs.map(async ({ aspect, profile, captions }, index): Promise<GraphOutput> => {
			const name = `v${index}`;
			const frame = outputSize(aspect, profile);
			const planned = plans[index];
			if (!planned) throw new Error(`Output ${index} has no framing.`);
			const plan = { ...planned, frame };
			const put = (file: string, text: string): Promise<void> =>
				writeFile(path.join(request.workFolder, file), text);
			const moves = cameraScript(plan, { name, fps });
			if (moves) await put(cameraFile(name), moves);
			if (!captions || words.length === 0) return { name, plan };
			const platform = profile.name === 'everywhere' ? undefined : profile.name;
			const script = captionScript(words, kept.lengthSec, { frame, style: captions, platform });
			await put(`${name}.ass`, script);
			return { name, plan, captionFile: `${name}.ass` };
		}),
	);
}

async function writeAll(
	request: RenderRequest,
	{ graphs, pictures, lengthSec, fps }: Shape & { graphs: readonly string[]; lengthSec: number },
	encoder: VideoEncoder,
): Promise<void> {
	const { outputs, onProgress } = request;
	await inPartialFiles(
		outputs.map(({ targetPath }) => targetPath),
		async (partials) => {
			const options = outputs.flatMap(({ profile }, index) => [
				...[
					'-map',
					`[picturev${index}]`,
					'-map',
					`[soundv${index}]`,
					'-map_metadata',
					'-1',
					'-map_chapters',
					'-1',
				],
				...['-t', lengthSec.toFixed(3), ...videoEncoding(encoder.name, videoKbps(profile, lengthSec))],
				...['-c:a', 'aac', '-b:a', `${profile.audioKbps}k`, ...AUDIO_RATE, '-movflags', '+faststart'],
				partials[index] ?? '',
			]);
			await runFfmpeg({
				inputs: inputsOf(request, pictures),
				outputOptions: [...graphs.flatMap((graph) => ['-filter_complex', graph]), ...options.slice(0, -1)],
				output: options[options.length - 1] ?? '',
				folder: request.workFolder,
				ffmpegPath: request.ffmpegPath,
				signal: request.signal,
				deadlineMs: request.deadlineMs,
				durationSec: lengthSec,
				onProgress: (share) => onProgress?.(LOOKED_UNTIL + share * (1 - LOOKED_UNTIL)),
			});
			for (const partial of partials) {
				const { video } = await probe(partial, {
					signal: request.signal,
					ffprobePath: request.ffprobePath,
				});
				const foundSec = readSec(video?.endSec ?? 0, { lengthSec, fps });
				checkWhole(request.sourcePath, { lengthSec, foundSec });
			}
		},
	);
}

/** All files or none. */
async function inPartialFiles(
	targets: readonly string[],
	write: (partials: readonly string[]) => Promise<void>,
	partials: readonly string[] = [],
): Promise<void> {
	const [next, ...rest] = targets;
	if (next === undefined) return await write(partials);
	await writeWhole(next, (partial) => inPartialFiles(rest, write, [...partials, partial]));
}

const HD_PIXELS = 1920 * 1088;

/** The picture's and the last of them the sound's, which may be the same. */
function inputsOf(request: RenderRequest, { leadSec }: PictureWindow): FfmpegInput[] {
	const input = sourceInput(request, leadSec);
	if (!request.source.audio) return [input, silence(request.endSec - request.startSec)];
	return leadSec > 0 ? [input, sourceInput(request)] : [input];
}

function sourceInput(request: RenderRequest, leadSec = 0): FfmpegInput {
	const lengthSec = request.endSec - request.startSec + leadSec;
	const window = ['-ss', (request.startSec - leadSec).toFixed(3), '-t', lengthSec.toFixed(3)];
	// One thread decodes HD several times as fast as an encoder follows; more of them cost time and hold more pictures.
	const { width = 0, height = 0 } = request.source.video ?? {};
	const threads = width * height > HD_PIXELS ? '2' : '1';
	const options = ['-protocol_whitelist', 'file', '-threads', threads, ...window];
	return { source: path.resolve(request.sourcePath), options };
}

function silence(lengthSec: number): FfmpegInput {
	return { source: 'anullsrc=r=48000:cl=stereo', options: ['-f', 'lavfi', '-t', lengthSec.toFixed(3)] };
}
