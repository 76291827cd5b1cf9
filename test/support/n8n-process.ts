// A second n8n beside the running one, as another worker is: the same database, key and package, nothing in memory.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { n8nEnvironment } from '../../scripts/stack/n8n/environment';
import { findFreePort } from '../../scripts/stack/ports';
import { startChild, type Child } from '../../scripts/stack/processes/child';
import { ensureN8n } from '../../scripts/stack/runtimes/n8n';
import { ensureNode24 } from '../../scripts/stack/runtimes/node24';
import type { Stack } from '../../scripts/stack/stack';
import { loadSecrets } from '../../scripts/stack/state';
import { createTemporaryFolder } from './temporary-folder';

export interface N8nProcess extends Pick<Child, 'exited' | 'exit'> {
	stop(): Promise<void>;
}

/** Executes one workflow and ends; the exit code tells nothing about the execution. */
export async function executeInOwnProcess(stack: Stack, workflowId: string): Promise<N8nProcess> {
	const folder = createTemporaryFolder('n8n-execute');
	mkdirSync(join(folder.path, '.n8n'));
	symlinkSync(join(stack.dataFolder, 'n8n', '.n8n', 'nodes'), join(folder.path, '.n8n', 'nodes'));
	const { binary } = await ensureNode24();
	const { script } = await ensureN8n(binary);
	const child = await startChild({
		name: 'n8n execute',
		command: binary,
		args: [script, 'execute', `--id=${workflowId}`],
		cwd: folder.path,
		env: n8nEnvironment({
			userFolder: folder.path,
			mediaFolder: stack.mediaFolder,
			port: await findFreePort(),
			brokerPort: await findFreePort(),
			databaseUrl: stack.n8nDatabaseUrl,
			secrets: loadSecrets(stack.dataFolder, ''),
			nodeBinary: binary,
		}),
		logPath: join(stack.logFolder, 'n8n-execute.log'),
	});
	const stop = async (): Promise<void> => {
		await child.stop();
		folder.remove();
	};
	return { exited: child.exited, exit: () => child.exit(), stop };
}
