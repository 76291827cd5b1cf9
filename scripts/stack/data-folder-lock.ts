import { join } from 'node:path';

import { tryLock, type FileLock } from './file-lock';
import { StackFailure } from './stack-failure';

/** Two stacks on one data folder would write the same files under each other. */
export function lockDataFolder(dataFolder: string): FileLock {
	const attempt = tryLock(join(dataFolder, 'lock'));
	if ('lock' in attempt) return attempt.lock;
	throw new StackFailure(
		`another stack (process ${attempt.heldBy.pid}) already uses ${dataFolder}; stop it with Ctrl-C where it runs, or set STACKKRAFT_DATA_FOLDER to another folder`,
	);
}
