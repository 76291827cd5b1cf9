import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { lockDataFolder } from '../../../scripts/stack/data-folder-lock';
import { tryLock } from '../../../scripts/stack/file-lock';
import { startOf } from '../../../scripts/stack/processes/identity';
import { eventually } from '../../support/eventually';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder';
import { runProgram, type ProgramEnd } from './tsx-process';

// Several processes start side by side: seconds here, and many on a busy machine.
const deadlineMs = 100_000;

let folder: TemporaryFolder;
beforeEach(() => {
	folder = createTemporaryFolder('races');
});
afterEach(() => folder.remove());

describe('the lock', () => {
	it('lets one process in at a time, also when owners die with it in their hands', async () => {
		const lockPath = join(folder.path, 'lock');
		const counterPath = join(folder.path, 'counter');
		writeFileSync(counterPath, '0');
		const workers = [
			...Array.from({ length: 4 }, () => runProgram('count-under-lock', [lockPath, counterPath, '60'])),
			...Array.from({ length: 3 }, () =>
				runProgram('count-under-lock', [lockPath, counterPath, '1', 'crash']),
			),
		];
		const ends = await Promise.all(workers.map((worker) => worker.ended));
		expect(ends.map(({ stderr }) => stderr).join('')).toBe('');
		expect(ends.filter(({ signal }) => signal === 'SIGKILL')).toHaveLength(3);
		expect(readFileSync(counterPath, 'utf8')).toBe(String(4 * 60 + 3));
		// Only a lock whose owner died last may remain; drafts and takeovers never do.
		expect(readdirSync(folder.path).filter((name) => !['counter', 'lock'].includes(name))).toEqual([]);
	});

	it('is taken over from a file that nobody can read', () => {
		const lockPath = join(folder.path, 'lock');
		writeFileSync(lockPath, 'half a');
		expect(tryLock(lockPath)).toHaveProperty('lock');
	});

	it('belongs to whoever is just taking it over from a dead owner, however long that takes', () => {
		const lockPath = join(folder.path, 'lock');
		const dead = { id: 'dead', pid: process.pid, startedAt: 'long ago' };
		const rival = { id: 'rival', pid: process.pid, startedAt: startOf(process.pid) };
		writeFileSync(lockPath, JSON.stringify(dead));
		writeFileSync(`${lockPath}.takeover-dead`, JSON.stringify(rival));
		expect(tryLock(lockPath)).toEqual({ heldBy: rival });
	});

	it('refuses a second stack on one data folder in a sentence that names the first', () => {
		const first = lockDataFolder(folder.path);
		expect(() => lockDataFolder(folder.path)).toThrow(
			`another stack (process ${process.pid}) already uses ${folder.path}`,
		);
		first.release();
		lockDataFolder(folder.path).release();
	});
});

describe('the cache of runtimes', () => {
	const notes = () => join(folder.path, 'notes');
	const gate = () => join(folder.path, 'gate');
	const install = () =>
		runProgram('install-once', [notes(), gate()], { XDG_CACHE_HOME: join(folder.path, 'cache') });
	const open = () => writeFileSync(gate(), '');
	const installations = () =>
		existsSync(notes()) ? readFileSync(notes(), 'utf8').split('\n').length - 1 : 0;
	const installs = () => eventually('an installation', () => installations() === 1, deadlineMs);
	const cached = () => readdirSync(join(folder.path, 'cache', 'stackkraft'));
	const answerOf = ({ stdout }: ProgramEnd) =>
		JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { folder: string; wasInstalled: boolean };

	it('installs once when several processes want the same', async () => {
		const programs = Array.from({ length: 4 }, install);
		await Promise.all(programs.map((program) => program.saw('asks')));
		await installs();
		open();
		const answers = (await Promise.all(programs.map((program) => program.ended))).map(answerOf);
		expect(installations()).toBe(1);
		expect(answers.filter(({ wasInstalled }) => wasInstalled)).toHaveLength(1);
		for (const answer of answers) expect(readdirSync(answer.folder).sort()).toEqual(['half', 'whole']);
	});

	it('holds nothing half after an installation was killed, and the next one succeeds', async () => {
		const killed = install();
		await installs();
		killed.process.kill('SIGKILL');
		await killed.ended;
		expect(cached().filter((name) => /^thing-1\.0\.0-[0-9a-f]+$/.test(name))).toEqual([]);
		open();
		const { folder: installed } = answerOf(await install().ended);
		expect(readdirSync(installed).sort()).toEqual(['half', 'whole']);
		expect(cached().filter((name) => name.includes('.installing-') || name.endsWith('.lock'))).toEqual([]);
	});

	it('takes what another machine finished meanwhile instead of failing', async () => {
		const program = install();
		await installs();
		const draft = cached().find((name) => name.includes('.installing-'))!;
		const target = join(folder.path, 'cache', 'stackkraft', draft.split('.installing-')[0]!);
		mkdirSync(target);
		writeFileSync(join(target, 'theirs'), '');
		open();
		const end = await program.ended;
		expect(end.code).toBe(0);
		expect(readdirSync(answerOf(end).folder)).toEqual(['theirs']);
	});
});
