import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process id alone is no identity: the kernel hands it out again. With the moment of its start it is,
 * and nobody kills a stranger who was given the id of a process of ours.
 */
export interface ProcessIdentity {
	readonly pid: number;
	/** Opaque; comparable only with another value from the same machine. */
	readonly startedAt: string;
}

let bootId: string | undefined;

function startOnLinux(pid: number): string | undefined {
	let stat: string;
	try {
		stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	} catch {
		return undefined;
	}
	// The command's name stands in parentheses and may hold spaces: count from its end.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	// A zombie runs nothing any more; it only waits for its parent to look.
	if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
	bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
	return `${bootId}/${fields[19]}`;
}

function startByPs(pid: number): string | undefined {
	try {
		const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
			encoding: 'utf8',
			timeout: 5_000,
			stdio: ['ignore', 'pipe', 'ignore'],
		}).trim();
		return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
	} catch {
		return undefined;
	}
}

/** When the process started, or `undefined` when no such process runs. */
export function startOf(pid: number): string | undefined {
	return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

export function identify(pid: number): ProcessIdentity | undefined {
	const startedAt = startOf(pid);
	return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isRunning(identity: ProcessIdentity): boolean {
	return startOf(identity.pid) === identity.startedAt;
}

/** The command line of a running process, or an empty string. */
export function commandLineOf(pid: number): string {
	try {
		if (process.platform === 'linux') {
			return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
		}
		return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 });
	} catch {
		return '';
	}
}
