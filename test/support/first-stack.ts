// n8n's first boot runs 270 migrations, and the package is installed with its media programs: twenty seconds and
// more that every file would spend on the same. It is done once per run, and each stack begins as a copy of it.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { layOutFolders, nodesFolder } from '../../scripts/stack/folders';
import { startStack } from '../../scripts/stack/start-stack';
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder';

const run = promisify(execFile);

const BOOT_DEADLINE_MS = 240_000;
const COPY_DEADLINE_MS = 60_000;
const VARIABLE = 'STACKKRAFT_TEST_FIRST_STACK';

/** Boots a stack in a folder of its own and stops it: there is no post, no workflow and no credential in it. */
export async function makeFirstStack(): Promise<TemporaryFolder> {
	const folder = createTemporaryFolder('first-stack');
	try {
		const stack = await startStack({
			dataFolder: folder.path,
			withSandbox: false,
			isThrowaway: true,
			signal: AbortSignal.timeout(BOOT_DEADLINE_MS),
		});
		await stack.stop();
	} catch (error) {
		folder.remove();
		throw error;
	}
	process.env[VARIABLE] = folder.path;
	return folder;
}

/**
 * Makes the new folder what the first stack left, with its logs, which are searched for secrets too. Ports are
 * chosen anew. Answers where the installed package is: it is only read, so it is not copied.
 */
export async function copyFirstStack(dataFolder: string): Promise<{ installedNodes: string }> {
	const first = process.env[VARIABLE];
	if (first === undefined) {
		throw new Error('no n8n for this test: it must run in the jest project "workflow"');
	}
	const [from, to] = [layOutFolders(first), layOutFolders(dataFolder)];
	const copies = [
		[join(first, 'secrets.json'), dataFolder],
		[join(first, 'n8n-api-key'), dataFolder],
		[`${from.logs}/.`, to.logs],
		[`${from.postgres}/.`, to.postgres],
	] as const;
	// The server refuses a data folder that others may read.
	mkdirSync(to.postgres, { mode: 0o700 });
	// Unlike Node's own copy this keeps the owner: PostgreSQL has an account of its own when this runs as root.
	for (const [source, target] of copies) {
		await run('cp', ['-a', source, target], { timeout: COPY_DEADLINE_MS });
	}
	return { installedNodes: nodesFolder(from) };
}
