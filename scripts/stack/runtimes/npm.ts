import { delimiter, dirname } from 'node:path';

import { runToEnd } from '../processes/run-to-end';

// What a surrounding `npm run` puts into the environment describes our own package and would steer the
// inner npm; what describes the way to the registry must reach it.
const KEPT_NPM_VARIABLE =
	/^npm_config_(registry|cache|userconfig|globalconfig|https?_proxy|proxy|noproxy|cafile|ca|strict_ssl|offline|prefer_offline|fetch_.*|@.*)$/i;

export function npmEnvironment(nodeBinary: string): NodeJS.ProcessEnv {
	const env: NodeJS.ProcessEnv = {};
	for (const [name, value] of Object.entries(process.env)) {
		if (!/^npm_/i.test(name) || KEPT_NPM_VARIABLE.test(name)) env[name] = value;
	}
	delete env['INIT_CWD'];
	delete env['NODE_OPTIONS'];
	return {
		...env,
		PATH: `${dirname(nodeBinary)}${delimiter}${process.env['PATH'] ?? ''}`,
		npm_config_update_notifier: 'false',
	};
}

export interface NpmCall {
	readonly name: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly nodeBinary: string;
	readonly logPath: string;
	readonly deadlineMs: number;
	readonly signal?: AbortSignal | undefined;
}

export async function runNpm(call: NpmCall): Promise<void> {
	await runToEnd({
		...call,
		command: 'npm',
		env: npmEnvironment(call.nodeBinary),
		advice: 'look at the log; with the registry reachable, running again continues',
	});
}
