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
/** Where nothing is like anything, unless it is said what is. */
const choose = <Candidate extends Choosable>(
	all: readonly Candidate[],
	count: number,
	{
		alike = () => 0,
		taken = [],
	}: { alike?: (a: Candidate, b: Candidate) => number; taken?: Candidate[] } = {},
): Promise<Candidate[]> =>
	chooseTogether(all, {
		...{ wanted: count, taken, pause: () => Promise.resolve() },
		likenessTo: (one) => (other) => alike(one, other),
	});

/** By trying: the largest number of candidates that can stand side by side. */
function mostThatFit(all: readonly Choosable[], fromSec = 0): number {
	return Math.max(
		0,
		...all.filter(({ startSec }) => startSec >= fromSec).map((first) => 1 + mostThatFit(all, first.endSec)),
	);
}

it('chooses as many as were wanted, or as many as fit, and never two that overlap', async () => {
	await fc.assert(
		fc.asyncProperty(candidates, wanted, async (all, count) => {
			const chosen = await choose(all, count);
			expect(chosen).toHaveLength(Math.min(count, mostThatFit(all)));
			chosen.slice(1).forEach((clip, index) => {
				expect(clip.startSec).toBeGreaterThanOrEqual(chosen[index]?.endSec ?? Infinity);
			});
		}),
		{ numRuns: 200 },
	);
});

it('takes the best one whenever it leaves room for the others', async () => {
	await fc.assert(
		fc.asyncProperty(candidates, async (all) => {
			const [only] = await choose(all, 1);
			expect(only?.score ?? 0).toBe(Math.max(0, ...all.map(({ score }) => score)));
		}),
	);
});

it('keeps what is taken already and fills up around it', async () => {
	await fc.assert(
		fc.asyncProperty(candidates, wanted, async (all, count) => {
			const taken = { startSec: 20, endSec: 40, score: 0 };
			const chosen = await choose(all, count, { taken: [taken] });
			expect(chosen).toContain(taken);
			for (const clip of chosen) {
				if (clip !== taken) expect(clip.endSec <= 20 || clip.startSec >= 40).toBe(true);
			}
		}),
	);
});

it('prefers something new to the same again, unless only the same is left', async () => {
	const named = (subject: string, startSec: number, score: number) => ({
		subject,
		startSec,
		endSec: startSec + 10,
		score,
	});
	const talk = [named('honey', 0, 80), named('honey', 20, 78), named('bread', 40, 60)];
	const alike = (a: { subject: string }, b: { subject: string }): number => (a.subject === b.subject ? 1 : 0);
	expect((await choose(talk, 2, { alike })).map(({ subject }) => subject)).toEqual(['honey', 'bread']);
	expect(await choose(talk, 3, { alike })).toHaveLength(3);
});

it('breaks no strong moment in two to carry one more weak clip', async () => {
	const moment = { startSec: 10, endSec: 26, score: 80 };
	const halves = [
		{ startSec: 10, endSec: 22, score: 74 },
		{ startSec: 22, endSec: 34, score: 55 },
	];
	const dull = { startSec: 40, endSec: 52, score: 45 };
	expect(await choose([moment, ...halves, dull], 2)).toEqual([moment, dull]);
});

it('stops between two rounds when it is told to', async () => {
	const all = [0, 20, 40].map((startSec) => ({ startSec, endSec: startSec + 10, score: 50 }));
	let rounds = 0;
	const pause = (): Promise<void> =>
		++rounds === 2 ? Promise.reject(new Error('stopped')) : Promise.resolve();
	const choosing = chooseTogether(all, { wanted: 3, likenessTo: () => () => 1, pause });
	await expect(choosing).rejects.toThrow('stopped');
});
