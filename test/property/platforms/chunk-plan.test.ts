import fc from 'fast-check';
import { chunkBytes, lastPiece, nextChunk } from '../../../lib/platforms/youtube/chunk-plan';
import { chunkUnitBytes } from '../../../lib/platforms/youtube/constants';

const sizes = fc.oneof(
	fc.integer({ min: 1, max: 3 * chunkUnitBytes }),
	fc.integer({ min: 1, max: 400 * 1024 * 1024 }),
	fc.integer({ min: 1, max: 1_000 }).map((units) => units * chunkUnitBytes),
);

describe('the chunk plan', () => {
	it('covers every byte once, in order, and keeps back a small last piece that alone can complete the file', () => {
		fc.assert(
			fc.property(sizes, (sizeBytes) => {
				let nextByte = 0;
				for (let range = nextChunk(0, sizeBytes); range; range = nextChunk(nextByte, sizeBytes)) {
					expect(range.startByte).toBe(nextByte);
					expect(range.endByte).toBeGreaterThan(range.startByte);
					expect(range.endByte).toBeLessThan(sizeBytes);
					expect((range.endByte - range.startByte) % chunkUnitBytes).toBe(0);
					expect(range.endByte - range.startByte).toBeLessThanOrEqual(chunkBytes);
					nextByte = range.endByte;
				}
				const last = lastPiece(nextByte, sizeBytes);
				expect(last).toEqual({ startByte: nextByte, endByte: sizeBytes });
				expect(last.endByte - last.startByte).toBeGreaterThan(0);
				expect(last.endByte - last.startByte).toBeLessThanOrEqual(chunkUnitBytes);
			}),
		);
	});

	it('never completes the file from whatever byte the far side kept', () => {
		fc.assert(
			fc.property(sizes, fc.nat(), (sizeBytes, anywhere) => {
				const range = nextChunk(anywhere % sizeBytes, sizeBytes);
				expect(range === null || range.endByte < sizeBytes).toBe(true);
			}),
		);
	});
});
