import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startChild } from '../../../scripts/stack/processes/child';
import * as identity from '../../../scripts/stack/processes/identity';
import { ProcessBook } from '../../../scripts/stack/processes/process-book';
import { runToEnd } from '../../../scripts/stack/processes/run-to-end';
import { Supervisor } from '../../../scripts/stack/processes/supervisor';
import { StackFailure } from '../../../scripts/stack/stack-failure';
import { waitFor } from '../../../scripts/stack/wait-for';

const { identify, isRunning } = identity;
const STAY = 'setInterval(() => {}, 1000);';
const STUBBORN = `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {});`;

describe('processes', () => {
	let folder: string;
	const logPath = () => join(folder, 'child.log');
	const node = (code: string) => ({
		command: process.execPath,
		args: ['-e', code],
		env: {},
		cwd: folder,
		logPath: logPath(),
	});
	const output = (text: string) =>
		waitFor(
			() => {
				const found = new RegExp(`${text} (\\d+)`).exec(readFileSync(logPath(), 'utf8'));
				return found ? Number(found[1]) : undefined;
			},
			{ deadlineMs: 60_000, pollMs: 10 },
		);

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'stackkraft-processes-'));
	});
	afterEach(() => {
		jest.restoreAllMocks();
		rmSync(folder, { recursive: true, force: true });
	});

	it('knows a process by its start, not by its number alone', async () => {
		const self = identify(process.pid)!;
		expect(isRunning(self)).toBe(true);
		expect(isRunning({ ...self, startedAt: `${self.startedAt}0` })).toBe(false);
		const child = await startChild({ name: 'sleeper', ...node(STAY) });
		const identity = identify(child.pid)!;
		await child.kill();
		expect(isRunning(identity)).toBe(false);
	});

	it('stops what a child started too, and a process that does not listen', async () => {
		const code = `${STUBBORN} const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STUBBORN + STAY)}], {stdio: 'ignore'}); console.log('grandchild', c.pid); ${STAY}`;
		const child = await startChild({ name: 'stubborn', ...node(code), stopDeadlineMs: 200 });
		const grandchild = identify((await output('grandchild'))!)!;
		expect(isRunning(grandchild)).toBe(true);
		await child.stop();
		expect(isRunning(grandchild)).toBe(false);
		expect(isRunning(child)).toBe(false);
	});

	it('stops the members of a group whose leader has already gone', async () => {
		const code = `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STAY)}], {stdio: 'ignore'}); console.log('member', c.pid); c.unref();`;
		const child = await startChild({ name: 'leader', ...node(code) });
		await child.exited;
		const member = identify((await output('member'))!)!;
		expect(isRunning(member)).toBe(true);
		await child.stop();
		expect(isRunning(member)).toBe(false);
	});

	it('says in one sentence, with the log, that a program cannot be started', async () => {
		const start = startChild({ ...node(''), name: 'nothing', command: join(folder, 'absent') });
		await expect(start).rejects.toThrow(StackFailure);
		await expect(start).rejects.toMatchObject({ logPath: logPath() });
	});

	it('ends a command at its deadline and says so', async () => {
		const run = runToEnd({ name: 'the endless one', ...node(STAY), deadlineMs: 100 });
		await expect(run).rejects.toThrow(/the endless one did not end within/);
	});

	it('ends a command when it is interrupted, before it answers', async () => {
		const abort = new AbortController();
		const run = runToEnd({
			name: 'the long one',
			...node(`console.log('started', process.pid); ${STAY}`),
			deadlineMs: 60_000,
			signal: abort.signal,
		});
		const outcome = expect(run).rejects.toThrow('enough');
		const process_ = await waitFor(() => identify(Number(/\d+/.exec(safeRead(logPath()))?.[0] ?? 0)), {
			deadlineMs: 60_000,
			pollMs: 10,
		});
		abort.abort(new Error('enough'));
		await outcome;
		expect(isRunning(process_!)).toBe(false);
	});

	it('tells of a process that ended by itself, and not of one that was asked to', async () => {
		const supervisor = new Supervisor(new ProcessBook(join(folder, 'book.json')));
		const told: string[] = [];
		void supervisor.failed.then((failure) => told.push(failure.message));
		await supervisor.spawn({ ...node(STAY), name: 'asked' });
		await supervisor.stop('asked');
		expect(told).toEqual([]);
		await supervisor.spawn({ ...node('process.exit(3)'), name: 'broken' });
		expect((await supervisor.failed).message).toBe('broken ended by itself (exit code 3)');
		await supervisor.stopAll();
	});

	it('tells of a process, too, that ended before anybody could look at it', async () => {
		const book = join(folder, 'book.json');
		const supervisor = new Supervisor(new ProcessBook(book));
		const look = jest.spyOn(identity, 'identify').mockReturnValueOnce(undefined);
		await supervisor.spawn({ ...node('process.exit(3)'), name: 'quick' });
		expect(look).toHaveReturnedWith(undefined);
		expect((await supervisor.failed).message).toBe('quick ended by itself (exit code 3)');
		await supervisor.stopAll();
		expect(await new ProcessBook(book).stopOrphans()).toEqual([]);
	});

	it('starts nothing any more once it stops', async () => {
		const supervisor = new Supervisor(new ProcessBook(join(folder, 'book.json')));
		await supervisor.stopAll();
		await expect(supervisor.spawn({ ...node(STAY), name: 'late' })).rejects.toThrow(/stack is stopping/);
	});
});

describe('the book of processes', () => {
	let folder: string;
	const path = () => join(folder, 'book.json');
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'stackkraft-book-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	const strayProcess = () => {
		const child = spawn(process.execPath, ['-e', STAY], { detached: true, stdio: 'ignore' });
		child.unref();
		return identify(child.pid!)!;
	};

	it('stops what an earlier run left running', async () => {
		const orphan = strayProcess();
		new ProcessBook(path()).add({ name: 'n8n', ...orphan, stopSignal: 'SIGTERM' });
		expect(await new ProcessBook(path()).stopOrphans()).toEqual(['n8n']);
		expect(isRunning(orphan)).toBe(false);
		expect(await new ProcessBook(path()).stopOrphans()).toEqual([]);
	});

	it('never touches a stranger who was given the number of a process of ours', async () => {
		const stranger = strayProcess();
		const before = { name: 'n8n', pid: stranger.pid, startedAt: `earlier than ${stranger.startedAt}` };
		new ProcessBook(path()).add({ ...before, stopSignal: 'SIGTERM' });
		expect(await new ProcessBook(path()).stopOrphans()).toEqual([]);
		expect(isRunning(stranger)).toBe(true);
		process.kill(stranger.pid, 'SIGKILL');
	});

	it('stops nothing when the book cannot be read', async () => {
		writeFileSync(path(), '[{"name":"n8n","pid":');
		expect(await new ProcessBook(path()).stopOrphans()).toEqual([]);
	});
});

function safeRead(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}
