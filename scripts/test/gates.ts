import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { buildPackage } from '../stack/package/build';
import { projectFolder } from '../stack/paths';
import type { CommandContext } from '../stack/run-command';
import { runToEnd } from '../stack/processes/run-to-end';

/** What must hold before a test says anything; each counts as one failure when it does not. */
export interface Gate {
	readonly title: string;
	readonly work: () => Promise<unknown>;
}

const DEADLINE_MS = 600_000;
const bin = (...path: string[]) => join(projectFolder, 'node_modules', ...path);

function tool(name: string, args: readonly string[], signal: AbortSignal): () => Promise<void> {
	return () =>
		runToEnd({
			name,
			command: process.execPath,
			args,
			cwd: projectFolder,
			deadlineMs: DEADLINE_MS,
			signal,
		});
}

export function buildGate({ progress, signal }: CommandContext): Gate {
	return { title: 'build', work: () => buildPackage({ progress, signal }) };
}

export function sourceGates({ signal }: CommandContext): Gate[] {
	const notes = (name: string) => join('.stackkraft', name);
	const typeCheck = [bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'tsconfig.json'];
	const gates: Gate[] = [
		{
			title: 'type check',
			work: tool(
				'type check',
				[...typeCheck, '--incremental', '--tsBuildInfoFile', notes('check.tsbuildinfo')],
				signal,
			),
		},
	];
	if (existsSync(join(projectFolder, 'eslint.config.mjs'))) {
		const lint = [
			bin('eslint', 'bin', 'eslint.js'),
			'.',
			'--cache',
			'--cache-location',
			notes('eslint-cache'),
		];
		gates.push({ title: 'lint', work: tool('lint', lint, signal) });
	}
	const format = [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'];
	gates.push({ title: 'format', work: tool('format', format, signal) });
	return gates;
}
