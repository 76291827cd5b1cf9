import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

import { secretMark } from '../../sandbox/core/ids';
import { projectFolder } from '../stack/paths';
import { runToEnd } from '../stack/processes/run-to-end';
import { StackFailure } from '../stack/stack-failure';

export interface TestCount {
	readonly passed: number;
	readonly failed: number;
}

const DEADLINE_MS = 60 * 60_000;
const resultSchema = z.object({
	numPassedTests: z.number().int(),
	numFailedTests: z.number().int(),
	// A file that could not even be loaded holds no failed test, and must not pass for a green one.
	numRuntimeErrorTestSuites: z.number().int(),
	success: z.boolean(),
});

export function countResults(json: unknown): TestCount {
	const result = resultSchema.parse(json);
	const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
	// jest has reasons of its own for "no", such as a pattern that matches no test at all.
	return { passed: result.numPassedTests, failed: failed === 0 && !result.success ? 1 : failed };
}

export async function runJest(args: readonly string[], signal: AbortSignal): Promise<TestCount> {
	const resultPath = join(projectFolder, '.stackkraft', 'test-results.json');
	rmSync(resultPath, { force: true });
	try {
		await runToEnd({
			name: 'jest',
			command: process.execPath,
			args: [
				// Lets code under test use import() for packages that are ES modules only.
				'--experimental-vm-modules',
				'--disable-warning=ExperimentalWarning',
				'--disable-warning=ExperimentalWarning',
				join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js'),
				'--json',
				`--outputFile=${resultPath}`,
				// Much of the run is waiting for services to start: jest's own choice on two cores is one at a time.
				'--maxWorkers=2',
				...args,
			],
			cwd: projectFolder,
			deadlineMs: DEADLINE_MS,
			signal,
		});
	} catch (error) {
		// Failed tests end jest with an exit code; what they were is in the results.
		if (!(error instanceof StackFailure)) throw error;
	}
	try {
		const written = readFileSync(resultPath, 'utf8');
		const { passed, failed } = countResults(JSON.parse(written));
		if (!written.includes(secretMark)) return { passed, failed };
		console.error('A secret of a pretend network stands in the test results: find out who wrote it.');
		return { passed, failed: failed + 1 };
	} catch {
		return { passed: 0, failed: 1 };
	}
}
