// What a sentence says beside what the rest of its talk says. Everything is measured against the talk itself: who says
// "so" before each sentence, counts money all day or speaks loudly throughout does not stand out by it.
import { goesOn, isHousekeeping, isVague, meaningfulWords, namesNumber, takesAStand } from './score-words';
import type { Sentence } from './transcript';
import { wordsOf } from './written-words';

interface Trait {
	readonly weight: number;
	readonly of: (sentence: Sentence) => number | undefined;
}

const yes = (isSo: boolean): number => (isSo ? 1 : 0);

/** The weights are round on purpose: in talks that they had not seen, fitted ones told moments apart no better. */
const traits: readonly Trait[] = [
	// Much is said in few words.
	{ weight: 1, of: ({ text }) => meaningfulWords(text).length / wordsOf(text).length },
	{ weight: 0.5, of: ({ text }) => yes(namesNumber(text)) },
	{ weight: 0.5, of: ({ text }) => yes(takesAStand(text)) },
	{ weight: 0.5, of: ({ levelDb }) => levelDb },
	{ weight: -0.5, of: ({ text }) => yes(goesOn(text)) },
	{ weight: -0.5, of: ({ text }) => yes(isVague(text)) },
	{ weight: -0.5, of: ({ text }) => yes(isHousekeeping(text)) },
];

/** For each sentence: how many standard deviations it is above the middle of its talk. */
export function standingOut(sentences: readonly Sentence[]): number[] {
	const columns = traits.map(({ weight, of }) =>
		standardised(sentences.map(of)).map((value) => weight * value),
	);
	return standardised(sentences.map((_, at) => columns.reduce((sum, column) => sum + (column[at] ?? 0), 0)));
}

/** What is not known of a sentence stands for the mean; what is the same in all of them tells nothing. */
function standardised(values: readonly (number | undefined)[]): number[] {
	const known = values.filter((value) => value !== undefined);
	const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(known.length, 1);
	const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(known.length, 1);
	const deviation = Math.sqrt(variance);
	return values.map((value) => (value === undefined || deviation < 1e-6 ? 0 : (value - mean) / deviation));
}
