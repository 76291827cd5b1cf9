import fc from 'fast-check';
import { partsOf } from '../../../lib/storage/s3-upload';

const mebibyte = 1024 * 1024;
/** What S3 takes at most in one object. */
const maxObjectBytes = 5 * 1024 ** 4;

it('cuts every size into parts that S3 takes and that make the whole, in order', () => {
	const sizes = fc.oneof(
		fc.integer({ min: 1, max: 200 * mebibyte }),
		fc.integer({ min: 1, max: maxObjectBytes }),
	);
	fc.assert(
		fc.property(sizes, (sizeBytes) => {
			const parts = [...partsOf(sizeBytes)];
			expect(parts.length).toBeLessThanOrEqual(10_000);
			expect(parts[0]?.[0]).toBe(0);
			expect(parts.at(-1)?.[1]).toBe(sizeBytes);
			const follows = parts.every(([startByte], index) => index === 0 || startByte === parts[index - 1]?.[1]);
			expect(follows).toBe(true);
			const sizesBytes = parts.map(([startByte, endByte]) => endByte - startByte);
			expect(sizesBytes.every((partBytes) => partBytes > 0 && partBytes <= 5 * 1024 ** 3)).toBe(true);
			expect(sizesBytes.slice(0, -1).every((partBytes) => partBytes >= 5 * mebibyte)).toBe(true);
		}),
		{ numRuns: 50 },
	);
});
