import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DEADLINE_MS = 15 * 60_000;
const KILL_AFTER_MS = 3_000;
const REMIND_EVERY_MS = 15_000;
const EXIT_CODE_OF = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

function readPackages(path) {
	try {
		return JSON.parse(readFileSync(path, 'utf8')).packages;
	} catch {
		return undefined;
	}
}

/**
 * npm writes its own list of what it installed as its last act, so an interrupted install has none. What
 * is optional may be missing: it is for other machines.
 */
export function areDependenciesInstalled(projectFolder) {
	const wanted = readPackages(join(projectFolder, 'package-lock.json'));
	const present = readPackages(join(projectFolder, 'node_modules', '.package-lock.json'));
	if (wanted === undefined || present === undefined) return false;
	return Object.entries(wanted).every(([path, { version, optional }]) => {
		if (path === '') return true;
		const found = present[path];
		return found === undefined ? optional === true : found.version === version;
	});
}

function stopGroup(pid, signal) {
	try {
		process.kill(-pid, signal);
	} catch {
		// It ended by itself.
	}
}

function runNpmCi(projectFolder, logPath) {
	const log = openSync(logPath, 'w', 0o600);
	// A group of its own: npm's children must end with it, whoever interrupts us and however.
	const child = spawn('npm', ['ci', '--no-audit', '--no-fund'], {
		cwd: projectFolder,
		detached: true,
		stdio: ['ignore', log, log],
	});
	closeSync(log);
	return new Promise((resolve) => {
		let interruptedBy;
		let killTimer;
		const stop = (signal) => {
			interruptedBy ??= signal;
			if (child.pid === undefined || killTimer !== undefined) return;
			stopGroup(child.pid, 'SIGTERM');
			killTimer = setTimeout(() => stopGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS);
		};
		const deadline = setTimeout(() => stop('the deadline'), DEADLINE_MS);
		for (const signal of Object.keys(EXIT_CODE_OF)) process.on(signal, stop);
		const finish = (outcome) => {
			clearTimeout(deadline);
			clearTimeout(killTimer);
			for (const signal of Object.keys(EXIT_CODE_OF)) process.off(signal, stop);
			// The leader may have gone before the rest of its group.
			if (interruptedBy !== undefined && child.pid !== undefined) stopGroup(child.pid, 'SIGKILL');
			resolve({ ...outcome, interruptedBy });
		};
		child.once('error', (error) => finish({ problem: error.message }));
		child.once('exit', (code, signal) =>
			finish({ problem: code === 0 ? undefined : (signal ?? `exit code ${code}`) }),
		);
	});
}

/** Runs `npm ci` unless node_modules is what package-lock.json says. */
export async function installDependencies(projectFolder) {
	if (areDependenciesInstalled(projectFolder)) return;
	const logFolder = join(projectFolder, '.stackkraft', 'logs');
	mkdirSync(logFolder, { recursive: true });
	const logPath = join(logFolder, 'npm-ci.log');
	const startedAtMs = performance.now();
	const elapsed = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
	console.log('  … dependencies (npm ci)');
	const reminder = setInterval(
		() => console.log(`  … npm ci: still at it after ${elapsed()}`),
		REMIND_EVERY_MS,
	);
	const { problem, interruptedBy } = await runNpmCi(projectFolder, logPath);
	clearInterval(reminder);
	if (interruptedBy in EXIT_CODE_OF) process.exit(EXIT_CODE_OF[interruptedBy]);
	if (problem !== undefined || interruptedBy !== undefined) {
		const how = interruptedBy === undefined ? problem : `stopped by ${interruptedBy}`;
		throw new Error(`npm ci failed (${how}); mend what the log says and run again\n    log: ${logPath}`);
	}
	console.log(`  ✔ dependencies (${elapsed()})`);
}
