import * as fc from 'fast-check';

import { standingOut } from '../../../lib/clips/standing-out';
import { talks } from './talk';

const levels = fc.infiniteStream(fc.integer({ min: -60, max: -10 }));

it('measures a talk against itself: how loud the whole recording is changes nothing', () => {
	fc.assert(
		fc.property(talks, levels, fc.integer({ min: -20, max: 20 }), ({ sentences }, levelsDb, gainDb) => {
			const heard = sentences.map((sentence) => ({ ...sentence, levelDb: Number(levelsDb.next().value) }));
			const louder = heard.map((sentence) => ({ ...sentence, levelDb: sentence.levelDb + gainDb }));
			const [before, after] = [standingOut(heard), standingOut(louder)];
			expect(after).toHaveLength(sentences.length);
			after.forEach((value, at) => {
				expect(value).toBeCloseTo(before[at] ?? NaN, 6);
			});
		}),
	);
});

it('lets nothing stand out where all is the same, and elsewhere some only at the cost of others', () => {
	fc.assert(
		fc.property(talks, ({ sentences }) => {
			const [first] = sentences;
			if (first) expect(standingOut(sentences.map(() => first)).every((value) => value === 0)).toBe(true);
			expect(standingOut(sentences).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
		}),
	);
});

it('prefers no loudness where nobody listened, and prefers the louder of two equal sentences where somebody did', () => {
	const sentence = (levelDb?: number) => ({
		text: 'Honey never spoils.',
		startSec: 0,
		endSec: 1,
		firstWord: 0,
		endWord: 3,
		pauseAfterSec: 0.3,
		levelDb,
	});
	expect(standingOut([sentence(), sentence()])).toEqual([0, 0]);
	const [quiet, loud] = standingOut([sentence(-30), sentence(-27)]);
	expect(loud).toBeGreaterThan(quiet ?? NaN);
});
