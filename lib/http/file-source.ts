import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { RangedSource } from '../publishing/ports';

/** Four times as much is no faster and costs memory: 1 GB grew the process by 60 MiB instead of 45. */
const readAheadBytes = 64 * 1024;

/** A file on disk as a source that can be read from anywhere in it. */
export async function fileSource(
	filePath: string,
	media: { mimeType: string; fileName?: string },
): Promise<RangedSource> {
	const { size: sizeBytes } = await stat(filePath);
	return {
		sizeBytes,
		mimeType: media.mimeType,
		fileName: media.fileName ?? path.basename(filePath),
		open(startByte, endByte) {
			// `createReadStream` has an inclusive end and so cannot say "nothing".
			if (endByte <= startByte) return Readable.from([]);
			return createReadStream(filePath, {
				start: startByte,
				end: endByte - 1,
				highWaterMark: readAheadBytes,
			});
		},
	};
}
