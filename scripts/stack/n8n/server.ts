import { untilReady, type Child } from '../processes/child';
import type { SpawnChild } from '../processes/supervisor';
import { n8nEnvironment, type N8nSettings } from './environment';
import { isN8nUsable } from './http';

export interface N8nServerOptions extends N8nSettings {
	readonly script: string;
	readonly logPath: string;
	readonly spawn: SpawnChild;
	readonly signal?: AbortSignal | undefined;
}

// The first boot runs some 270 migrations.
const READY_DEADLINE_MS = 180_000;
// A little more than the time that n8n gives its running executions (see environment.ts).
const STOP_DEADLINE_MS = 20_000;

export async function startN8nServer(options: N8nServerOptions): Promise<Child> {
	const child = await options.spawn({
		name: 'n8n',
		command: options.nodeBinary,
		args: [options.script, 'start'],
		cwd: options.userFolder,
		env: n8nEnvironment(options),
		logPath: options.logPath,
		stopDeadlineMs: STOP_DEADLINE_MS,
	});
	const isReady = () => isN8nUsable(`http://127.0.0.1:${options.port}`);
	await untilReady(child, isReady, READY_DEADLINE_MS, options.signal);
	return child;
}
