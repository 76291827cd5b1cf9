// How large a picture is, read out of its first bytes: the rules of networks ask for it, and ffprobe is kept for what
// moves. A file that is no picture has no size; what it is then, the network's rules of types say.
import { open, type FileHandle } from 'node:fs/promises';

export interface PictureSize {
	/** As a person sees it, that is after the rotation that a camera noted. */
	readonly widthPx: number;
	readonly heightPx: number;
}

type Read = (startByte: number, length: number) => Promise<Buffer>;

/** @returns null for what is no JPEG, PNG, GIF or WebP, or one that is cut or broken. */
export async function readPictureSize(filePath: string, signal: AbortSignal): Promise<PictureSize | null> {
	signal.throwIfAborted();
	const file = await open(filePath, 'r');
	try {
		const size = await sizeIn(reader(file));
		return size && size.widthPx > 0 && size.heightPx > 0 ? size : null;
	} catch (error) {
		if (error instanceof CutPictureError) return null;
		throw error;
	} finally {
		await file.close();
	}
}

class CutPictureError extends Error {}

/** @throws CutPictureError behind the end of the file. */
function reader(file: FileHandle): Read {
	return async (startByte, length) => {
		const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, startByte);
		if (bytesRead < length) throw new CutPictureError('The picture ends too early.');
		return buffer;
	};
}

async function sizeIn(read: Read): Promise<PictureSize | null> {
	const head = await read(0, 12);
	if (head.readUInt16BE(0) === 0xffd8) return await jpegSize(read);
	if (head.toString('latin1', 1, 4) === 'PNG') {
		const size = await read(16, 8);
		return { widthPx: size.readUInt32BE(0), heightPx: size.readUInt32BE(4) };
	}
	if (/^GIF8[79]a/.test(head.toString('latin1', 0, 6))) {
		return { widthPx: head.readUInt16LE(6), heightPx: head.readUInt16LE(8) };
	}
	const isWebp = head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
	return isWebp ? webpSize(await read(12, 18)) : null;
}

/** Lossy, lossless and extended files say it in three ways (RFC 9649). */
function webpSize(chunk: Buffer): PictureSize | null {
	switch (chunk.toString('latin1', 0, 4)) {
		case 'VP8 ':
			return { widthPx: chunk.readUInt16LE(14) & 0x3fff, heightPx: chunk.readUInt16LE(16) & 0x3fff };
		case 'VP8L': {
			const bits = chunk.readUInt32LE(9);
			return { widthPx: (bits & 0x3fff) + 1, heightPx: ((bits >>> 14) & 0x3fff) + 1 };
		}
		case 'VP8X':
			return { widthPx: chunk.readUIntLE(12, 3) + 1, heightPx: chunk.readUIntLE(15, 3) + 1 };
		default:
			return null;
	}
}

/** Cameras and editors put some dozen segments before the picture; a file of many more is made to be slow. */
const maxSegments = 500;

async function jpegSize(read: Read): Promise<PictureSize | null> {
	let isTurned = false;
	let at = 2;
	for (let segment = 0; segment < maxSegments; segment++) {
		const head = await read(at, 4);
		const marker = head[1] ?? 0;
		if (head[0] !== 0xff) return null;
		if (marker === 0xff) {
			// Fill bytes may stand before a marker.
			at += 1;
			continue;
		}
		const length = head.readUInt16BE(2);
		if (isFrame(marker)) {
			const frame = await read(at + 5, 4);
			const [heightPx, widthPx] = [frame.readUInt16BE(0), frame.readUInt16BE(2)];
			return isTurned ? { widthPx: heightPx, heightPx: widthPx } : { widthPx, heightPx };
		}
		if (marker === 0xe1 && length > 8) isTurned ||= isTurnedByExif(await read(at + 4, length - 2));
		at += 2 + length;
	}
	return null;
}

/** C0 to CF, without the three among them that are tables (ITU T.81, B.1.1.3). */
function isFrame(marker: number): boolean {
	return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

const orientationTag = 0x0112;

/** Orientations 5 to 8 lie on their side. Notes that are broken turn nothing; the picture itself may be whole. */
function isTurnedByExif(segment: Buffer): boolean {
	if (segment.toString('latin1', 0, 4) !== 'Exif') return false;
	const tiff = segment.subarray(6);
	const isLittle = tiff.toString('latin1', 0, 2) === 'II';
	const number = (at: number, bytes: 2 | 4): number => {
		if (at + bytes > tiff.length) return 0;
		return isLittle ? tiff.readUIntLE(at, bytes) : tiff.readUIntBE(at, bytes);
	};
	const directory = number(4, 4);
	const count = number(directory, 2);
	for (let entry = 0; entry < count; entry++) {
		const at = directory + 2 + entry * 12;
		if (number(at, 2) === orientationTag) return number(at + 8, 2) >= 5;
	}
	return false;
}
