import type { TimedWord } from '../transcript';
import { endsPhrase, endsSentence } from '../word-timing';
import { joinWords, widthInLetters } from '../written-words';

export interface PhraseRules {
	readonly mostWords: number;
	readonly mostLetters: number;
}

export const captionPhrases: PhraseRules = { mostWords: 5, mostLetters: 28 };

const LONGEST_PHRASE_SEC = 3;
const PAUSE_SEC = 0.4;
// A Chinese or Japanese letter says as much as two, and is nearly as wide.
const WIDE_LETTER = 2;

/** Groups of words that are read in one look. */
export function phrases(words: readonly TimedWord[], rules: PhraseRules = captionPhrases): TimedWord[][] {
	const groups: TimedWord[][] = [];
	for (const word of words) {
		const group = groups[groups.length - 1];
		if (group && belongsTo(group, word, rules)) group.push(word);
		else groups.push([word]);
	}
	return groups;
}

function belongsTo(group: readonly TimedWord[], word: TimedWord, rules: PhraseRules): boolean {
	const [first, last] = [group[0], group[group.length - 1]];
	if (!first || !last || group.length >= rules.mostWords) return false;
	if (endsSentence(last.text) || (endsPhrase(last.text) && group.length >= 3)) return false;
	if (word.startSec - last.endSec > PAUSE_SEC || word.endSec - first.startSec > LONGEST_PHRASE_SEC)
		return false;
	const text = joinWords([...group, word].map((each) => each.text));
	return widthInLetters(text, WIDE_LETTER) <= rules.mostLetters;
}
