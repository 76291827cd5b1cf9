// The browser of the editor test and of the screenshots. It is no runtime of the product, so it comes from the
// machine's own package manager: a browser wants the security updates of a distribution, not a copy in a cache.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { cacheFolder } from '../paths';
import { runToEnd } from '../processes/run-to-end';
import { messageOf, StackFailure } from '../stack-failure';

export interface ChromiumBinary {
	readonly path: string;
	readonly version: string;
	readonly origin: 'CHROMIUM_PATH' | 'found' | 'installed now';
}

const INSTALL_DEADLINE_MS = 600_000;
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPLICATIONS = ['Chromium', 'Google Chrome'].map(
	(name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/** Undefined for what does not run: Ubuntu's `chromium-browser` is a script that only says where to find a snap. */
function versionOf(binary: string): string | undefined {
	try {
		const output = execFileSync(binary, ['--version'], {
			encoding: 'utf8',
			timeout: 20_000,
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		return /\d+(\.\d+){2,}/.exec(output)?.[0];
	} catch {
		return undefined;
	}
}

function onPath(program: string): string[] {
	return (process.env['PATH'] ?? '')
		.split(delimiter)
		.filter((folder) => folder !== '')
		.map((folder) => join(folder, program))
		.filter((path) => existsSync(path));
}

function findInstalled(): Omit<ChromiumBinary, 'origin'> | undefined {
	for (const path of [...PROGRAMS.flatMap(onPath), ...MAC_APPLICATIONS.filter((name) => existsSync(name))]) {
		const version = versionOf(path);
		if (version !== undefined) return { path, version };
	}
	return undefined;
}

function chosenByPerson(): ChromiumBinary | undefined {
	const path = process.env['CHROMIUM_PATH'];
	if (path === undefined || path === '') return undefined;
	const version = versionOf(path);
	if (version === undefined) {
		throw new StackFailure(`CHROMIUM_PATH names ${path}, which is no Chromium or Chrome that runs here`);
	}
	return { path, version, origin: 'CHROMIUM_PATH' };
}

function oneCommandToType(): string {
	return process.platform === 'darwin'
		? 'brew install --cask chromium'
		: 'sudo apt-get update && sudo apt-get install -y chromium';
}

async function installFromDebian(logPath: string, signal?: AbortSignal): Promise<void> {
	mkdirSync(cacheFolder(), { recursive: true });
	const apt = (name: string, ...args: string[]) =>
		runToEnd({
			name,
			command: 'apt-get',
			// Somebody else's apt-get is waited for instead of failed on.
			args: ['-o', 'DPkg::Lock::Timeout=300', ...args],
			cwd: cacheFolder(),
			env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
			logPath,
			deadlineMs: INSTALL_DEADLINE_MS,
			signal,
		});
	// Always: a list of packages that is older than the mirror names files that are gone.
	await apt('apt-get update', 'update');
	await apt('apt-get install chromium', 'install', '-y', '--no-install-recommends', 'chromium');
}

/** A Chromium or Chrome: the one that CHROMIUM_PATH names, else the machine's, else (as root on Debian) a new one. */
export async function ensureChromium(signal?: AbortSignal): Promise<ChromiumBinary> {
	const chosen = chosenByPerson();
	if (chosen !== undefined) return chosen;
	const found = findInstalled();
	if (found !== undefined) return { ...found, origin: 'found' };
	const advice = `Type: ${oneCommandToType()}; or name one in CHROMIUM_PATH`;
	if (process.getuid?.() !== 0 || onPath('apt-get').length === 0) {
		throw new StackFailure(`Chromium is needed to look at the editor, and there is none. ${advice}`);
	}
	const logPath = join(cacheFolder(), 'chromium.log');
	try {
		await installFromDebian(logPath, signal);
	} catch (error) {
		signal?.throwIfAborted();
		throw new StackFailure(`Chromium could not be installed (${messageOf(error)}). ${advice}`, {
			logPath,
			cause: error,
		});
	}
	const installed = findInstalled();
	if (installed === undefined) {
		throw new StackFailure(`apt-get installed a chromium that does not run here. ${advice}`, { logPath });
	}
	return { ...installed, origin: 'installed now' };
}
