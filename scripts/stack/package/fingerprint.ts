import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export function listFiles(folder: string): string[] {
	let entries;
	try {
		entries = readdirSync(folder, { withFileTypes: true, recursive: true });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}

/** Changes whenever a file was added, removed or written; reads no content, so it costs milliseconds. */
export function fingerprintOf(paths: readonly string[]): string {
	const hash = createHash('sha256');
	for (const path of paths) {
		const { size, mtimeMs } = statSync(path);
		hash.update(`${path}\0${size}\0${mtimeMs}\n`);
	}
	return hash.digest('hex');
}
