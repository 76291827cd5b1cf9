import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { readPictureSize } from '../../../lib/media';

const signal = new AbortController().signal;

function uint(value: number, bytes: number, isLittle = false): Buffer {
	const buffer = Buffer.alloc(bytes);
	if (isLittle) buffer.writeUIntLE(value, 0, bytes);
	else buffer.writeUIntBE(value, 0, bytes);
	return buffer;
}

const segment = (marker: number, body: Buffer): Buffer =>
	Buffer.concat([Buffer.from([0xff, marker]), uint(body.length + 2, 2), body]);

function exif(orientation: number, isLittle: boolean): Buffer {
	const number = (value: number, bytes: number): Buffer => uint(value, bytes, isLittle);
	const entry = (tag: number, value: number): Buffer =>
		Buffer.concat([number(tag, 2), number(3, 2), number(1, 4), number(value, 2), number(0, 2)]);
	const tiff = Buffer.concat([
		Buffer.from(isLittle ? 'II' : 'MM'),
		number(42, 2),
		number(8, 4),
		number(2, 2),
		entry(0x0100, 9_999),
		entry(0x0112, orientation),
	]);
	return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff]));
}

function jpeg(width: number, height: number, before: readonly Buffer[] = []): Buffer {
	const frame = Buffer.concat([Buffer.from([8]), uint(height, 2), uint(width, 2), Buffer.alloc(10)]);
	// The table has a marker among those of frames, and says nothing of the size.
	const table = segment(0xc4, Buffer.alloc(40, 9));
	return Buffer.concat([Buffer.from([0xff, 0xd8]), ...before, table, segment(0xc2, frame)]);
}

const png = (width: number, height: number): Buffer =>
	Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		uint(13, 4),
		Buffer.from('IHDR'),
		uint(width, 4),
		uint(height, 4),
	]);

const gif = (width: number, height: number): Buffer =>
	Buffer.concat([Buffer.from('GIF89a'), uint(width, 2, true), uint(height, 2, true), Buffer.alloc(3)]);

const riff = (chunk: Buffer): Buffer =>
	Buffer.concat([
		Buffer.from('RIFF'),
		uint(chunk.length + 4, 4, true),
		Buffer.from('WEBP'),
		chunk,
		Buffer.alloc(8),
	]);

const webp = {
	lossy: (width: number, height: number): Buffer =>
		riff(
			Buffer.concat([
				Buffer.from('VP8 '),
				Buffer.alloc(4),
				Buffer.from([0, 0, 0, 0x9d, 0x01, 0x2a]),
				uint(width, 2, true),
				uint(height, 2, true),
			]),
		),
	lossless: (width: number, height: number): Buffer =>
		riff(
			Buffer.concat([
				Buffer.from('VP8L'),
				Buffer.alloc(4),
				Buffer.from([0x2f]),
				uint(width - 1 + (height - 1) * 2 ** 14, 4, true),
			]),
		),
	extended: (width: number, height: number): Buffer =>
		riff(
			Buffer.concat([
				Buffer.from('VP8X'),
				Buffer.alloc(8),
				uint(width - 1, 3, true),
				uint(height - 1, 3, true),
			]),
		),
};

const kinds: Readonly<Record<string, (width: number, height: number) => Buffer>> = {
	jpeg: (width, height) => jpeg(width, height),
	png,
	gif,
	'lossy webp': webp.lossy,
	'lossless webp': webp.lossless,
	'extended webp': webp.extended,
};

describe('the size of a picture', () => {
	let folder: string;

	beforeEach(async () => {
		folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-picture-'));
	});

	afterEach(async () => {
		await rm(folder, { recursive: true });
	});

	async function sizeOf(bytes: Buffer): Promise<[number, number] | null> {
		const file = path.join(folder, 'picture');
		await writeFile(file, bytes);
		const size = await readPictureSize(file, signal);
		return size && [size.widthPx, size.heightPx];
	}

	it.each(Object.keys(kinds))('is read out of a %s, whatever it is', async (kind) => {
		const side = fc.integer({ min: 1, max: 16_383 });
		await fc.assert(
			fc.asyncProperty(side, side, async (width, height) => {
				expect(await sizeOf(kinds[kind]?.(width, height) ?? Buffer.alloc(0))).toEqual([width, height]);
			}),
			{ numRuns: 20 },
		);
	});

	it.each([
		[1, false],
		[4, true],
		[5, false],
		[6, true],
		[8, false],
	])('is that of the upright picture when a camera noted orientation %i', async (orientation, isLittle) => {
		const size = await sizeOf(jpeg(400, 300, [segment(0xe0, Buffer.alloc(14)), exif(orientation, isLittle)]));
		expect(size).toEqual(orientation >= 5 ? [300, 400] : [400, 300]);
	});

	it('is found behind megabytes of other notes, and behind notes that are broken', async () => {
		const notes = Array.from({ length: 60 }, () => segment(0xe2, Buffer.alloc(60_000, 0xff)));
		const broken = segment(0xe1, Buffer.from('Exif\0\0MM\0\x2a\xff\xff\xff\xff', 'latin1'));
		expect(await sizeOf(jpeg(400, 300, [broken, ...notes]))).toEqual([400, 300]);
	});

	it.each([
		['nothing', Buffer.alloc(0)],
		['text', Buffer.from('This is no picture at all.')],
		['zeros', Buffer.alloc(100)],
		['a JPEG that is cut', jpeg(400, 300).subarray(0, 40)],
		['a JPEG of endless fill bytes', Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(5_000, 0xff)])],
		['a PNG without a size', png(0, 10)],
	])('is unknown for %s', async (_, bytes) => {
		expect(await sizeOf(bytes)).toBeNull();
	});

	it('never fails on bytes that nobody foresaw', async () => {
		const heads = Object.values(kinds).map((make) => make(10, 10).subarray(0, 16));
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 60 }), async (head, rest) => {
				const size = await sizeOf(Buffer.concat([head, rest]));
				expect(size === null || size.every((side) => side > 0)).toBe(true);
			}),
			{ numRuns: 100 },
		);
	});
});
