import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RangedSource } from '../publishing/ports';

const pieceBytes = 256 * 1024;
/** Two would do (one at the socket, one being filled); four leave room for a stream in between. */
const piecesInRing = 4;

/**
 * A file on disk as a source that can be read from anywhere in it. The pieces share a few buffers that are
 * filled again and again: with fresh ones a 1 GB upload left up to 60 MiB for the garbage collector to find.
 */
export async function fileSource(
	filePath: string,
	media: { mimeType: string; fileName?: string },
): Promise<RangedSource> {
	const { size: sizeBytes } = await stat(filePath);
	const freeRings: Buffer[][] = [];
	return {
		sizeBytes,
		mimeType: media.mimeType,
		fileName: media.fileName ?? path.basename(filePath),
		async *read(startByte, endByte) {
			const ring = freeRings.pop() ?? [];
			const file = await open(filePath, 'r');
			try {
				for (let at = startByte; at < endByte;) {
					const oldest = ring.length === piecesInRing ? ring.shift() : undefined;
					const buffer = oldest ?? Buffer.allocUnsafeSlow(pieceBytes);
					ring.push(buffer);
					const wantedBytes = Math.min(pieceBytes, endByte - at);
					const { bytesRead } = await file.read(buffer, 0, wantedBytes, at);
					if (bytesRead === 0)
						throw new Error(`${path.basename(filePath)} became shorter while it was read.`);
					yield buffer.subarray(0, bytesRead);
					at += bytesRead;
				}
			} finally {
				freeRings.push(ring);
				await file.close();
			}
		},
	};
}
