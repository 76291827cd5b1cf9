import { join } from 'node:path';
import { z } from 'zod';

import { projectFolder } from '../paths';
import { untilReady } from '../processes/child';
import type { SpawnChild } from '../processes/supervisor';

const READY_DEADLINE_MS = 60_000;
const readySchema = z.object({ url: z.url() });

/** The address under which the sandbox finds the files of the stack's media folder. */
export async function startMediaServerProcess(options: {
	readonly folder: string;
	readonly port: number;
	readonly logPath: string;
	readonly spawn: SpawnChild;
	readonly signal?: AbortSignal | undefined;
}): Promise<string> {
	let url: string | undefined;
	const script = join('scripts', 'stack', 'media-server', 'main.ts');
	const child = await options.spawn({
		name: 'media-server',
		command: process.execPath,
		args: ['--import', 'tsx', script, '--folder', options.folder, '--port', String(options.port)],
		cwd: projectFolder,
		env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC' },
		logPath: options.logPath,
		onLine: (line) => {
			url ??= urlIn(line);
		},
	});
	return untilReady(child, () => url, READY_DEADLINE_MS, options.signal);
}

function urlIn(line: string): string | undefined {
	try {
		return readySchema.parse(JSON.parse(line)).url;
	} catch {
		return undefined;
	}
}
