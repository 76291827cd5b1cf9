// Where the crop is in each frame of one shot. The camera of a person with a tripod: still while the subject stays about
// in the middle, one even pan when it leaves, never a jump.

/** The fastest pan, in widths (for a vertical pan heights) of the crop per second. */
export const MAX_PAN_PER_SEC = 0.6;
/** How far the subject may be from the centre before the camera moves; the promise is a quarter. */
const TOLERANCE = 0.13;
// Somebody who walks as fast as the camera can pan is this far in the next sample.
const FAR = 0.3;
const EASE_SEC = 0.35;
// The relaxation below converges with the square of the number of points; this bounds it for shots of minutes.
const MOST_ROUNDS = 20_000;
const ENOUGH = 1e-5;

export interface Target {
	readonly atSec: number;
	/** Centre of the subject along the axis, as a share of the picture. */
	readonly centre: number;
}

export interface Shot {
	readonly startSec: number;
	readonly endSec: number;
}

/**
 * Offsets of the crop, one per frame, as shares of the picture.
 * @param size of the crop along the axis, as a share of the picture.
 */
export function cameraPath(targets: readonly Target[], shot: Shot, size: number, fps: number): number[] {
	const room = Math.max(0, 1 - size);
	const frames = Math.max(1, Math.round((shot.endSec - shot.startSec) * fps));
	const centres = steadied(
		targets.map(({ centre }) => centre),
		FAR * size,
	);
	const wanted = centres.map((centre) => clamp(centre - size / 2, 0, room));
	const points = stringPulled(wanted, TOLERANCE * size, room);
	const pans = interpolated(targets, points, { frames, timeOf: (frame) => shot.startSec + frame / fps });
	return slowed(eased(pans, EASE_SEC * fps), (MAX_PAN_PER_SEC * size) / fps);
}

/**
 * One wrong detection moves no camera: what is far from both of its neighbours' median becomes that. What is not so far
 * stays as it is, or the camera would not come along to where somebody turns back.
 */
function steadied(values: readonly number[], far: number): number[] {
	return values.map((value, index) => {
		const others =
			index === 0 ? [1, 2] : index === values.length - 1 ? [index - 1, index - 2] : [index - 1, index + 1];
		const near = [value, ...others.map((other) => values[other] ?? value)].sort((x, y) => x - y);
		const median = near[1] ?? value;
		return Math.abs(value - median) > far ? median : value;
	});
}

/**
 * The shortest path that keeps within `tolerance` of every point: it stands still as long as it can and pans evenly when
 * it must. Found by letting every point move to the middle of its neighbours until nothing moves any more; it starts
 * as still as possible, so that a path that can be still is exactly that.
 */
function stringPulled(wanted: readonly number[], tolerance: number, room: number): number[] {
	const bounds = wanted.map((target) => ({
		low: Math.max(0, target - tolerance),
		high: Math.min(room, target + tolerance),
	}));
	const highestLow = Math.max(...bounds.map(({ low }) => low));
	const lowestHigh = Math.min(...bounds.map(({ high }) => high));
	const path = bounds.map(({ low, high }) => clamp((highestLow + lowestHigh) / 2, low, high));
	const last = path.length - 1;
	for (let round = 0; round < MOST_ROUNDS; round++) {
		let moved = 0;
		for (let step = 0; step <= last; step++) {
			const at = round % 2 === 0 ? step : last - step;
			const own = path[at] ?? 0;
			const { low, high } = bounds[at] ?? { low: own, high: own };
			const middle = ((path[at - 1] ?? path[at + 1] ?? own) + (path[at + 1] ?? path[at - 1] ?? own)) / 2;
			const next = clamp(middle, low, high);
			moved = Math.max(moved, Math.abs(next - own));
			path[at] = next;
		}
		if (moved < ENOUGH) break;
	}
	return path;
}

function interpolated(
	targets: readonly Target[],
	points: readonly number[],
	{ frames, timeOf }: { frames: number; timeOf: (frame: number) => number },
): number[] {
	let after = 0;
	return Array.from({ length: frames }, (_none, frame) => {
		const atSec = timeOf(frame);
		while (after < targets.length && (targets[after]?.atSec ?? Infinity) < atSec) after++;
		const [left, right] = [targets[after - 1], targets[after]];
		if (!left || !right) return points[Math.min(after, points.length - 1)] ?? 0;
		const share = (atSec - left.atSec) / (right.atSec - left.atSec);
		return (points[after - 1] ?? 0) * (1 - share) + (points[after] ?? 0) * share;
	});
}

/** A moving average, twice: pans begin and end softly, and nowhere faster than before. */
function eased(values: readonly number[], widthFrames: number): number[] {
	const half = Math.max(1, Math.round(widthFrames / 2));
	return averaged(averaged(values, half), half);
}

function averaged(values: readonly number[], half: number): number[] {
	const at = (index: number): number => values[clamp(index, 0, values.length - 1)] ?? 0;
	let sum = 0;
	for (let index = -half; index <= half; index++) sum += at(index);
	return values.map((_value, index) => {
		const mean = sum / (2 * half + 1);
		sum += at(index + half + 1) - at(index - half);
		return mean;
	});
}

function slowed(values: readonly number[], mostPerFrame: number): number[] {
	let before = values[0] ?? 0;
	return values.map((value) => (before = clamp(value, before - mostPerFrame, before + mostPerFrame)));
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
