import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const project = path.join(__dirname, '../../..');

it('uploads one gigabyte while memory grows by less than 64 MiB', async () => {
	// In a process of its own: what jest holds would hide what the upload takes.
	const { stdout } = await run(process.execPath, ['--import', 'tsx', 'bench/upload-memory.ts', '1024'], {
		cwd: project,
		timeout: 120_000,
	});
	const [, sizeBytes, growthMib] = /youtube, (\d+) bytes, .*rss_growth_mib ([\d.]+)/.exec(stdout) ?? [];
	expect(Number(sizeBytes)).toBe(2 ** 30);
	expect(Number(growthMib)).toBeLessThan(64);
}, 130_000);
