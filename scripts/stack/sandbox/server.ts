import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

import { projectFolder } from '../paths';
import { untilReady } from '../processes/child';
import type { SpawnChild } from '../processes/supervisor';

export interface SandboxOptions {
	readonly ports: Readonly<Record<string, number>>;
	readonly folder: string;
	readonly logPath: string;
	readonly spawn: SpawnChild;
	readonly signal?: AbortSignal | undefined;
}

/** Base address per pretend network. */
export type SandboxUrls = Readonly<Record<string, string>>;

const READY_DEADLINE_MS = 60_000;
const readyLineSchema = z.record(z.string(), z.object({ baseUrl: z.url() }));

/** One folder per network, beside the frame that they share. */
export function sandboxNetworks(): string[] {
	const folder = join(projectFolder, 'sandbox');
	if (!existsSync(join(folder, 'main.ts'))) return [];
	return readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'index.ts')))
		.map((entry) => entry.name)
		.filter((name) => name !== 'core')
		.sort();
}

function parseReadyLine(line: string): SandboxUrls | undefined {
	try {
		const networks = readyLineSchema.parse(JSON.parse(line));
		return Object.fromEntries(Object.entries(networks).map(([name, { baseUrl }]) => [name, baseUrl]));
	} catch {
		return undefined;
	}
}

/** The pretend networks in a process of their own, as far from our code as the real ones are. */
export async function startSandboxServer(options: SandboxOptions): Promise<SandboxUrls> {
	let urls: SandboxUrls | undefined;
	const child = await options.spawn({
		name: 'sandbox',
		command: process.execPath,
		args: [
			'--import',
			'tsx',
			join('sandbox', 'main.ts'),
			...Object.entries(options.ports).flatMap(([network, port]) => [`--port-${network}`, String(port)]),
			'--state',
			join(options.folder, 'state.json'),
		],
		cwd: projectFolder,
		env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC' },
		logPath: options.logPath,
		onLine: (line) => {
			urls ??= parseReadyLine(line);
		},
	});
	return untilReady(child, () => urls, READY_DEADLINE_MS, options.signal);
}
