import type { VideoFacts } from '../media';
import { framingGraph, steadyInput } from './framing/framing-graph';
import type { FramingPlan } from './framing/plan-framing';
import type { KeptSpans } from './kept-spans';
import { steadyPictures, type PictureWindow } from './picture-window';

export interface GraphOutput {
	readonly name: string;
	readonly plan: FramingPlan;
	readonly captionFile?: string | undefined;
}

export interface GraphRequest {
	readonly outputs: readonly GraphOutput[];
	readonly fps: number;
	readonly kept: KeptSpans;
	readonly pictures: PictureWindow;
	/** Number of the input that has the sound. */
	readonly soundInput: number;
	readonly fadeOutSec: number;
	readonly video: VideoFacts | undefined;
	readonly hasSound: boolean;
	/** Without the edges, which every sound gets. */
	readonly soundFilters: readonly string[];
}

const FADE_IN_SEC = 0.06;
const LONGEST_FADE_OUT_SEC = 0.25;
// A clip that ends right at a word still may not end with a click.
const SHORTEST_FADE_OUT_SEC = 0.03;
export const SOUND_FORMAT =
	'aresample=48000:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo';
// One millisecond at 48 kHz: so exactly are silences cut out of the sound.
const CUT_SAMPLES = 48;

/**
 * Filter graphs from `[0:V:0]` and the sound to `[picture<name>]` and `[sound<name>]` of each output: one decode for all.
 * Two graphs: in one, pictures would pile up while the sound is held back for its loudness (200 MB of 1080p).
 */
export function renderGraphs(request: GraphRequest): [picture: string, sound: string] {
	const { outputs, pictures, fps } = request;
	const [first] = outputs;
	if (!first) throw new Error('A render has at least one output.');
	const split = outputs.map(({ name }) => `[in${name}]`).join('');
	const picture = [
		`[0:V:0]${steadyInput({ ...request, rate: steadyPictures(fps, pictures), picture: first.plan.picture })},split=${outputs.length}${split}`,
		...outputs.flatMap((output) => pictureGraph(request, output)),
	].join(';');
	return [picture, soundGraph(request)];
}

// Only a fade out: a clip that begins with black has a black picture as its thumbnail.
function pictureGraph(
	{ fps, kept, video, fadeOutSec }: GraphRequest,
	{ name, plan, captionFile }: GraphOutput,
): string[] {
	// Behind select no rate is known any more, and ffmpeg would take 25.
	const chain = [
		...(kept.spans.length > 1
			? [`select='${betweens(kept, 0.5 / fps)}'`, `setpts=N/(${fps}*TB)`, `fps=${fps}`]
			: []),
		...(captionFile ? [`ass=${captionFile}:fontsdir=fonts`] : []),
		`fade=t=out:${ending(kept, fadeOutSec)}`,
	];
	return [
		framingGraph(plan, { label: `in${name}`, name, fps, video }),
		`[framed${name}]${chain.join(',')}[picture${name}]`,
	];
}

function soundGraph(request: GraphRequest): string {
	const { outputs, hasSound, soundInput, kept, fadeOutSec, soundFilters } = request;
	const [format, ...level] = soundFilters;
	const filters = hasSound ? [format, ...soundEdges(kept, fadeOutSec), ...level] : [SOUND_FORMAT];
	const labels = outputs.map(({ name }) => `[sound${name}]`).join('');
	// Sound may end before its picture does.
	const whole = `apad=whole_dur=${kept.lengthSec.toFixed(3)}`;
	return `[${soundInput}:a:0]${filters.join(',')},${whole},asplit=${outputs.length}${labels}`;
}

/** What happens to the sound before its loudness counts: silences out, soft beginning and end. */
export function soundEdges(kept: KeptSpans, fadeOutSec: number): string[] {
	const cuts = [`asetnsamples=n=${CUT_SAMPLES}`, `aselect='${betweens(kept, 0.0005)}'`, 'asetpts=N/SR/TB'];
	return [
		...(kept.spans.length > 1 ? cuts : []),
		`afade=t=in:d=${FADE_IN_SEC}`,
		`afade=t=out:${ending(kept, fadeOutSec)}`,
	];
}

/** Into the room behind the last word: whoever still speaks is neither darkened nor made quieter. */
export function fadeOutFor(words: readonly { readonly endSec: number }[], lengthSec: number): number {
	const roomSec = lengthSec - Math.max(0, ...words.map(({ endSec }) => endSec));
	return Math.min(LONGEST_FADE_OUT_SEC, Math.max(SHORTEST_FADE_OUT_SEC, roomSec));
}

const ending = ({ lengthSec }: KeptSpans, fadeOutSec: number): string =>
	`st=${(lengthSec - fadeOutSec).toFixed(3)}:d=${fadeOutSec.toFixed(3)}`;

function betweens({ spans }: KeptSpans, earlierSec: number): string {
	// Half a step earlier on both sides: rounding must not decide to which part a frame on the edge belongs.
	const at = (sec: number): string => (sec - earlierSec).toFixed(5);
	return spans.map(({ startSec, endSec }) => `gte(t,${at(startSec)})*lt(t,${at(endSec)})`).join('+');
}
