import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { projectFolder } from '../../../scripts/stack/paths';

export interface ProgramEnd {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface Program {
	readonly process: ChildProcess;
	readonly ended: Promise<ProgramEnd>;
	/** Resolves when the text appeared on standard output. */
	saw(text: string): Promise<void>;
}

/** Runs one of the programs beside this file in a process of its own. */
export function runProgram(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
	const child = spawn(
		process.execPath,
		['--import', 'tsx', join(__dirname, 'programs', `${name}.ts`), ...args],
		{
			cwd: projectFolder,
			env: { ...process.env, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		},
	);
	let stdout = '';
	let stderr = '';
	child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	return {
		process: child,
		ended: new Promise((resolve) => {
			child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
		}),
		saw: (text) =>
			new Promise((resolve, reject) => {
				const look = () => {
					if (stdout.includes(text)) resolve();
				};
				child.stdout.on('data', look);
				child.once('close', () => reject(new Error(`ended without saying "${text}": ${stderr}`)));
				look();
			}),
	};
}
