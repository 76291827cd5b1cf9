import { dirname } from 'node:path';
import { mkdirSync } from 'node:fs';

import { startChild } from '../processes/child';
import { StackFailure } from '../stack-failure';

export interface LoggedCommand {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env?: NodeJS.ProcessEnv;
	readonly logPath: string;
	readonly deadlineMs: number;
	readonly signal?: AbortSignal | undefined;
	/** What a person can do when it fails, as the second half of the sentence. */
	readonly advice?: string;
}

/** Runs one command to its end; its output goes to the log, its failure becomes one sentence. */
export async function runLogged(options: LoggedCommand): Promise<void> {
	options.signal?.throwIfAborted();
	mkdirSync(dirname(options.logPath), { recursive: true });
	const child = await startChild({ ...options, env: options.env ?? process.env, stopDeadlineMs: 3_000 });
	let whyStopped: string | undefined;
	const stop = (why: string) => {
		whyStopped ??= why;
		void child.stop();
	};
	const timer = setTimeout(
		() => stop(`did not end within ${Math.round(options.deadlineMs / 1000)} s`),
		options.deadlineMs,
	);
	const onAbort = () => stop('was interrupted');
	options.signal?.addEventListener('abort', onAbort, { once: true });
	try {
		const { code, signal } = await child.exited;
		if (whyStopped !== undefined) await child.stop();
		options.signal?.throwIfAborted();
		if (code === 0 && whyStopped === undefined) return;
		const what = whyStopped ?? `failed (${signal ?? `exit code ${code}`})`;
		throw new StackFailure(`${options.name} ${what}${options.advice ? `; ${options.advice}` : ''}`, {
			logPath: options.logPath,
		});
	} finally {
		clearTimeout(timer);
		options.signal?.removeEventListener('abort', onAbort);
	}
}
