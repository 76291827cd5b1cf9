import { hashNumber } from './ids';

const HALF_DAY_SEC = 43_200;

/**
 * How many people saw a post of this age: a function of id and age alone, and it never falls. The linear head
 * start gives a new user something to look at after seconds; the rest fills up over about two days.
 */
export function viewsAt(id: string, ageMs: number): number {
	const ageSec = Math.max(0, ageMs) / 1000;
	const potential = 400 + (hashNumber(id) % 40_000);
	return Math.floor(potential * (1 - Math.exp(-ageSec / HALF_DAY_SEC)) + Math.min(ageSec / 2, 120));
}

/** A fixed part of a total, between the two per mille values; grows with the total, never faster. */
export function shareOf(
	total: number,
	id: string,
	metric: string,
	range: readonly [minPermille: number, maxPermille: number],
): number {
	const [minPermille, maxPermille] = range;
	const permille = minPermille + (hashNumber(`${id}:${metric}`) % (maxPermille - minPermille + 1));
	return Math.floor((total * permille) / 1000);
}
