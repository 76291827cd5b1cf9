// A slice of npm run bench:faults: the same processes, the same faults, a handful of seeds.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFolder } from '../../../scripts/stack/paths';

const deadlineMs = 400_000;
jest.setTimeout(deadlineMs + 10_000);

it('neither loses nor doubles a post, nor leaves one behind, in a handful of seeds', async () => {
	const command = ['--import', 'tsx', 'bench/faults/main.ts', '--seeds', '4', '--lanes', '1'];
	const { stdout } = await promisify(execFile)(process.execPath, command, {
		cwd: projectFolder,
		timeout: deadlineMs,
		killSignal: 'SIGTERM',
	}).catch((error: unknown) => ({ stdout: String((error as { stdout?: unknown }).stdout ?? error) }));
	expect(stdout.trim().split('\n').at(-1)).toMatch(
		/^faults: \d+ points, \d+ posts, 0 lost, 0 duplicated, 0 stuck$/,
	);
	expect(stdout).toContain('unexplained 0');
});
