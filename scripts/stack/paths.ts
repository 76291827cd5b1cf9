import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const projectFolder = resolve(__dirname, '..', '..');

/** Everything one stack writes while it runs: databases, clips, logs, n8n's own folder. */
export function defaultDataFolder(): string {
	return resolve(process.env['STACKKRAFT_DATA_FOLDER'] ?? join(projectFolder, '.stackkraft'));
}

/** Downloaded runtimes, shared by every clone of this user. */
export function cacheFolder(): string {
	const base = process.env['XDG_CACHE_HOME'];
	// The XDG rule: a relative value is to be ignored.
	return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'stackkraft');
}
