import * as fc from 'fast-check';

import { fadeOutFor, soundEdges } from '../../../lib/clips/render-graph';

const sec = (min: number, max: number) => fc.double({ min, max, noNaN: true });

it('fades no word that ends in time, and never ends with a click or a long farewell', () => {
	const clips = sec(3, 90).chain((lengthSec) =>
		fc.record({ lengthSec: fc.constant(lengthSec), ends: fc.array(sec(0, lengthSec), { maxLength: 30 }) }),
	);
	fc.assert(
		fc.property(clips, ({ lengthSec, ends }) => {
			const fadeSec = fadeOutFor(
				ends.map((endSec) => ({ endSec })),
				lengthSec,
			);
			expect(fadeSec).toBeGreaterThanOrEqual(0.03);
			expect(fadeSec).toBeLessThanOrEqual(0.25);
			const lastSec = Math.max(0, ...ends);
			if (lengthSec - lastSec >= 0.03) expect(lengthSec - fadeSec).toBeGreaterThanOrEqual(lastSec - 1e-9);
		}),
	);
});

it('leaves the whole room behind the last word of a usual clip to the fade', () => {
	const fadeSec = fadeOutFor([{ endSec: 19.8 }], 20);
	expect(fadeSec).toBeCloseTo(0.2);
	const kept = { spans: [{ startSec: 0, endSec: 20 }], lengthSec: 20 };
	expect(soundEdges(kept, fadeSec)).toContain('afade=t=out:st=19.800:d=0.200');
});
