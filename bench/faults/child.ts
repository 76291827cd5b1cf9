// A process of ours that is asked things and can be killed.
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { answerSchema, ask } from './messages';

export interface AskedEdge {
	readonly number: number;
	readonly label: string;
}

const readyDeadlineMs = 60_000;

export class AskedChild {
	private lastId = 0;
	isGone = false;
	/** Set by whoever uses the process now. */
	onEdge: (edge: AskedEdge) => void = () => undefined;

	private constructor(
		private readonly child: ChildProcess,
		readonly exited: Promise<void>,
	) {
		void exited.then(() => (this.isGone = true));
		child.on('message', (message) => {
			const said = answerSchema.safeParse(message);
			if (said.success && 'edge' in said.data) this.onEdge(said.data.edge);
		});
	}

	static async start(script: string, logPath: string): Promise<AskedChild> {
		const log = openSync(logPath, 'a');
		const child = fork(path.join(__dirname, script), [], {
			// Nothing here needs the loader for ES modules, which costs each start an eighth of its processor time.
			execArgv: ['--require', 'tsx/cjs'],
			stdio: ['ignore', log, log, 'ipc'],
		});
		closeSync(log);
		const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error(`${script} did not start`)), readyDeadlineMs);
			child
				.once('message', () => resolve())
				.once('exit', () => reject(new Error(`${script} ended: ${logPath}`)));
			child.once('error', reject);
			void exited.then(() => clearTimeout(timer));
			child.once('message', () => clearTimeout(timer));
		});
		return new AskedChild(child, exited);
	}

	async ask(order: unknown, deadlineMs = 30_000): Promise<unknown> {
		this.lastId += 1;
		return await ask(this.child, { id: this.lastId, order }, deadlineMs);
	}

	go(): void {
		if (this.child.connected) this.child.send({ go: true }, () => undefined);
	}

	async kill(): Promise<void> {
		this.child.kill('SIGKILL');
		await this.exited;
	}
}
