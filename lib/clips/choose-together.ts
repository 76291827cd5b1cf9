// Which candidates make the best set: no overlaps, as many as were wanted or as fit, and not the same thing twice.
export interface Choosable {
	readonly startSec: number;
	readonly endSec: number;
	readonly score: number;
}

// From here on two clips are about the same; it costs the lesser of them so many points times the likeness.
const ALIKE = 0.5;
const SAMENESS_COST = 40;
// So many points more make a clip worth nearly three times as much: a strong moment is not broken in two for the sake
// of a weak clip that half of it would carry.
const STRONGER_BY = 20;
const ROUNDING_SEC = 1e-9;

export interface Together<Candidate> {
	/** How many; those that are taken count in. */
	readonly wanted: number;
	/** In the answer already. */
	readonly taken?: readonly Candidate[];
	/** From 0 to 1; others come in the order of their beginnings and then of their ends. */
	readonly likenessTo: (one: Candidate) => (other: Candidate) => number;
	/** Awaited between rounds, which may take a tenth of a second each; may throw to stop. */
	readonly pause: () => Promise<void>;
}

/**
 * The best total worth for as many as were wanted or as fit, because few clips are worth less to people than several
 * good ones. Where two of them are alike, the lesser is marked down and the choice is made again. The answer is in the
 * order of the talk.
 */
export async function chooseTogether<Candidate extends Choosable>(
	candidates: readonly Candidate[],
	{ wanted, taken = [], likenessTo, pause }: Together<Candidate>,
): Promise<Candidate[]> {
	const open = candidates
		.filter((candidate) => !taken.some((other) => overlap(candidate, other)))
		.sort((a, b) => a.endSec - b.endSec || a.startSec - b.startSec);
	const marksOff = new Map<Candidate, number>();
	const worth = (candidate: Candidate): number =>
		Math.exp((candidate.score - (marksOff.get(candidate) ?? 0)) / STRONGER_BY);
	const compatible = open.map((candidate) => countEndingBy(open, candidate.startSec));
	const missing = Math.max(0, wanted - taken.length);
	const best = (): Candidate[] => bestTogether({ byEnd: open, worths: open.map(worth), compatible }, missing);
	let chosen = best();
	// Each round marks down at least one clip for good; so many rounds are enough to have met each of them.
	for (let round = 0; round < 2 * missing; round++) {
		await pause();
		const twins = mostAlike(chosen, taken, likenessTo);
		if (!twins) break;
		const likeness = likenessTo(twins.better);
		const near = open.filter((other) => overlap(other, twins.lesser));
		for (const other of near.sort((a, b) => a.startSec - b.startSec || a.endSec - b.endSec)) {
			marksOff.set(other, Math.max(marksOff.get(other) ?? 0, SAMENESS_COST * likeness(other)));
		}
		chosen = best();
	}
	return [...taken, ...chosen].sort((a, b) => a.startSec - b.startSec);
}

interface Twins<Candidate> {
	readonly better: Candidate;
	readonly lesser: Candidate;
	readonly likeness: number;
}

function mostAlike<Candidate extends Choosable>(
	chosen: readonly Candidate[],
	taken: readonly Candidate[],
	likenessTo: Together<Candidate>['likenessTo'],
): Twins<Candidate> | undefined {
	const best = [...chosen].sort((a, b) => b.score - a.score || a.startSec - b.startSec);
	const pairs = best.flatMap((lesser, index) => {
		const likeness = likenessTo(lesser);
		return [...taken, ...best.slice(0, index)].map((better) => ({
			better,
			lesser,
			likeness: likeness(better),
		}));
	});
	return pairs.filter((pair) => pair.likeness >= ALIKE).sort((a, b) => b.likeness - a.likeness)[0];
}

interface Ordered<Candidate> {
	readonly byEnd: readonly Candidate[];
	readonly worths: readonly number[];
	/** How many candidates end before each one begins. */
	readonly compatible: readonly number[];
}

// Weighted interval scheduling with a count: totals[c][i] is the best sum of c clips among the first i candidates.
function bestTogether<Candidate>(ordered: Ordered<Candidate>, wanted: number): Candidate[] {
	const { byEnd, worths, compatible } = ordered;
	let fewer = new Float64Array(byEnd.length + 1);
	const totals = [fewer];
	for (let clips = 1; clips <= wanted; clips++) {
		const row = new Float64Array(byEnd.length + 1).fill(-Infinity);
		for (let index = 0; index < byEnd.length; index++) {
			const withIt = (fewer[compatible[index] ?? 0] ?? -Infinity) + (worths[index] ?? 0);
			row[index + 1] = Math.max(row[index] ?? -Infinity, withIt);
		}
		// No room for one more clip: fewer, but still the best of that many.
		if ((row[byEnd.length] ?? -Infinity) === -Infinity) break;
		totals.push(row);
		fewer = row;
	}
	return readBack(byEnd, compatible, totals);
}

function readBack<Candidate>(
	byEnd: readonly Candidate[],
	compatible: readonly number[],
	totals: readonly Float64Array[],
): Candidate[] {
	const chosen: Candidate[] = [];
	let at = byEnd.length;
	let clips = totals.length - 1;
	while (clips > 0 && at > 0) {
		const candidate = byEnd[at - 1];
		if (candidate && totals[clips]?.[at] !== totals[clips]?.[at - 1]) {
			chosen.unshift(candidate);
			at = compatible[at - 1] ?? 0;
			clips--;
		} else {
			at--;
		}
	}
	return chosen;
}

/** How many candidates end at or before a moment; they are sorted by their end. */
function countEndingBy(byEnd: readonly Choosable[], startSec: number): number {
	let [low, high] = [0, byEnd.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((byEnd[middle]?.endSec ?? Infinity) <= startSec + ROUNDING_SEC) low = middle + 1;
		else high = middle;
	}
	return low;
}

export const overlap = (a: Choosable, b: Choosable): boolean =>
	a.startSec < b.endSec - ROUNDING_SEC && b.startSec < a.endSec - ROUNDING_SEC;
