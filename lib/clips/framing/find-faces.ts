import { loadFaceNetwork, type FaceNetwork, type FacePicture } from './face-network';

/** Shares of the picture's width and height. */
export interface FaceBox {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly score: number;
}

export type FaceFinder = (picture: FacePicture) => readonly FaceBox[];

const CELL_PX = 32;
// Width and height in cells, as the network was trained.
const anchors = [
	[1.603231, 2.094468],
	[6.041143, 7.080126],
	[2.882459, 3.518061],
	[4.266906, 5.178857],
	[9.041765, 10.66308],
] as const;
const VALUES_PER_ANCHOR = 5;
const MIN_SCORE = 0.4;
// Two boxes that share more than this are one face.
const SAME_FACE = 0.4;

let network: Promise<FaceNetwork> | undefined;

/** The finder, with its weights read once per process. */
export async function faceFinder(): Promise<FaceFinder> {
	network ??= loadFaceNetwork();
	const run = await network;
	return (picture) => findFaces(run, picture);
}

function findFaces(run: FaceNetwork, picture: FacePicture): FaceBox[] {
	const { columns, rows, values, valuesPerCell } = run(picture);
	const boxes: FaceBox[] = [];
	for (let cell = 0; cell < columns * rows; cell++) {
		anchors.forEach(([anchorWidth, anchorHeight], anchor) => {
			const at = cell * valuesPerCell + anchor * VALUES_PER_ANCHOR;
			const value = (offset: number): number => values[at + offset] ?? 0;
			const score = sigmoid(value(4));
			if (score < MIN_SCORE) return;
			const width = (Math.exp(value(2)) * anchorWidth * CELL_PX) / picture.width;
			const height = (Math.exp(value(3)) * anchorHeight * CELL_PX) / picture.height;
			const centreX = ((cell % columns) + sigmoid(value(0))) / columns;
			const centreY = (Math.floor(cell / columns) + sigmoid(value(1))) / rows;
			boxes.push({ x: centreX - width / 2, y: centreY - height / 2, width, height, score });
		});
	}
	return withoutDoubles(boxes);
}

function withoutDoubles(boxes: readonly FaceBox[]): FaceBox[] {
	const kept: FaceBox[] = [];
	for (const box of [...boxes].sort((a, b) => b.score - a.score)) {
		if (kept.every((other) => overlap(other, box) < SAME_FACE)) kept.push(box);
	}
	return kept;
}

/** Shared area as a share of both together. */
export function overlap(a: FaceBox, b: FaceBox): number {
	const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
	const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
	if (width <= 0 || height <= 0) return 0;
	return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
