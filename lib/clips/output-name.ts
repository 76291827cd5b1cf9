import path from 'node:path';

// File systems take 255 bytes. What we put before and behind a name takes up to 60, while it is written, too.
const MOST_BYTES = 180;

/** What files made of a source begin with: its own name, cut where that is as long as a name can be. */
export function outputName(sourcePath: string): string {
	let name = '';
	for (const letter of path.parse(sourcePath).name) {
		if (Buffer.byteLength(name + letter) > MOST_BYTES) break;
		name += letter;
	}
	return name;
}
