import type { TimedWord } from './transcript';
import { splitUnspaced } from './written-words';

export interface TimeSpan {
	readonly startSec: number;
	readonly endSec: number;
}

const CLOSING = String.raw`["'”’“»›)\]」』）】》]*$`;
const SENTENCE_END = new RegExp(`[.!?…。！？｡．؟۔।॥။។]${CLOSING}`);
const PHRASE_END = new RegExp(`[,;:–—،؛、，；：၊-]${CLOSING}`);
const SHORTEST_WORD_SEC = 0.02;
const SHORTEST_SPLIT_SEC = 0.1;
// From about 5 words a second, which nobody keeps up, to about 1.5, which nobody listens to.
const FASTEST_PACE = 0.03;
const SLOWEST_PACE = 0.1;
// What leaving a stretch of sound without words costs, against stretching words over it.
const NO_WORDS_COST_PER_SEC = 0.55;

/**
 * Puts words into order and apart: no overlap, no negative length, nothing after the end of the media. When a word
 * begins is known better than when it ends: it ends where the next begins, and only words that begin together move.
 */
export function tidyWords(words: readonly TimedWord[], durationSec = Infinity): TimedWord[] {
	const tidy: { text: string; startSec: number; endSec: number }[] = [];
	const sorted = [...words].sort((a, b) => a.startSec - b.startSec);
	for (const word of sorted) {
		const text = word.text.trim();
		if (!text || !Number.isFinite(word.startSec + word.endSec)) continue;
		const before = tidy[tidy.length - 1];
		const earliestSec = before ? before.startSec + SHORTEST_WORD_SEC : 0;
		const startSec = Math.max(word.startSec, earliestSec);
		if (startSec + SHORTEST_WORD_SEC > durationSec) break;
		if (before) before.endSec = Math.min(before.endSec, startSec);
		tidy.push({
			text,
			startSec,
			endSec: Math.min(durationSec, Math.max(word.endSec, startSec + SHORTEST_WORD_SEC)),
		});
	}
	return tidy.flatMap(separateWords);
}

// Speech services and subtitles give whole lines as one word where a language has no spaces.
function separateWords(word: TimedWord): TimedWord[] {
	const texts = splitUnspaced(word.text);
	const lengthSec = word.endSec - word.startSec;
	if (texts.length < 2 || lengthSec < texts.length * SHORTEST_SPLIT_SEC) return [word];
	return spreadWords(texts, word).map((part) => ({ ...part, endSec: Math.min(part.endSec, word.endSec) }));
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
export function placeWords(
	texts: readonly string[],
	speech: readonly TimeSpan[],
	secPerEffort = speakingPace([{ texts, speech }]),
): TimedWord[] {
	if (speech.length === 0 || texts.length === 0) return [];
	const spans = mergeToAtMost(speech, texts.length);
	const counts = wordsPerSpan(texts, spans, secPerEffort);
	let next = 0;
	return spans.flatMap((span, index) => {
		const here = texts.slice(next, next + (counts[index] ?? 0));
		next += here.length;
		return spreadWords(here, span);
	});
}

/** How long one unit of effort takes this speaker: the middle of all pieces, so that music in some does not count. */
export function speakingPace(
	pieces: readonly { readonly texts: readonly string[]; readonly speech: readonly TimeSpan[] }[],
): number {
	const paces = pieces
		.filter((piece) => piece.texts.length > 0 && piece.speech.length > 0)
		.map((piece) => lengthOf(piece.speech) / piece.texts.reduce((sum, text) => sum + spokenWeight(text), 0))
		.sort((a, b) => a - b);
	const middle = paces[Math.floor(paces.length / 2)] ?? FASTEST_PACE;
	return Math.min(SLOWEST_PACE, Math.max(FASTEST_PACE, middle));
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

// Dynamic programme: best[n] is the least cost of filling the spans so far with the first n words. A span may stay
// without words, because music and noise are loud as well.
function wordsPerSpan(texts: readonly string[], spans: readonly TimeSpan[], secPerEffort: number): number[] {
	const said = cumulative(texts.map(spokenWeight));
	let best: number[] = [0, ...texts.map(() => Infinity)];
	const choices: number[][] = [];
	spans.forEach((span, k) => {
		const spanSec = span.endSec - span.startSec;
		const pauseSec = (spans[k + 1]?.startSec ?? span.endSec) - span.endSec;
		const choice: number[] = [];
		const row = best.map((skipped, end) => {
			choice[end] = end;
			let least = skipped + spanSec * NO_WORDS_COST_PER_SEC;
			const edgeCost = pauseCost(texts[end - 1] ?? '', pauseSec);
			for (let start = 0; start < end; start++) {
				const neededSec = ((said[end] ?? 0) - (said[start] ?? 0)) * secPerEffort;
				const cost = (best[start] ?? Infinity) + Math.abs(neededSec - spanSec) + edgeCost;
				if (cost < least) [least, choice[end]] = [cost, start];
			}
			return least;
		});
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

const lengthOf = (spans: readonly TimeSpan[]): number =>
	spans.reduce((sum, span) => sum + span.endSec - span.startSec, 0);

function cumulative(values: readonly number[]): number[] {
	const sums = [0];
	for (const value of values) sums.push((sums[sums.length - 1] ?? 0) + value);
	return sums;
}

export const endsSentence = (text: string): boolean => SENTENCE_END.test(text);
export const endsPhrase = (text: string): boolean => PHRASE_END.test(text) || SENTENCE_END.test(text);
