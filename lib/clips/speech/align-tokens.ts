// When each token was said, from how much the decoder listened to each moment of the sound while it wrote the token.
// The way of OpenAI's Whisper (its `timing.py`): even out, then the cheapest path that only moves forwards.

/** What one attention head listened to: a row for each token, a share for each frame of the sound. */
export type Listening = readonly Float32Array[];

const MEDIAN_REACH = 1;

/** The first frame of each token. All heads have the same number of rows, and all rows the same length. */
export function firstFrames(heads: readonly Listening[]): number[] {
	const rows = heads[0]?.length ?? 0;
	const frames = heads[0]?.[0]?.length ?? 0;
	if (rows === 0 || frames === 0) return [];
	const gain = Array.from({ length: rows }, () => new Float64Array(frames));
	for (const head of heads) addTo(gain, medians(standardised(head)));
	return cheapestPath(gain);
}

/** Frames that every token listens to, such as the first, say nothing: what counts is who listens more than others. */
function standardised(head: Listening): Float64Array[] {
	const frames = head[0]?.length ?? 0;
	const even = head.map(() => new Float64Array(frames));
	for (let frame = 0; frame < frames; frame++) {
		const column = head.map((row) => row[frame] ?? 0);
		const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
		const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
		const spread = Math.sqrt(variance) + 1e-6;
		column.forEach((value, token) => even[token]?.fill((value - mean) / spread, frame, frame + 1));
	}
	return even;
}

function medians(rows: readonly Float64Array[]): Float64Array[] {
	return rows.map((row) =>
		row.map((_, at) => {
			const near = row.slice(Math.max(0, at - MEDIAN_REACH), at + MEDIAN_REACH + 1).sort();
			return near[near.length >> 1] ?? 0;
		}),
	);
}

function addTo(sum: readonly Float64Array[], rows: readonly Float64Array[]): void {
	rows.forEach((row, token) => {
		const target = sum[token];
		if (target) row.forEach((value, frame) => (target[frame] = (target[frame] ?? 0) + value));
	});
}

const BOTH = 0;
const NEXT_TOKEN = 1;
const NEXT_FRAME = 2;

// Dynamic time warping: best[t] is the most that a path ending at this token and frame t can have gained.
function cheapestPath(gain: readonly Float64Array[]): number[] {
	const frames = gain[0]?.length ?? 0;
	let best = new Float64Array(frames + 1).fill(-Infinity);
	best[0] = 0;
	const steps = gain.map((row) => {
		const next = new Float64Array(frames + 1).fill(-Infinity);
		const step = new Uint8Array(frames + 1);
		for (let frame = 1; frame <= frames; frame++) {
			const from = [best[frame - 1], best[frame], next[frame - 1]].map((value) => value ?? -Infinity);
			const most = Math.max(...from);
			step[frame] = from.indexOf(most);
			next[frame] = most + (row[frame - 1] ?? 0);
		}
		best = next;
		return step;
	});
	return walkBack(steps, frames);
}

function walkBack(steps: readonly Uint8Array[], frames: number): number[] {
	const first = steps.map(() => 0);
	let [token, frame] = [steps.length, frames];
	while (token > 0 && frame > 0) {
		first[token - 1] = frame - 1;
		const step = steps[token - 1]?.[frame];
		if (step === BOTH || step === NEXT_TOKEN) token--;
		if (step === BOTH || step === NEXT_FRAME) frame--;
	}
	return first;
}
