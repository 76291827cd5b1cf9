// How one small picture differs from the one before, and where.
import type { FrameSize } from './aspect';
import type { FaceBox } from './find-faces';

/** Where along each axis the picture changed since the sample before; shares of the picture. */
export interface Motion {
	/** Mean change of all points, 0 to 1. */
	readonly amount: number;
	readonly x: { readonly centre: number; readonly spread: number };
	readonly y: { readonly centre: number; readonly spread: number };
}

/** Change of brightness (its green part) on a grid of 64×64 points, 0 to 255. */
export type PictureChange = Uint8Array;

const GRID = 64;
const MOST_CHANGE = 255;

export function changeBetween(
	before: Uint8Array,
	now: Uint8Array,
	{ width, height }: FrameSize,
): PictureChange {
	return Uint8Array.from({ length: GRID * GRID }, (_none, index) => {
		const column = Math.floor(((index % GRID) * width) / GRID);
		const row = Math.floor((Math.floor(index / GRID) * height) / GRID);
		const at = (row * width + column) * 3 + 1;
		return Math.abs((now[at] ?? 0) - (before[at] ?? 0));
	});
}

/** 0 to 1. */
export function meanInside(
	change: PictureChange,
	box: Pick<FaceBox, 'x' | 'y' | 'width' | 'height'>,
): number {
	let [sum, count] = [0, 0];
	const edge = (share: number): number => Math.min(GRID - 1, Math.max(0, Math.floor(share * GRID)));
	for (let row = edge(box.y); row <= edge(box.y + box.height); row++) {
		for (let column = edge(box.x); column <= edge(box.x + box.width); column++) {
			sum += change[row * GRID + column] ?? 0;
			count++;
		}
	}
	return sum / Math.max(1, count) / MOST_CHANGE;
}

// Below this a difference is noise of the camera or of the compression.
const NOISE = 0.06 * MOST_CHANGE;

export function motionOf(change: PictureChange): Motion {
	const columns = new Float64Array(GRID);
	const rows = new Float64Array(GRID);
	let sum = 0;
	change.forEach((value, index) => {
		if (value < NOISE) return;
		sum += value;
		columns[index % GRID] = (columns[index % GRID] ?? 0) + value;
		rows[Math.floor(index / GRID)] = (rows[Math.floor(index / GRID)] ?? 0) + value;
	});
	const amount = sum / change.length / MOST_CHANGE;
	return { amount, x: centreAndSpread(columns, sum), y: centreAndSpread(rows, sum) };
}

function centreAndSpread(weights: Float64Array, sum: number): Motion['x'] {
	if (sum === 0) return { centre: 0.5, spread: 1 };
	const place = (index: number): number => (index + 0.5) / GRID;
	const centre = weights.reduce((total, weight, index) => total + weight * place(index), 0) / sum;
	const variance = weights.reduce((total, weight, index) => total + weight * (place(index) - centre) ** 2, 0);
	return { centre, spread: Math.sqrt(variance / sum) };
}
