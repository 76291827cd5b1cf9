import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { stoppedError } from './clip-error';

/** SHA-256 of a file's bytes in hex, streamed: a source may be larger than memory. */
export async function contentHash(filePath: string, signal?: AbortSignal): Promise<string> {
	const hash = createHash('sha256');
	try {
		await pipeline(
			createReadStream(filePath, { highWaterMark: 1024 * 1024 }),
			hash,
			signal ? { signal } : {},
		);
	} catch (error) {
		if (signal?.aborted) throw stoppedError(signal);
		throw error;
	}
	return hash.digest('hex');
}
