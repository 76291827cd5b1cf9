import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const project = path.join(__dirname, '../../..');

it.each(['youtube', 'tiktok', 'x', 'linkedin'])(
	'uploads one gigabyte to %s while memory grows by less than 64 MiB',
	async (network) => {
		// In a process of its own: what jest holds would hide what the upload takes.
		const script = ['--import', 'tsx', 'bench/upload/main.ts', '--memory-only', '--networks', network];
		const { stdout } = await run(process.execPath, script, { cwd: project, timeout: 300_000 });
		const line = new RegExp(`${network}, (\\d+) bytes, .*rss_growth_mib ([\\d.]+)`).exec(stdout);
		expect(Number(line?.[1])).toBe(2 ** 30);
		expect(Number(line?.[2])).toBeLessThan(64);
	},
	310_000,
);
