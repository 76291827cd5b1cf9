import type { Sentence, TimedWord } from './transcript';
import { endsPhrase, endsSentence } from './word-timing';
import { joinWords } from './written-words';

// A silence this long ends a thought even where nobody wrote a full stop.
const LONG_PAUSE_SEC = 0.9;
// Small speech models write a comma where a speaker has ended and goes on with the next thing: the pause tells.
const PAUSE_AFTER_COMMA_SEC = 0.4;
// Speech without punctuation would otherwise be one endless sentence in which nothing may be cut.
const LONGEST_SENTENCE_SEC = 18;
const ABBREVIATION = /^(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|inc|ltd|u\.s)\.$/i;

/** Groups words into sentences by punctuation and silence; every word belongs to exactly one. */
export function toSentences(words: readonly TimedWord[]): Sentence[] {
	const sentences: Sentence[] = [];
	let first = 0;
	words.forEach((word, index) => {
		const next = words[index + 1];
		const isEnd = !next || endsThought(word, next);
		if (!isEnd) return;
		for (const end of splitLong(words, first, index + 1)) {
			sentences.push(sentenceOf(words, first, end));
			first = end;
		}
	});
	return sentences;
}

function endsThought(word: TimedWord, next: TimedWord): boolean {
	const pauseSec = next.startSec - word.endSec;
	if (pauseSec >= LONG_PAUSE_SEC) return true;
	if (pauseSec >= PAUSE_AFTER_COMMA_SEC && endsPhrase(word.text)) return true;
	return endsSentence(word.text) && !ABBREVIATION.test(word.text);
}

/** Ends of the pieces that a stretch of words is cut into: one, or several at its widest gaps when it is too long. */
function splitLong(words: readonly TimedWord[], first: number, end: number): number[] {
	const [from, to] = [words[first], words[end - 1]];
	if (!from || !to || to.endSec - from.startSec <= LONGEST_SENTENCE_SEC || end - first < 4) return [end];
	let bestAt = first + Math.ceil((end - first) / 2);
	let bestGain = -Infinity;
	for (let at = first + 1; at < end; at++) {
		const gain = splitGain(words, at, (from.startSec + to.endSec) / 2);
		if (gain > bestGain) [bestGain, bestAt] = [gain, at];
	}
	return [...splitLong(words, first, bestAt), ...splitLong(words, bestAt, end)];
}

function splitGain(words: readonly TimedWord[], at: number, middleSec: number): number {
	const [before, after] = [words[at - 1], words[at]];
	if (!before || !after) return -Infinity;
	const gapSec = after.startSec - before.endSec;
	const offMiddleSec = Math.abs(after.startSec - middleSec);
	return gapSec * 10 + (endsPhrase(before.text) ? 2 : 0) - offMiddleSec * 0.5;
}

function sentenceOf(words: readonly TimedWord[], firstWord: number, endWord: number): Sentence {
	const own = words.slice(firstWord, endWord);
	const endSec = own[own.length - 1]?.endSec ?? 0;
	return {
		text: joinWords(own.map((word) => word.text)),
		startSec: own[0]?.startSec ?? 0,
		endSec,
		firstWord,
		endWord,
		pauseAfterSec: Math.max(0, (words[endWord]?.startSec ?? endSec + LONG_PAUSE_SEC) - endSec),
	};
}
