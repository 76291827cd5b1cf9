// Which bytes go next. Pure. The last piece is kept back for the call that publishes, and kept small: the
// shorter that call, the rarer its answer is lost.
import { chunkUnitBytes } from './constants';

/** A multiple of 256 KiB. Bigger pieces save round trips, smaller ones lose less when a line breaks. */
export const chunkBytes = 32 * 1024 * 1024;

export interface ByteRange {
	readonly startByte: number;
	/** Exclusive. */
	readonly endByte: number;
}

/** @returns the next piece that cannot complete the file, or null when only the publishing piece is left. */
export function nextChunk(nextByte: number, sizeBytes: number): ByteRange | null {
	// At least one byte stays behind, and every piece but the last is a whole number of units (facts 1.2).
	const sendableBytes = Math.floor((sizeBytes - 1 - nextByte) / chunkUnitBytes) * chunkUnitBytes;
	if (sendableBytes <= 0) return null;
	return { startByte: nextByte, endByte: nextByte + Math.min(chunkBytes, sendableBytes) };
}

/** Everything that is left: the piece that makes the video exist. */
export function lastPiece(nextByte: number, sizeBytes: number): ByteRange {
	return { startByte: nextByte, endByte: sizeBytes };
}
