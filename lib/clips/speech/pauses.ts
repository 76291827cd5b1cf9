// Where people speak and where they breathe, from nothing but how loud each fiftieth of a second is.
import type { TimeSpan } from '../word-timing';

export const FRAME_SEC = 0.02;
const SILENCE_DB = -60;
const SHORTEST_PAUSE_SEC = 0.14;
const SHORTEST_SPEECH_SEC = 0.06;
// The model was trained on utterances; on longer ones it drops words (measured: fine up to 15 s).
const DEFAULT_LONGEST_SEC = 12;

/**
 * Cuts a recording into pieces of at most `longestSec`, each cut in the quietest place of the second half of a piece.
 * Pieces touch: every frame belongs to exactly one, so offsets are exact however long the recording is.
 */
export function planChunks(levelsDb: readonly number[], longestSec = DEFAULT_LONGEST_SEC): TimeSpan[] {
	const longest = Math.floor(longestSec / FRAME_SEC);
	const smooth = smoothed(levelsDb, 8);
	const chunks: TimeSpan[] = [];
	let start = 0;
	while (start < levelsDb.length) {
		const limit = start + longest;
		const end =
			limit >= levelsDb.length ? levelsDb.length : quietest(smooth, start + Math.floor(longest / 2), limit);
		chunks.push({ startSec: start * FRAME_SEC, endSec: end * FRAME_SEC });
		start = end;
	}
	return chunks;
}

/** The stretches of speech inside one piece, with pauses between them. Empty when there is only silence. */
export function speechSpans(levelsDb: readonly number[], chunk: TimeSpan): TimeSpan[] {
	const first = Math.round(chunk.startSec / FRAME_SEC);
	const frames = smoothed(levelsDb.slice(first, Math.round(chunk.endSec / FRAME_SEC)), 1);
	const sorted = [...frames].sort((a, b) => a - b);
	const loudDb = percentile(sorted, 0.9);
	if (loudDb < SILENCE_DB) return [];
	const quietDb = Math.max(percentile(sorted, 0.05), loudDb - 45);
	const thresholdDb = quietDb + (loudDb - quietDb) * 0.42;
	const spans: TimeSpan[] = [];
	frames.forEach((levelDb, index) => {
		if (levelDb < thresholdDb) return;
		const startSec = (first + index) * FRAME_SEC;
		const last = spans[spans.length - 1];
		if (last && startSec - last.endSec < SHORTEST_PAUSE_SEC) spans.pop();
		spans.push({
			startSec: last && startSec - last.endSec < SHORTEST_PAUSE_SEC ? last.startSec : startSec,
			endSec: startSec + FRAME_SEC,
		});
	});
	return spans.filter((span) => span.endSec - span.startSec >= SHORTEST_SPEECH_SEC);
}

/** All stretches of speech of a recording. */
export function allSpeech(levelsDb: readonly number[]): TimeSpan[] {
	const joined: TimeSpan[] = [];
	for (const span of planChunks(levelsDb).flatMap((chunk) => speechSpans(levelsDb, chunk))) {
		const last = joined[joined.length - 1];
		// Two pieces touch: speech that goes on over the seam has no pause there.
		if (last && span.startSec - last.endSec < SHORTEST_PAUSE_SEC) {
			joined[joined.length - 1] = { startSec: last.startSec, endSec: span.endSec };
		} else joined.push(span);
	}
	return joined;
}

/** How loud a span is, by its power and so by what is said and not by the pauses in it. */
export function levelOf(levelsDb: readonly number[], span: TimeSpan): number {
	const frames = levelsDb.slice(Math.floor(span.startSec / FRAME_SEC), Math.ceil(span.endSec / FRAME_SEC));
	const power = frames.reduce((sum, levelDb) => sum + 10 ** (levelDb / 10), 0) / Math.max(frames.length, 1);
	return Math.round(10 * Math.log10(Math.max(power, 1e-10)) * 10) / 10;
}

function quietest(levelsDb: readonly number[], from: number, to: number): number {
	let best = to;
	let bestDb = Infinity;
	for (let frame = from; frame <= to; frame++) {
		// A later cut is worth a little: longer pieces give the model more to go by.
		const levelDb = (levelsDb[frame] ?? 0) - (frame - from) * FRAME_SEC * 0.4;
		if (levelDb < bestDb) [bestDb, best] = [levelDb, frame];
	}
	return best;
}

function smoothed(levelsDb: readonly number[], reach: number): number[] {
	let sum = 0;
	const sums = [0, ...levelsDb.map((level) => (sum += Math.max(level, -90)))];
	return levelsDb.map((_, index) => {
		const from = Math.max(0, index - reach);
		const to = Math.min(levelsDb.length, index + reach + 1);
		return ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
	});
}

function percentile(sorted: readonly number[], share: number): number {
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? -90;
}
