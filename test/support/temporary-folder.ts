import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { guardFolder, releaseFolder } from '../../scripts/stack/processes/guardian';

export interface TemporaryFolder {
	readonly path: string;
	remove(): void;
}

/** Removed by `remove`, and by the guardian when the test run is killed before it gets there. */
export function createTemporaryFolder(purpose: string): TemporaryFolder {
	const path = mkdtempSync(join(tmpdir(), `stackkraft-test-${purpose}-`));
	// The server's own account must be able to walk through; what matters inside has modes of its own.
	chmodSync(path, 0o711);
	guardFolder(path);
	return {
		path,
		remove: () => {
			rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
			releaseFolder(path);
		},
	};
}
