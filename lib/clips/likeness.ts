/** Sentences from the first one up to but without the second. */
export type SentenceRange = readonly [first: number, end: number];

/**
 * How much other ranges of a talk have in common with one: the cosine of their bags of words, from 0 for nothing to 1 for
 * the same words. Ranges that begin together are compared cheapest from the shortest to the longest: each adds its words
 * to those of the one before.
 * @param meanings the meaningful words of each sentence.
 */
export function likenessTo(
	meanings: readonly (readonly string[])[],
	one: SentenceRange,
): (other: SentenceRange) => number {
	const target = countedIn(meanings, one);
	let running = emptyRange(-1);
	return ([first, end]) => {
		if (first !== running.first || end < running.end) running = emptyRange(first);
		for (; running.end < end; running.end++) {
			for (const word of meanings[running.end] ?? []) {
				const before = running.counts.get(word) ?? 0;
				running.counts.set(word, before + 1);
				running.squares += 2 * before + 1;
				running.shared += target.counts.get(word) ?? 0;
			}
		}
		return running.shared === 0 ? 0 : running.shared / (Math.sqrt(running.squares) * target.length);
	};
}

const emptyRange = (first: number) => ({
	first,
	end: Math.max(0, first),
	counts: new Map<string, number>(),
	squares: 0,
	shared: 0,
});

function countedIn(meanings: readonly (readonly string[])[], [first, end]: SentenceRange) {
	const counts = new Map<string, number>();
	for (const word of meanings.slice(first, end).flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
	const length = Math.sqrt([...counts.values()].reduce((sum, count) => sum + count * count, 0));
	return { counts, length };
}
