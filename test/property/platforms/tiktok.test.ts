import fc from 'fast-check';
import { defaultChunkPolicy, nextChunk, planChunks, rangeAt } from '../../../lib/platforms/tiktok/chunk-plan';
import { quoteLargeIntegers } from '../../../lib/platforms/tiktok/exact-json';

const maxVideoBytes = 4_000_000_000;
const sizes = fc.oneof(
	fc.integer({ min: 1, max: 10_000_000 }),
	fc.integer({ min: 63_999_990, max: 64_000_010 }),
	fc.integer({ min: 1, max: maxVideoBytes }),
	fc.integer({ min: 1, max: 200 }).map((chunks) => chunks * defaultChunkPolicy.chunkBytes),
);

describe('the chunk plan of TikTok (facts 2.3)', () => {
	it('obeys every rule in both readings of MB', () => {
		fc.assert(
			fc.property(sizes, (sizeBytes) => {
				const { chunkBytes, chunks } = planChunks(sizeBytes);
				expect(chunks).toBe(Math.floor(sizeBytes / chunkBytes));
				expect(chunks).toBeGreaterThanOrEqual(1);
				expect(chunks).toBeLessThanOrEqual(1_000);
				expect(chunkBytes).toBeLessThanOrEqual(64_000_000);
				if (chunks === 1) expect(chunkBytes).toBe(sizeBytes);
				else expect(chunkBytes).toBeGreaterThanOrEqual(5 * 1024 * 1024);
				expect(sizeBytes - (chunks - 1) * chunkBytes).toBeLessThanOrEqual(128_000_000);
				if (sizeBytes <= 64_000_000) expect(chunks).toBe(1);
			}),
		);
	});

	it('covers every byte once, in order, and keeps back the chunk that alone can complete the file', () => {
		fc.assert(
			fc.property(sizes, (sizeBytes) => {
				const plan = planChunks(sizeBytes);
				let nextByte = 0;
				let sent = 0;
				for (let range = nextChunk(plan, 0); range; range = nextChunk(plan, nextByte)) {
					expect(range).toEqual({ startByte: nextByte, endByte: nextByte + plan.chunkBytes });
					nextByte = range.endByte;
					sent++;
				}
				expect(sent).toBe(plan.chunks - 1);
				expect(rangeAt(plan, nextByte)).toEqual({ startByte: nextByte, endByte: sizeBytes });
			}),
		);
	});

	it('ends at the end of a planned chunk from whatever byte TikTok kept', () => {
		fc.assert(
			fc.property(sizes, fc.nat(), (sizeBytes, anywhere) => {
				const plan = planChunks(sizeBytes);
				const startByte = anywhere % sizeBytes;
				const { endByte } = rangeAt(plan, startByte);
				expect(endByte).toBeGreaterThan(startByte);
				expect(endByte === sizeBytes || endByte % plan.chunkBytes === 0).toBe(true);
				const range = nextChunk(plan, startByte);
				expect(range === null || range.endByte < sizeBytes).toBe(true);
			}),
		);
	});
});

describe('ids that no double can hold', () => {
	it('keep every digit, wherever they stand', () => {
		fc.assert(
			fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n })), fc.string(), (ids, text) => {
				const json = `{"ids":[${ids.join(', ')}],"text":${JSON.stringify(`${text}"${ids.join()}\\`)}}`;
				const read = JSON.parse(quoteLargeIntegers(json)) as { ids: unknown[]; text: string };
				expect(read.ids.map(String)).toEqual(ids.map(String));
				expect(read.text).toBe(`${text}"${ids.join()}\\`);
			}),
		);
	});

	it('leave all other JSON as it is', () => {
		fc.assert(
			fc.property(fc.json(), (json) => {
				const hasLarge = /\d{16}/.test(json);
				fc.pre(!hasLarge);
				expect(quoteLargeIntegers(json)).toBe(json);
			}),
		);
		expect(quoteLargeIntegers('[0.1234567890123456789,1e300]')).toBe('[0.1234567890123456789,1e300]');
	});
});
