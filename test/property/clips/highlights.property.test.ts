import * as fc from 'fast-check';

import { findHighlights, SHORTEST_CLIP_SEC, type Highlight } from '../../../lib/clips/highlights';
import { toSentences } from '../../../lib/clips/sentences';
import { talks } from './talk';

const wishes = fc
	.record({
		wantedClips: fc.integer({ min: 1, max: 8 }),
		minSec: fc.integer({ min: 3, max: 20 }),
		room: fc.nat(40),
	})
	.map(({ wantedClips, minSec, room }) => ({ wantedClips, minSec, maxSec: minSec + room }));

const never = new AbortController().signal;
const highlightsOf = (talk: Talk, wish: Wish): Promise<Highlight[]> =>
	findHighlights(talk, { ...wish, durationSec: talk.durationSec }, never);

async function forAnyTalk(
	check: (chosen: readonly Highlight[], talk: Talk, wish: Wish) => void | Promise<void>,
): Promise<void> {
	await fc.assert(
		fc.asyncProperty(talks, wishes, async (talk, wish) => {
			await check(await highlightsOf(talk, wish), talk, wish);
		}),
	);
}
type Talk = typeof talks extends fc.Arbitrary<infer T> ? T : never;
type Wish = typeof wishes extends fc.Arbitrary<infer T> ? T : never;

// Boundaries are rounded to a millisecond for people and file names.
const ROUNDING_SEC = 0.001;

it('never cuts inside a word', async () => {
	await forAnyTalk((chosen, talk) => {
		for (const edge of chosen.flatMap((clip) => [clip.startSec, clip.endSec])) {
			const cut = talk.words.find((w) => edge > w.startSec + ROUNDING_SEC && edge < w.endSec - ROUNDING_SEC);
			expect(cut).toBeUndefined();
		}
	});
});

it('never lets two clips overlap, and gives them in the order of the talk', async () => {
	await forAnyTalk((chosen) => {
		chosen.slice(1).forEach((clip, index) => {
			expect(clip.startSec).toBeGreaterThanOrEqual(chosen[index]!.endSec - ROUNDING_SEC);
		});
	});
});

it('keeps every clip inside the video and not longer than wished', async () => {
	await forAnyTalk((chosen, talk, wish) => {
		for (const { startSec, endSec } of chosen) {
			expect(startSec).toBeGreaterThanOrEqual(0);
			expect(endSec).toBeLessThanOrEqual(talk.durationSec + ROUNDING_SEC);
			expect(endSec - startSec).toBeLessThanOrEqual(wish.maxSec + 2 * ROUNDING_SEC);
		}
	});
});

it('goes below the wished length only with a single clip, and then not below what people can use', async () => {
	await forAnyTalk((chosen, _talk, wish) => {
		const short = chosen.filter((clip) => clip.endSec - clip.startSec < wish.minSec - 2 * ROUNDING_SEC);
		if (short.length > 0) expect(chosen).toHaveLength(1);
		for (const clip of short)
			expect(clip.endSec - clip.startSec).toBeGreaterThanOrEqual(SHORTEST_CLIP_SEC - 0.01);
	});
});

it('gives whole sentences, and the words that belong to them', async () => {
	await forAnyTalk((chosen) => {
		for (const clip of chosen) {
			expect(clip.transcript).toBe(clip.words.map((word) => word.text).join(' '));
			expect(clip.words[0]!.startSec).toBeGreaterThanOrEqual(clip.startSec - ROUNDING_SEC);
			expect(clip.words.at(-1)!.endSec).toBeLessThanOrEqual(clip.endSec + ROUNDING_SEC);
		}
	});
});

it('scores between 0 and 100, as the sum of its parts, and the same each time', async () => {
	await forAnyTalk(async (chosen, talk, wish) => {
		for (const { score, scoreParts } of chosen) {
			const sum = Object.values(scoreParts).reduce((a, b) => a + b, 0);
			expect(score).toBeCloseTo(sum, 1);
			expect(score).toBeGreaterThanOrEqual(0);
			expect(score).toBeLessThanOrEqual(100);
		}
		const again = await highlightsOf(talk, wish);
		expect(again).toEqual(chosen);
	});
});

it('gives as many clips as were wanted whenever that many pieces of speech fit', async () => {
	const sentence = (at: number) =>
		Array.from({ length: 10 }, (_, i) => ({
			text: i === 9 ? 'honey.' : 'honey',
			startSec: at + i * 0.5,
			endSec: at + i * 0.5 + 0.45,
		}));
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 6 }),
			fc.integer({ min: 0, max: 4 }),
			async (wantedClips, spare) => {
				// Sentences of five seconds: three of them make a clip of 15 s.
				const words = Array.from({ length: wantedClips * 3 + spare }, (_, i) => sentence(i * 5.3)).flat();
				const sentences = toSentences(words);
				const durationSec = words.at(-1)!.endSec + 1;
				const chosen = await findHighlights(
					{ words, sentences },
					{ wantedClips, minSec: 15, maxSec: 60, durationSec },
					never,
				);
				expect(chosen).toHaveLength(wantedClips);
			},
		),
	);
});

it('judges an hour of short sentences for clips of any length without holding up the process, and stops when told', async () => {
	const words = Array.from({ length: 10_000 }, (_, index) => ({
		text: index % 10 === 9 ? 'honey.' : `word${index % 700}`,
		startSec: index * 0.36,
		endSec: index * 0.36 + (index % 10 === 9 ? 0.2 : 0.34),
	}));
	const spoken = { words, sentences: toSentences(words) };
	const wish = { wantedClips: 10, minSec: 30, maxSec: 900, durationSec: 3600 };
	const stop = new AbortController();
	const choosing = findHighlights(spoken, wish, stop.signal);
	// Whatever else the process has to do has its turn meanwhile: here, the stop.
	setTimeout(() => stop.abort(), 1);
	await expect(choosing).rejects.toMatchObject({ code: 'cancelled' });
});
