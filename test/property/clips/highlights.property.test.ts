import * as fc from 'fast-check';

import { findHighlights, SHORTEST_CLIP_SEC } from '../../../lib/clips/highlights';
import { toSentences } from '../../../lib/clips/sentences';
import { talks } from './talk';

const wishes = fc
	.record({
		wantedClips: fc.integer({ min: 1, max: 8 }),
		minSec: fc.integer({ min: 3, max: 20 }),
		room: fc.nat(40),
	})
	.map(({ wantedClips, minSec, room }) => ({ wantedClips, minSec, maxSec: minSec + room }));

function forAnyTalk(
	check: (chosen: ReturnType<typeof findHighlights>, talk: Talk, wish: Wish) => void,
): void {
	fc.assert(
		fc.property(talks, wishes, (talk, wish) => {
			const chosen = findHighlights(talk, { ...wish, durationSec: talk.durationSec });
			check(chosen, talk, wish);
		}),
	);
}
type Talk = typeof talks extends fc.Arbitrary<infer T> ? T : never;
type Wish = typeof wishes extends fc.Arbitrary<infer T> ? T : never;

// Boundaries are rounded to a millisecond for people and file names.
const ROUNDING_SEC = 0.001;

it('never cuts inside a word', () => {
	forAnyTalk((chosen, talk) => {
		for (const edge of chosen.flatMap((clip) => [clip.startSec, clip.endSec])) {
			const cut = talk.words.find((w) => edge > w.startSec + ROUNDING_SEC && edge < w.endSec - ROUNDING_SEC);
			expect(cut).toBeUndefined();
		}
	});
});

it('never lets two clips overlap, and gives them in the order of the talk', () => {
	forAnyTalk((chosen) => {
		chosen.slice(1).forEach((clip, index) => {
			expect(clip.startSec).toBeGreaterThanOrEqual(chosen[index]!.endSec - ROUNDING_SEC);
		});
	});
});

it('keeps every clip inside the video and not longer than wished', () => {
	forAnyTalk((chosen, talk, wish) => {
		for (const { startSec, endSec } of chosen) {
			expect(startSec).toBeGreaterThanOrEqual(0);
			expect(endSec).toBeLessThanOrEqual(talk.durationSec + ROUNDING_SEC);
			expect(endSec - startSec).toBeLessThanOrEqual(wish.maxSec + 2 * ROUNDING_SEC);
		}
	});
});

it('goes below the wished length only with a single clip, and then not below what people can use', () => {
	forAnyTalk((chosen, _talk, wish) => {
		const short = chosen.filter((clip) => clip.endSec - clip.startSec < wish.minSec - 2 * ROUNDING_SEC);
		if (short.length > 0) expect(chosen).toHaveLength(1);
		for (const clip of short)
			expect(clip.endSec - clip.startSec).toBeGreaterThanOrEqual(SHORTEST_CLIP_SEC - 0.01);
	});
});

it('gives whole sentences, and the words that belong to them', () => {
	forAnyTalk((chosen) => {
		for (const clip of chosen) {
			expect(clip.transcript).toBe(clip.words.map((word) => word.text).join(' '));
			expect(clip.words[0]!.startSec).toBeGreaterThanOrEqual(clip.startSec - ROUNDING_SEC);
			expect(clip.words.at(-1)!.endSec).toBeLessThanOrEqual(clip.endSec + ROUNDING_SEC);
		}
	});
});

it('scores between 0 and 100, as the sum of its parts, and the same each time', () => {
	forAnyTalk((chosen, talk, wish) => {
		for (const { score, scoreParts } of chosen) {
			const sum = Object.values(scoreParts).reduce((a, b) => a + b, 0);
			expect(score).toBeCloseTo(sum, 1);
			expect(score).toBeGreaterThanOrEqual(0);
			expect(score).toBeLessThanOrEqual(100);
		}
		const again = findHighlights(talk, { ...wish, durationSec: talk.durationSec });
		expect(again).toEqual(chosen);
	});
});

it('gives as many clips as were wanted whenever that many pieces of speech fit', () => {
	const sentence = (at: number) =>
		Array.from({ length: 10 }, (_, i) => ({
			text: i === 9 ? 'honey.' : 'honey',
			startSec: at + i * 0.5,
			endSec: at + i * 0.5 + 0.45,
		}));
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 4 }), (wantedClips, spare) => {
			// Sentences of five seconds: three of them make a clip of 15 s.
			const words = Array.from({ length: wantedClips * 3 + spare }, (_, i) => sentence(i * 5.3)).flat();
			const sentences = toSentences(words);
			const durationSec = words.at(-1)!.endSec + 1;
			const chosen = findHighlights(
				{ words, sentences },
				{ wantedClips, minSec: 15, maxSec: 60, durationSec },
			);
			expect(chosen).toHaveLength(wantedClips);
		}),
	);
});
