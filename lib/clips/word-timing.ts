import type { TimedWord } from './transcript';

export interface TimeSpan {
	readonly startSec: number;
	readonly endSec: number;
}

const SENTENCE_END = /[.!?…。！？]["'”’)\]]*$/;
const PHRASE_END = /[,;:–—-]["'”’)\]]*$/;
const SHORTEST_WORD_SEC = 0.02;

/** Puts words into order and apart: no overlap, no negative length, nothing after the end of the media. */
export function tidyWords(words: readonly TimedWord[], durationSec = Infinity): TimedWord[] {
	const tidy: TimedWord[] = [];
	const sorted = [...words].sort((a, b) => a.startSec - b.startSec);
	let earliestSec = 0;
	for (const word of sorted) {
		const text = word.text.trim();
		const startSec = Math.max(word.startSec, earliestSec);
		if (!text || !Number.isFinite(word.startSec + word.endSec)) continue;
		if (startSec + SHORTEST_WORD_SEC > durationSec) break;
		const endSec = Math.min(durationSec, Math.max(word.endSec, startSec + SHORTEST_WORD_SEC));
		tidy.push({ text, startSec, endSec });
		earliestSec = endSec;
	}
	return tidy;
}

/** Places words in one span by how long each takes to say. */
export function spreadWords(texts: readonly string[], span: TimeSpan): TimedWord[] {
	const weights = texts.map(spokenWeight);
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	const lengthSec = span.endSec - span.startSec;
	let said = 0;
	return texts.map((text, index) => {
		const startSec = span.startSec + (lengthSec * said) / total;
		said += weights[index] ?? 0;
		return { text, startSec, endSec: span.startSec + (lengthSec * said) / total };
	});
}

/**
 * Places the words of a text whose sound is known only as stretches of speech between pauses. Chooses how many
 * words each stretch holds so that speaking speed stays even and pauses fall behind punctuation, which is where
 * people breathe: that makes the edges of sentences, where clips are cut, real pauses and not guesses.
 */
export function placeWords(texts: readonly string[], speech: readonly TimeSpan[]): TimedWord[] {
	const spans = mergeToAtMost(speech, texts.length);
	if (spans.length === 0 || texts.length === 0) return [];
	const counts = wordsPerSpan(texts, spans);
	let next = 0;
	return spans.flatMap((span, index) => {
		const here = texts.slice(next, next + (counts[index] ?? 0));
		next += here.length;
		return spreadWords(here, span);
	});
}

/** Letters, plus a constant for the effort that every word costs; digits are read out as whole words. */
function spokenWeight(text: string): number {
	const digits = text.replace(/\D/g, '').length;
	return 2 + text.length + digits * 3;
}

function mergeToAtMost(speech: readonly TimeSpan[], most: number): TimeSpan[] {
	const spans = [...speech];
	while (spans.length > Math.max(1, most)) {
		const gaps = spans.slice(1).map((span, index) => span.startSec - (spans[index]?.endSec ?? 0));
		const at = gaps.indexOf(Math.min(...gaps));
		const [left, right] = [spans[at], spans[at + 1]];
		if (!left || !right) break;
		spans.splice(at, 2, { startSec: left.startSec, endSec: right.endSec });
	}
	return spans;
}

// Dynamic programme: best[k][n] is the least cost of filling the first k spans with the first n words.
function wordsPerSpan(texts: readonly string[], spans: readonly TimeSpan[]): number[] {
	const said = cumulative(texts.map(spokenWeight));
	const speechSec = spans.reduce((sum, span) => sum + span.endSec - span.startSec, 0);
	const secPerWeight = speechSec / (said[texts.length] ?? 1);
	let best: number[] = [0, ...texts.map(() => Infinity)];
	const choices: number[][] = [];
	spans.forEach((span, k) => {
		const left = spans.length - 1 - k;
		const pauseSec = (spans[k + 1]?.startSec ?? span.endSec) - span.endSec;
		const costs = texts.map((text) => pauseCost(text, pauseSec));
		const row: number[] = Array<number>(texts.length + 1).fill(Infinity);
		const choice: number[] = Array<number>(texts.length + 1).fill(0);
		for (let end = k + 1; end <= texts.length - left; end++) {
			if (left === 0 && end < texts.length) continue;
			for (let start = k; start < end; start++) {
				const neededSec = ((said[end] ?? 0) - (said[start] ?? 0)) * secPerWeight;
				const misfit = Math.abs(neededSec - (span.endSec - span.startSec));
				const cost = (best[start] ?? Infinity) + misfit + (left > 0 ? (costs[end - 1] ?? 0) : 0);
				if (cost < (row[end] ?? Infinity)) {
					row[end] = cost;
					choice[end] = start;
				}
			}
		}
		best = row;
		choices.push(choice);
	});
	return readBack(choices, texts.length);
}

function readBack(choices: readonly (readonly number[])[], total: number): number[] {
	const counts: number[] = [];
	let end = total;
	for (const choice of [...choices].reverse()) {
		const start = choice[end] ?? 0;
		counts.unshift(end - start);
		end = start;
	}
	return counts;
}

// The longer a pause, the less likely it falls where nothing is punctuated.
function pauseCost(text: string, pauseSec: number): number {
	const weight = Math.min(1, pauseSec / 0.5);
	if (SENTENCE_END.test(text)) return -0.3 * weight;
	return PHRASE_END.test(text) ? 0 : 0.6 * weight;
}

function cumulative(values: readonly number[]): number[] {
	const sums = [0];
	for (const value of values) sums.push((sums[sums.length - 1] ?? 0) + value);
	return sums;
}

export const endsSentence = (text: string): boolean => SENTENCE_END.test(text);
export const endsPhrase = (text: string): boolean => PHRASE_END.test(text) || SENTENCE_END.test(text);
