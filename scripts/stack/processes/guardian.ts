import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

// One guardian per process that starts children; see guardian-process.mjs for what it does and why.
let guardian: ChildProcess | undefined;

function tell(line: string): void {
	if (guardian === undefined || guardian.exitCode !== null || guardian.signalCode !== null) {
		guardian = spawn(process.execPath, [join(__dirname, 'guardian-process.mjs')], {
			stdio: ['pipe', 'ignore', 'ignore'],
			detached: true,
			env: { PATH: process.env['PATH'] },
		});
		// A guardian that cannot start or has died must not take the healthy parent with it.
		guardian.on('error', () => undefined);
		guardian.stdin?.on('error', () => undefined);
		guardian.unref();
		(guardian.stdin as unknown as { unref?: () => void } | null)?.unref?.();
	}
	guardian.stdin?.write(`${line}\n`);
}

export function guardGroup(pid: number, stopSignal: NodeJS.Signals): void {
	tell(`+ ${pid} ${stopSignal}`);
}

export function releaseGroup(pid: number): void {
	tell(`- ${pid}`);
}

export function guardFolder(folder: string): void {
	tell(`f+ ${folder}`);
}

export function releaseFolder(folder: string): void {
	tell(`f- ${folder}`);
}
