// A whole stack with a real n8n for one test file, in a data folder of its own that goes away with it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { prepareStack } from '../../scripts/stack/prepare';
import { silentProgress } from '../../scripts/stack/progress';
import type { Stack } from '../../scripts/stack/stack';
import { startStack } from '../../scripts/stack/start-stack';
import { N8nApi } from '../../scripts/workflows/n8n-api';
import { copyFirstStack } from './first-stack';
import { findSecrets } from './planted-secrets';
import { createTemporaryFolder } from './temporary-folder';

/** Booting takes about 8 s on two cores. */
export const bootDeadlineMs = 240_000;

export interface TestStack {
	readonly stack: Stack;
	readonly api: N8nApi;
	stop(): Promise<void>;
}

export interface BootOptions {
	/** Tables, streams, credentials and the six workflows, active. On by default. */
	readonly isPrepared?: boolean;
	/** The pretend networks and the server of media for them. On by default. */
	readonly withSandbox?: boolean;
	readonly n8nEnvironment?: Readonly<Record<string, string>>;
}

/** n8n pauses for 10 s when its last session crashed. Nothing happens in them. */
function withoutCrashPause(stack: Stack): Stack {
	const killN8n = async () => {
		await stack.killN8n();
		rmSync(join(stack.dataFolder, 'n8n', '.n8n', 'crash.journal'), { force: true });
	};
	return {
		...stack,
		killN8n,
		restartN8n: async (how) => {
			if (how.signal === 'SIGKILL') await killN8n();
			await stack.restartN8n(how);
		},
	};
}

export async function bootN8n(options: BootOptions = {}): Promise<TestStack> {
	const folder = createTemporaryFolder('n8n');
	const signal = AbortSignal.timeout(bootDeadlineMs);
	try {
		const { installedNodes } = await copyFirstStack(folder.path);
		const started = await startStack({
			dataFolder: folder.path,
			signal,
			isThrowaway: true,
			installedNodes,
			withSandbox: options.withSandbox ?? true,
			...(options.n8nEnvironment && { n8nEnvironment: options.n8nEnvironment }),
		});
		const stack = withoutCrashPause(started);
		const isPrepared = options.isPrepared ?? true;
		const stop = async () => {
			// Nothing that any test made an n8n do may have written a secret anywhere.
			const leaks = isPrepared ? await findSecrets(stack) : [];
			await stack.stop();
			folder.remove();
			if (leaks.length > 0) throw new Error(`Secrets stand in the clear:\n${leaks.join('\n')}`);
		};
		try {
			if (isPrepared) await prepareStack(stack, { progress: silentProgress, signal });
		} catch (error) {
			await stop();
			throw error;
		}
		const api = new N8nApi({ n8nUrl: stack.n8n.url, apiKey: stack.n8n.apiKey });
		return { stack, api, stop };
	} catch (error) {
		folder.remove();
		throw error;
	}
}
