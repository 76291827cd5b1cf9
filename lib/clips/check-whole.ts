import path from 'node:path';

import { ClipError } from '../media';

// Sound is often a little longer than its picture; a second is more than that.
const MISSING_SEC = 1;

/** ffmpeg makes do with a source that breaks off, and gives a video that does, or one that stands still to its end. */
export function checkWhole(
	sourcePath: string,
	{ lengthSec, foundSec }: { readonly lengthSec: number; readonly foundSec: number },
): void {
	if (foundSec >= lengthSec - MISSING_SEC) return;
	throw new ClipError(
		'source-unreadable',
		`"${path.basename(sourcePath)}" breaks off: of ${lengthSec.toFixed(1)} seconds only ${foundSec.toFixed(1)} could be read.`,
		'Check that it plays to the end; if it was copied or downloaded, do that again.',
	);
}
