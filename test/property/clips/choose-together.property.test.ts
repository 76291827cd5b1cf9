import * as fc from 'fast-check';

import { chooseTogether, type Choosable } from '../../../lib/clips/choose-together';

const candidates = fc.array(
	fc
		.record({
			startSec: fc.integer({ min: 0, max: 60 }),
			lengthSec: fc.integer({ min: 1, max: 25 }),
			score: fc.integer({ min: 0, max: 100 }),
		})
		.map(({ startSec, lengthSec, score }) => ({ startSec, endSec: startSec + lengthSec, score })),
	{ maxLength: 12 },
);
const wanted = fc.integer({ min: 1, max: 6 });
const different = (): number => 0;

/** By trying: the largest number of candidates that can stand side by side. */
function mostThatFit(all: readonly Choosable[], fromSec = 0): number {
	return Math.max(
		0,
		...all.filter(({ startSec }) => startSec >= fromSec).map((first) => 1 + mostThatFit(all, first.endSec)),
	);
}

it('chooses as many as were wanted, or as many as fit, and never two that overlap', () => {
	fc.assert(
		fc.property(candidates, wanted, (all, count) => {
			const chosen = chooseTogether(all, count, different);
			expect(chosen).toHaveLength(Math.min(count, mostThatFit(all)));
			chosen.slice(1).forEach((clip, index) => {
				expect(clip.startSec).toBeGreaterThanOrEqual(chosen[index]?.endSec ?? Infinity);
			});
		}),
		{ numRuns: 200 },
	);
});

it('takes the best one whenever it leaves room for the others', () => {
	fc.assert(
		fc.property(candidates, (all) => {
			const [only] = chooseTogether(all, 1, different);
			expect(only?.score ?? 0).toBe(Math.max(0, ...all.map(({ score }) => score)));
		}),
	);
});

it('keeps what is taken already and fills up around it', () => {
	fc.assert(
		fc.property(candidates, wanted, (all, count) => {
			const taken = { startSec: 20, endSec: 40, score: 0 };
			const chosen = chooseTogether(all, count, different, [taken]);
			expect(chosen).toContain(taken);
			for (const clip of chosen) {
				if (clip !== taken) expect(clip.endSec <= 20 || clip.startSec >= 40).toBe(true);
			}
		}),
	);
});

it('prefers something new to the same again, unless only the same is left', () => {
	const named = (subject: string, startSec: number, score: number) => ({
		subject,
		startSec,
		endSec: startSec + 10,
		score,
	});
	const talk = [named('honey', 0, 80), named('honey', 20, 78), named('bread', 40, 60)];
	const alike = (a: { subject: string }, b: { subject: string }): number => (a.subject === b.subject ? 1 : 0);
	expect(chooseTogether(talk, 2, alike).map(({ subject }) => subject)).toEqual(['honey', 'bread']);
	expect(chooseTogether(talk, 3, alike)).toHaveLength(3);
});

it('breaks no strong moment in two to carry one more weak clip', () => {
	const moment = { startSec: 10, endSec: 26, score: 80 };
	const halves = [
		{ startSec: 10, endSec: 22, score: 74 },
		{ startSec: 22, endSec: 34, score: 55 },
	];
	const dull = { startSec: 40, endSec: 52, score: 45 };
	expect(chooseTogether([moment, ...halves, dull], 2, different)).toEqual([moment, dull]);
});
