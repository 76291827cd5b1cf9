import { startChild } from './child';
import { StackFailure } from '../stack-failure';

export interface Command {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env?: NodeJS.ProcessEnv;
	/** Takes the output; left out, the person sees it. */
	readonly logPath?: string;
	readonly deadlineMs: number;
	readonly signal?: AbortSignal | undefined;
	/** What a person can do when it fails, as the second half of the sentence. */
	readonly advice?: string;
}

/** Runs one command to its end; its failure becomes one sentence. */
export async function runToEnd(options: Command): Promise<void> {
	options.signal?.throwIfAborted();
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
		const advice = options.advice ? `; ${options.advice}` : '';
		throw new StackFailure(`${options.name} ${what}${advice}`, { logPath: options.logPath });
	} finally {
		clearTimeout(timer);
		options.signal?.removeEventListener('abort', onAbort);
	}
}
