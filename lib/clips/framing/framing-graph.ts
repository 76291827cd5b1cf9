import type { VideoFacts } from '../../media';
import type { FrameSize } from './aspect';
import type { FramingPlan } from './plan-framing';

export const CAMERA_FILE = 'camera.txt';

export interface GraphInput {
	readonly label: string;
	/** Makes labels and file names of several outputs different. */
	readonly name: string;
	readonly fps: number;
	readonly video: VideoFacts | undefined;
}

// Hable's curve keeps faces bright; 100 nits are the white of a usual screen.
export const TONE_MAP =
	'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p';

/** HDR cannot be converted without knowing what its colours are of, too. */
export const assumedColours = (space: NonNullable<VideoFacts['assumedColours']>): string =>
	`setparams=colorspace=${space}${space === 'bt2020nc' ? ':color_primaries=bt2020' : ''}`;

/** Half pictures of two moments become whole ones; what is whole in between stays as it is. */
export const DEINTERLACE = 'bwdif=mode=send_frame:deint=interlaced';

export interface SteadyInput {
	readonly picture: FrameSize;
	/** Filters that make the rate a constant one. */
	readonly rate: string;
	readonly video: VideoFacts | undefined;
}

/**
 * What every picture goes through first: a constant rate, the colours of HD, square pixels, even sides. Colours are
 * converted here and once, for all that comes behind; only those of HDR wait until less of the picture is left.
 */
export function steadyInput({ picture, rate, video }: SteadyInput): string {
	const told = video?.assumedColours ? `${assumedColours(video.assumedColours)},` : '';
	const isAsWanted = video === undefined || video.hasHdColours || video.isHdr;
	// The format, too: one of the range of a computer is converted a second time otherwise.
	const colours = isAsWanted
		? ''
		: ':flags=bicubic+accurate_rnd:out_color_matrix=bt709:out_range=tv,format=yuv420p';
	// Before pictures are scaled or dropped: behind that the lines of two moments could not be told apart.
	const whole = video?.isInterlaced ? `${DEINTERLACE},` : '';
	return `${whole}${rate},${told}scale=${picture.width}:${picture.height}${colours},setsar=1`;
}

/** Filter graph from `[label]` to `[framed<name>]`. */
export function framingGraph(plan: FramingPlan, input: GraphInput): string {
	const { crop, fitted } = plan;
	const [from, to] = [`[${input.label}]`, `[framed${input.name}]`];
	if (!crop) return fitGraph(plan, input, { from, to });
	if (fitted.length === 0) return `${from}${cropChain(plan, crop, input)}${to}`;
	const times = fitted.map(
		({ startSec, endSec }) => `between(t,${edge(startSec, input.fps)},${edge(endSec, input.fps)})`,
	);
	const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => `[${letter}${input.name}]`);
	return [
		`${from}split${a}${b}`,
		`${a}${cropChain(plan, crop, input)}${c}`,
		fitGraph(plan, input, { from: b ?? '', to: d ?? '' }),
		`${c}${d}overlay=enable='${times.join('+')}'${to}`,
	].join(';');
}

// Half a frame earlier than the cut: whether 3.366 is before or after 3.3666 must not decide about a frame.
const edge = (sec: number, fps: number): string =>
	Number.isFinite(sec) ? Math.max(0, sec - 0.5 / fps).toFixed(4) : '1e9';

function cropChain(plan: FramingPlan, crop: NonNullable<FramingPlan['crop']>, input: GraphInput): string {
	const { window, offsets } = crop;
	const first = offsets[0] ?? 0;
	const [x, y] = window.axis === 'x' ? [first, 0] : [0, first];
	const moves = offsets.length > 1 ? `sendcmd=f=${cameraFile(input.name)},` : '';
	// `exact` moves the picture by single pixels, its colours by two: without it slow pans go in visible steps.
	const cut = `crop@camera${input.name}=w=${window.width}:h=${window.height}:x=${x}:y=${y}:exact=1`;
	const toneMap = input.video?.isHdr ? `${TONE_MAP},` : '';
	const { width, height } = plan.frame;
	// zscale takes half the time of scale: a tenth of a whole encode.
	return `${moves}${cut},${toneMap}zscale=${width}:${height}:filter=spline16,setsar=1,format=yuv420p`;
}

export const cameraFile = (name: string): string => `${name}${CAMERA_FILE}`;

/** The moves of the crop, for ffmpeg's sendcmd; nothing where it stands still. */
export function cameraScript(
	{ crop }: FramingPlan,
	{ name, fps }: Pick<GraphInput, 'name' | 'fps'>,
): string | undefined {
	if (!crop || crop.offsets.length < 2) return undefined;
	const { window, offsets } = crop;
	const lines = offsets.flatMap((offset, frame) => {
		if (frame > 0 && offsets[frame - 1] === offset) return [];
		const atSec = Math.max(0, (frame - 0.5) / fps).toFixed(4);
		return [`${atSec} crop@camera${name} ${window.axis} ${offset};`];
	});
	return [...lines, ''].join('\n');
}

function fitGraph(plan: FramingPlan, input: GraphInput, { from, to }: { from: string; to: string }): string {
	const { width, height } = plan.frame;
	const fill = (w: number, h: number): string =>
		`scale=${w}:${h}:force_original_aspect_ratio=increase,crop=${w}:${h}`;
	const [back, front, blurred, sharp] = ['back', 'front', 'blurred', 'sharp'].map(
		(name) => `[${name}${input.name}]`,
	);
	const quarter = (px: number): number => Math.round(px / 8) * 2;
	return [
		`${from}${input.video?.isHdr ? `${TONE_MAP},` : ''}split${back}${front}`,
		// The blur is made at a quarter of the size: sixteen times cheaper, and nobody sees the difference.
		`${back}${fill(quarter(width), quarter(height))},gblur=sigma=14,eq=brightness=-0.1,scale=${width}:${height}:flags=bilinear,format=yuv420p${blurred}`,
		`${front}scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p${sharp}`,
		`${blurred}${sharp}overlay=(W-w)/2:(H-h)/2,setsar=1${to}`,
	].join(';');
}

/** 4:2:0 has colours for two by two pixels; an odd side would be cut off at random. */
export function evenPicture({ picture }: Pick<FramingPlan, 'picture'>): { width: number; height: number } {
	const even = (px: number): number => Math.max(2, Math.floor(px / 2) * 2);
	return { width: even(picture.width), height: even(picture.height) };
}
