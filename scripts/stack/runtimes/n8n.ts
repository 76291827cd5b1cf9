import { existsSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { StackFailure } from '../stack-failure';
import { ensureRuntime } from './cache';
import { runNpm } from './npm';

export const N8N_VERSION = '2.40.7';
const DEADLINE_MS = 20 * 60_000;
const NEEDED_BYTES = 3.5 * 1024 ** 3;

// The first three repair releases that n8n 2.40.7 asks for and that do not install from the registry.
const manifest = {
	name: 'n8n-runtime',
	private: true,
	dependencies: { n8n: N8N_VERSION },
	overrides: {
		linkedom: '0.18.14',
		'@langchain/langgraph-checkpoint': '1.1.5',
		'@langchain/protocol': '0.0.19',
		// A driver that is not compiled without scripts, and is not wanted here; the AI Agent loads it all the same.
		sqlite3: 'npm:empty-npm-package@1.0.0',
	},
};

export interface N8nRuntime {
	/** The program, to be run by Node 24. */
	readonly script: string;
	readonly origin: string;
}

function requireDiskSpace(folder: string): void {
	const { bavail, bsize } = statfsSync(folder);
	if (bavail * bsize >= NEEDED_BYTES) return;
	const freeGib = ((bavail * bsize) / 1024 ** 3).toFixed(1);
	throw new StackFailure(
		`n8n takes 2.2 GB and ${folder} has ${freeGib} GB left; free some, or set XDG_CACHE_HOME`,
	);
}

/** n8n as a runtime of its own, never a dependency of the package: it weighs 2.2 GB and pins its own world. */
export async function ensureN8n(nodeBinary: string, signal?: AbortSignal): Promise<N8nRuntime> {
	const { folder, wasInstalled } = await ensureRuntime({
		name: 'n8n',
		version: N8N_VERSION,
		// A home folder may be shared by machines of two kinds, and n8n holds native modules.
		inputs: { manifest, platform: process.platform, arch: process.arch },
		deadlineMs: DEADLINE_MS,
		signal,
		install: async (target, logPath) => {
			requireDiskSpace(target);
			writeFileSync(join(target, 'package.json'), JSON.stringify(manifest, null, '\t'));
			await runNpm({
				name: `the installation of n8n ${N8N_VERSION}`,
				// Without the first flag a Kafka package downloads and fails; without the second npm resolves
				// peers for ten minutes.
				args: ['install', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'],
				cwd: target,
				nodeBinary,
				logPath,
				deadlineMs: DEADLINE_MS,
				signal,
			});
			if (!existsSync(join(target, 'node_modules', 'n8n', 'bin', 'n8n'))) {
				throw new StackFailure('npm ended well but there is no n8n', { logPath });
			}
		},
	});
	return {
		script: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
		origin: `${N8N_VERSION}, ${wasInstalled ? 'installed now' : 'from the cache'}`,
	};
}
