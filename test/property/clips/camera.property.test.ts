import * as fc from 'fast-check';

import { cameraPath, MAX_PAN_PER_SEC, type Target } from '../../../lib/clips/framing/camera-path';

const FPS = 30;
const sizes = fc.double({ min: 0.2, max: 0.8, noNaN: true });
/** Anything a detector could say, also nonsense. */
const noise = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
const asTargets = (centres: readonly number[]): Target[] =>
	centres.map((centre, index) => ({ atSec: index / 3, centre }));
const shotOf = (targets: readonly Target[]) => ({ startSec: 0, endSec: targets.length / 3 });

it('never leaves the picture and never pans faster than the bound, whatever the detector says', () => {
	fc.assert(
		fc.property(noise, sizes, (centres, size) => {
			const targets = asTargets(centres);
			const path = cameraPath(targets, shotOf(targets), size, FPS);
			path.forEach((offset, frame) => {
				expect(offset).toBeGreaterThanOrEqual(0);
				expect(offset).toBeLessThanOrEqual(1 - size + 1e-9);
				const before = path[frame - 1] ?? offset;
				expect(Math.abs(offset - before) * FPS).toBeLessThanOrEqual(MAX_PAN_PER_SEC * size + 1e-9);
			});
		}),
	);
});

it('lets no single wrong detection move the camera', () => {
	const wrongs = fc.record({
		at: fc.integer({ min: 0, max: 19 }),
		by: fc.double({ min: 0.301, max: 2, noNaN: true }),
		side: fc.constantFrom(-1, 1),
		size: sizes,
	});
	fc.assert(
		fc.property(wrongs, ({ at, by, side, size }) => {
			const targets = asTargets(Array.from({ length: 20 }, () => 0.5));
			const wrong = targets.map((target, index) =>
				index === at ? { ...target, centre: 0.5 + side * by * size } : target,
			);
			expect(cameraPath(wrong, shotOf(wrong), size, FPS)).toEqual(
				cameraPath(targets, shotOf(targets), size, FPS),
			);
		}),
	);
});

it.each([2, 3])(
	'keeps a subject that walks in the middle half of the crop, seen %i times a second',
	(perSec) => {
		const walks = fc.record({
			from: fc.double({ min: 0.3, max: 0.7, noNaN: true }),
			speed: fc.double({ min: -1, max: 1, noNaN: true }),
			size: sizes,
		});
		fc.assert(
			fc.property(walks, ({ from, speed, size }) => {
				// At most four fifths of the fastest pan, and turning back at the edges of the picture.
				const at = (sec: number): number => {
					const way =
						(from - size / 2) / (1 - size) + (sec * speed * MAX_PAN_PER_SEC * 0.8 * size) / (1 - size);
					const folded = Math.abs((((way % 2) + 2) % 2) - 1);
					return size / 2 + (1 - folded) * (1 - size);
				};
				const targets = Array.from({ length: 12 * perSec }, (_none, index) => ({
					atSec: index / perSec,
					centre: at(index / perSec),
				}));
				const path = cameraPath(targets, { startSec: 0, endSec: 12 }, size, FPS);
				const inside = path.filter(
					(offset, frame) => Math.abs(at(frame / FPS) - offset - size / 2) <= size / 4,
				);
				expect(inside.length / path.length).toBeGreaterThanOrEqual(0.95);
			}),
		);
	},
);

it('stands perfectly still while the subject only nods', () => {
	fc.assert(
		fc.property(
			fc.array(fc.double({ min: -0.03, max: 0.03, noNaN: true }), { minLength: 5, maxLength: 60 }),
			(nods) => {
				const targets = asTargets(nods.map((nod) => 0.5 + nod));
				const path = cameraPath(targets, shotOf(targets), 0.316, FPS);
				expect(Math.max(...path) - Math.min(...path)).toBeLessThan(0.5 / 1920);
			},
		),
	);
});
