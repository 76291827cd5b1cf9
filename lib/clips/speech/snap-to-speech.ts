// Words know roughly when they were said, silence is known exactly: where a pause and the edge of a word are close,
// the pause is right. It makes the edges of sentences, where clips are cut, real pauses.
import type { TimedWord } from '../transcript';
import { endsPhrase, endsSentence, spreadWords, type TimeSpan } from '../word-timing';

// Whoever writes a full stop means a pause: worth this much of distance.
const SENTENCE_BONUS_SEC = 0.15;
const PHRASE_BONUS_SEC = 0.08;
// The model often hears the word behind a breath before the breath, and people breathe before such a word more often
// than behind it.
const OPENING_WORD = /^(?:and|but|or|because)$/i;
const OPENING_BONUS_SEC = 0.1;
// The model is done with the last word before it has been said to its end. Longer sound is something else.
const LONGEST_TAIL_SEC = 0.5;
const SHORTEST_WORD_SEC = 0.04;

/**
 * The same words with their edges moved to the pauses between stretches of speech, none by more than `toleranceSec`
 * (more only out of silence, before a word like "and", or over what is still heard of the last word).
 * `words` are in order and apart.
 */
export function snapToSpeech(
	words: readonly TimedWord[],
	speech: readonly TimeSpan[],
	toleranceSec: number,
): TimedWord[] {
	const [first, last] = [words[0], words[words.length - 1]];
	const [opening, closing] = [speech[0], speech[speech.length - 1]];
	if (!first || !last || !opening || !closing) return [...words];
	const pauses = pausesBehindWords(words, pausesBetween(speech), toleranceSec);
	const startSec = near(first.startSec, opening.startSec, first.startSec < opening.startSec, toleranceSec);
	const isTail = last.startSec >= closing.startSec && closing.endSec - last.endSec <= LONGEST_TAIL_SEC;
	const endSec = near(last.endSec, closing.endSec, isTail || last.endSec > closing.endSec, toleranceSec);
	const edges = [
		{ word: 0, leftSec: startSec, rightSec: startSec },
		...[...pauses].map(([word, pause]) => ({ word, leftSec: pause.startSec, rightSec: pause.endSec })),
		{ word: words.length, leftSec: endSec, rightSec: endSec },
	].sort((a, b) => a.word - b.word);
	return edges.slice(1).flatMap((right, index) => {
		const left = edges[index];
		if (!left) return [];
		return laidOut(words.slice(left.word, right.word), { startSec: left.rightSec, endSec: right.leftSec });
	});
}

const near = (sec: number, edgeSec: number, isSure: boolean, toleranceSec: number): number =>
	isSure || Math.abs(sec - edgeSec) <= toleranceSec ? edgeSec : sec;

const pausesBetween = (speech: readonly TimeSpan[]): TimeSpan[] =>
	speech.slice(1).map((span, index) => ({ startSec: speech[index]?.endSec ?? 0, endSec: span.startSec }));

/** Which pause lies before which word. The longest are placed first: they are the surest. */
function pausesBehindWords(
	words: readonly TimedWord[],
	pauses: readonly TimeSpan[],
	toleranceSec: number,
): Map<number, TimeSpan> {
	const placed = new Map<number, TimeSpan>();
	const longestFirst = [...pauses].sort((a, b) => b.endSec - b.startSec - (a.endSec - a.startSec));
	for (const pause of longestFirst) {
		const word = nearestEdge(words, pause, placed, toleranceSec);
		if (word !== undefined) placed.set(word, pause);
	}
	return placed;
}

function nearestEdge(
	words: readonly TimedWord[],
	pause: TimeSpan,
	placed: ReadonlyMap<number, TimeSpan>,
	toleranceSec: number,
): number | undefined {
	let [low, high] = [0, words.length];
	for (const [word, other] of placed) {
		if (other.startSec < pause.startSec) low = Math.max(low, word);
		else high = Math.min(high, word);
	}
	let best: number | undefined;
	let least = Infinity;
	for (let word = low + 1; word < high; word++) {
		const offSec = distance(words[word]?.startSec ?? 0, pause);
		const [before, after] = [words[word - 1]?.text ?? '', words[word]?.text ?? ''];
		const cost = offSec - bonusBetween(before, after);
		if (offSec <= toleranceSec + openingBonus(after) && cost < least) [least, best] = [cost, word];
	}
	return best;
}

const distance = (sec: number, pause: TimeSpan): number =>
	Math.max(0, pause.startSec - sec, sec - pause.endSec);

const openingBonus = (text: string): number => (OPENING_WORD.test(text) ? OPENING_BONUS_SEC : 0);

function bonusBetween(before: string, after: string): number {
	if (endsSentence(before)) return SENTENCE_BONUS_SEC;
	return (endsPhrase(before) ? PHRASE_BONUS_SEC : 0) + openingBonus(after);
}

/** Keeps what is known inside a span, and every word long enough to be one. */
function laidOut(words: readonly TimedWord[], span: TimeSpan): TimedWord[] {
	if (span.endSec - span.startSec < words.length * SHORTEST_WORD_SEC) {
		const endSec = Math.max(span.endSec, span.startSec);
		return spreadWords(
			words.map((word) => word.text),
			{ startSec: span.startSec, endSec },
		);
	}
	const starts: number[] = [];
	words.forEach((word, index) => {
		const earliest = index === 0 ? span.startSec : (starts[index - 1] ?? 0) + SHORTEST_WORD_SEC;
		const latest = span.endSec - (words.length - index) * SHORTEST_WORD_SEC;
		starts.push(index === 0 ? span.startSec : Math.min(latest, Math.max(earliest, word.startSec)));
	});
	return words.map((word, index) => ({
		text: word.text,
		startSec: starts[index] ?? span.startSec,
		endSec: wordEnd(word, starts[index + 1], span, starts[index] ?? 0),
	}));
}

/** A gap that was known between two words stays one. */
function wordEnd(
	word: TimedWord,
	nextStartSec: number | undefined,
	span: TimeSpan,
	startSec: number,
): number {
	if (nextStartSec === undefined) return span.endSec;
	return Math.max(startSec + SHORTEST_WORD_SEC, Math.min(word.endSec, nextStartSec));
}
