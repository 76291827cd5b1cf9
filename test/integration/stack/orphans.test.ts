import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isRunning, type ProcessIdentity } from '../../../scripts/stack/processes/identity';
import { ProcessBook } from '../../../scripts/stack/processes/process-book';
import { waitFor } from '../../../scripts/stack/wait-for';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder';
import { runProgram } from './tsx-process';

function childrenOf(pid: number): number[] {
	const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
	return table
		.split('\n')
		.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
		.filter((match) => Number(match?.[2]) === pid && match?.[3]?.includes('guardian-process'))
		.map((match) => Number(match?.[1]));
}

describe('a parent that is killed with -9', () => {
	let folder: TemporaryFolder;
	beforeEach(() => {
		folder = createTemporaryFolder('orphans');
	});
	afterEach(() => folder.remove());

	const start = async () => {
		const temporary = join(folder.path, 'temporary');
		mkdirSync(temporary);
		const parent = runProgram('parent', [folder.path, temporary]);
		await parent.saw('ready');
		const book = join(folder.path, 'processes.json');
		const children = JSON.parse(readFileSync(book, 'utf8')) as (ProcessIdentity & { name: string })[];
		expect(children.map(({ name }) => name)).toEqual(['first', 'second']);
		expect(children.every(isRunning)).toBe(true);
		return { parent, children, book, temporary };
	};

	it('leaves no process and no temporary folder: the guardian stops and removes them', async () => {
		const { parent, children, temporary } = await start();
		parent.process.kill('SIGKILL');
		await parent.ended;
		const isClean = () => (children.some(isRunning) || existsSync(temporary) ? undefined : true);
		expect(await waitFor(isClean, { deadlineMs: 60_000 })).toBe(true);
	});

	it('leaves orphans when the guardian dies too, and the next run stops them', async () => {
		const { parent, children, book } = await start();
		const guardians = childrenOf(parent.process.pid!);
		expect(guardians).toHaveLength(1);
		for (const pid of guardians) process.kill(pid, 'SIGKILL');
		parent.process.kill('SIGKILL');
		await parent.ended;
		expect(children.every(isRunning)).toBe(true);
		expect(await new ProcessBook(book).stopOrphans()).toEqual(['second', 'first']);
		expect(children.some(isRunning)).toBe(false);
	});
});
