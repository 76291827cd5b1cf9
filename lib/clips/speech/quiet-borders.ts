// The last guard of every cut, whoever timed the words: sentences end and begin where silence is measured, and where
// none is nothing is cut. What a word time is off would otherwise be a syllable that is missing in the clip.
import type { Sentence } from '../transcript';
import type { TimeSpan } from '../word-timing';

// Sound longer than this that no word claims is music or a cough. Shorter, it is the end of the word, or words that the
// model did not hear ("while you spend it" takes 0.65 s); a cut in it would be heard.
const LONGEST_TAIL_SEC = 0.8;

/**
 * The same sentences with their edges in the silence around them; those that run on into the next without any say so.
 * With music under everything silence tells nothing, and every end of a sentence is as good as it was.
 */
export function quietBorders(sentences: readonly Sentence[], speech: readonly TimeSpan[]): Sentence[] {
	const quiet = sentences.map((sentence, index) => isQuiet(sentence, sentences[index + 1], speech));
	const isTelling = quiet.filter(Boolean).length * 2 > sentences.length;
	return sentences.map((sentence, index) => ({
		...sentence,
		startSec: startOfSound(sentence.startSec, sentences[index - 1]?.endSec ?? 0, speech),
		endSec: endOfSound(sentence.endSec, sentences[index + 1]?.startSec ?? Infinity, speech),
		...(isTelling && !quiet[index] && { isRunningOn: true }),
	}));
}

/** Whether any silence lies between a sentence and the next. */
function isQuiet({ endSec }: Sentence, next: Sentence | undefined, speech: readonly TimeSpan[]): boolean {
	if (!next) return true;
	return !speech.some((span) => span.startSec <= endSec && span.endSec >= next.startSec);
}

/** Where the sound that a sentence ends in falls silent, when that is before the next begins. */
function endOfSound(endSec: number, nextSec: number, speech: readonly TimeSpan[]): number {
	const span = speech.find((each) => each.startSec < endSec && each.endSec > endSec);
	const isTail = span && span.endSec < nextSec && span.endSec - endSec <= LONGEST_TAIL_SEC;
	return isTail ? span.endSec : endSec;
}

function startOfSound(startSec: number, beforeSec: number, speech: readonly TimeSpan[]): number {
	const span = speech.find((each) => each.startSec < startSec && each.endSec > startSec);
	const isHead = span && span.startSec > beforeSec && startSec - span.startSec <= LONGEST_TAIL_SEC;
	return isHead ? span.startSec : startSec;
}
