import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, createWriteStream, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

import { StackFailure } from '../stack-failure';
import { waitFor } from '../wait-for';
import { guardGroup, releaseGroup } from './guardian';
import { isGroupAlive, signalGroup } from './group';
import { identify, type ProcessIdentity } from './identity';

export interface ChildOptions {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	readonly env: NodeJS.ProcessEnv;
	readonly cwd: string;
	/** Takes the output; left out, the person sees it. */
	readonly logPath?: string | undefined;
	readonly uid?: number | undefined;
	readonly gid?: number | undefined;
	/** Asks the process to end by itself; PostgreSQL's fast shutdown is SIGINT. */
	readonly stopSignal?: NodeJS.Signals;
	readonly stopDeadlineMs?: number;
	/** Gets each line of standard output, beside the log. */
	readonly onLine?: (line: string) => void;
}

export interface ChildExit {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
}

/** A running process in a group of its own, so that a signal reaches what it started too. */
export interface Child extends ProcessIdentity {
	/** Empty when it ended before anybody could look. */
	readonly startedAt: string;
	readonly name: string;
	readonly logPath: string | undefined;
	readonly exited: Promise<ChildExit>;
	exit(): ChildExit | undefined;
	/** Stops the whole group: politely, then after the deadline with SIGKILL. */
	stop(): Promise<void>;
	kill(): Promise<void>;
}

const DEFAULT_STOP_DEADLINE_MS = 10_000;
const KILL_DEADLINE_MS = 5_000;

function launch(options: ChildOptions): ChildProcess {
	const base = {
		cwd: options.cwd,
		env: options.env,
		detached: true,
		...(options.uid === undefined ? {} : { uid: options.uid }),
		...(options.gid === undefined ? {} : { gid: options.gid }),
	};
	const { logPath } = options;
	if (logPath === undefined) {
		return spawn(options.command, options.args, { ...base, stdio: ['ignore', 'inherit', 'inherit'] });
	}
	mkdirSync(dirname(logPath), { recursive: true });
	const log = openSync(logPath, 'a', 0o600);
	try {
		// The child writes to the file itself: its log survives us, and it never blocks on our pipe.
		const stdio: StdioOptions = ['ignore', options.onLine ? 'pipe' : log, log];
		const child = spawn(options.command, options.args, { ...base, stdio });
		if (options.onLine && child.stdout) {
			child.stdout.pipe(createWriteStream(logPath, { flags: 'a' }));
			createInterface({ input: child.stdout }).on('line', options.onLine);
		}
		return child;
	} finally {
		closeSync(log);
	}
}

export async function startChild(options: ChildOptions): Promise<Child> {
	const child = launch(options);
	let exit: ChildExit | undefined;
	const exited = new Promise<ChildExit>((resolve) => {
		child.once('exit', (code, signal) => {
			exit = { code, signal };
			resolve(exit);
		});
	});
	const failure = await new Promise<Error | undefined>((resolve) => {
		child.once('spawn', () => resolve(undefined));
		child.once('error', resolve);
	});
	const { pid } = child;
	if (failure !== undefined || pid === undefined) {
		throw new StackFailure(`${options.name} cannot be started: ${failure?.message ?? 'no process'}`, {
			logPath: options.logPath,
			cause: failure,
		});
	}
	const stopSignal = options.stopSignal ?? 'SIGTERM';
	guardGroup(pid, stopSignal);
	const isGone = () => {
		if (exit === undefined || isGroupAlive(pid)) return undefined;
		releaseGroup(pid);
		return true;
	};
	void exited.then(isGone);

	const kill = async (): Promise<void> => {
		signalGroup(pid, 'SIGKILL');
		await waitFor(isGone, { deadlineMs: KILL_DEADLINE_MS, pollMs: 10 });
	};
	return {
		name: options.name,
		logPath: options.logPath,
		pid,
		startedAt: identify(pid)?.startedAt ?? '',
		exited,
		exit: () => exit,
		kill,
		stop: async () => {
			// A leader that has died may leave members behind, so the group is asked in either case.
			signalGroup(pid, stopSignal);
			const deadlineMs = options.stopDeadlineMs ?? DEFAULT_STOP_DEADLINE_MS;
			if ((await waitFor(isGone, { deadlineMs, pollMs: 20 })) === undefined) await kill();
		},
	};
}

/** Runs `probe` until the child is usable; a child that ends, or a deadline that passes, is a failure. */
export async function untilReady<T>(
	child: Child,
	probe: () => Promise<T | undefined> | T | undefined,
	deadlineMs: number,
	signal?: AbortSignal,
): Promise<T> {
	const answer = await waitFor<T>(
		async () => {
			const exit = child.exit();
			if (exit === undefined) return probe();
			throw new StackFailure(
				`${child.name} ended while it started (${exit.signal ?? `exit code ${exit.code}`})`,
				{
					logPath: child.logPath,
				},
			);
		},
		{ deadlineMs, pollMs: 30, signal },
	);
	if (answer !== undefined) return answer;
	throw new StackFailure(`${child.name} was not ready within ${Math.round(deadlineMs / 1000)} s`, {
		logPath: child.logPath,
	});
}
