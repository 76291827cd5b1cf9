import { readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MAX_LOG_BYTES = 10 * 1024 * 1024;
const OLD_MARK = '.old';

/** Puts a log that has grown large aside, over the one put aside before; nobody may be writing to it. */
export function rotateLogs(folder: string, maxBytes = MAX_LOG_BYTES): void {
	for (const name of readdirSync(folder)) {
		const path = join(folder, name);
		if (name.endsWith('.log') && statSync(path).size > maxBytes) renameSync(path, `${path}${OLD_MARK}`);
	}
}
