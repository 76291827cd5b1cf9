// Which candidates make the best set: no overlaps, as many as were wanted or as fit, and not the same thing twice.
export interface Choosable {
	readonly startSec: number;
	readonly endSec: number;
	readonly score: number;
}

// What it costs to say the same again, in points: a likeness of a half outweighs a far better score.
const SAMENESS_COST = 30;
const ROUNDING_SEC = 1e-9;

/**
 * Takes the best one after the other, `likeness` (0 to 1) to those already taken counted against it, and only while
 * room is left for as many as were wanted: few clips are worth less to people than several good ones.
 * `taken` are in the answer already. The answer is in the order of the talk.
 */
export function chooseTogether<Candidate extends Choosable>(
	candidates: readonly Candidate[],
	wanted: number,
	likeness: (a: Candidate, b: Candidate) => number,
	taken: readonly Candidate[] = [],
): Candidate[] {
	const chosen = [...taken];
	let open = [...candidates]
		.filter((candidate) => !chosen.some((other) => overlap(candidate, other)))
		.sort((a, b) => b.score - a.score || a.startSec - b.startSec || a.endSec - b.endSec);
	const reachable = Math.min(wanted, chosen.length + mostApart(open));
	while (chosen.length < reachable) {
		const next = nextBest(open, chosen, { missing: reachable - chosen.length, likeness });
		if (!next) break;
		chosen.push(next);
		open = open.filter((candidate) => !overlap(candidate, next));
	}
	return chosen.sort((a, b) => a.startSec - b.startSec);
}

interface Search<Candidate> {
	readonly missing: number;
	readonly likeness: (a: Candidate, b: Candidate) => number;
}

/** `open` comes best first, so the search ends as soon as no later score can win even without any cost. */
function nextBest<Candidate extends Choosable>(
	open: readonly Candidate[],
	chosen: readonly Candidate[],
	{ missing, likeness }: Search<Candidate>,
): Candidate | undefined {
	let best: Candidate | undefined;
	let most = -Infinity;
	for (const candidate of open) {
		if (candidate.score <= most) break;
		const sameness = Math.max(0, ...chosen.map((other) => likeness(candidate, other)));
		const worth = candidate.score - SAMENESS_COST * sameness;
		if (worth <= most) continue;
		const rest = open.filter((other) => !overlap(other, candidate));
		if (mostApart(rest) < missing - 1) continue;
		[most, best] = [worth, candidate];
	}
	return best;
}

/** How many of them can stand side by side: always taking the one that ends first gives the most. */
function mostApart(candidates: readonly Choosable[]): number {
	const byEnd = [...candidates].sort((a, b) => a.endSec - b.endSec);
	let count = 0;
	let freeFromSec = -Infinity;
	for (const { startSec, endSec } of byEnd) {
		if (startSec < freeFromSec - ROUNDING_SEC) continue;
		count++;
		freeFromSec = endSec;
	}
	return count;
}

export const overlap = (a: Choosable, b: Choosable): boolean =>
	a.startSec < b.endSec - ROUNDING_SEC && b.startSec < a.endSec - ROUNDING_SEC;
