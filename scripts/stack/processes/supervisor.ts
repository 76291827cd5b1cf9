import { StackFailure } from '../stack-failure';
import { startChild, type Child, type ChildOptions } from './child';
import type { ProcessBook } from './process-book';

export type SpawnChild = (options: ChildOptions) => Promise<Child>;

/** Starts the stack's processes, notices the one that ends by itself, and stops all in reverse order. */
export class Supervisor {
	/** Settles when a process ended that nobody asked to end. */
	readonly failed: Promise<StackFailure>;
	private readonly children = new Map<string, Child>();
	private readonly expectedToEnd = new Set<Child>();
	private reportFailure!: (failure: StackFailure) => void;
	private isStopping = false;

	constructor(private readonly book: ProcessBook) {
		this.failed = new Promise((resolve) => {
			this.reportFailure = resolve;
		});
	}

	readonly spawn: SpawnChild = async (options) => {
		if (this.isStopping) throw new StackFailure(`${options.name} was not started: the stack is stopping`);
		const child = await startChild(options);
		const stopSignal = options.stopSignal ?? 'SIGTERM';
		const { name, pid, startedAt } = child;
		// Without a start it had ended before anybody could look: the next run has nothing to stop.
		if (startedAt !== '') this.book.add({ name, pid, startedAt, stopSignal });
		this.children.set(child.name, child);
		void child.exited.then((exit) => {
			if (this.expectedToEnd.has(child)) return;
			const how = exit.signal ?? `exit code ${exit.code}`;
			this.reportFailure(
				new StackFailure(`${child.name} ended by itself (${how})`, { logPath: child.logPath }),
			);
		});
		return child;
	};

	async stop(name: string): Promise<void> {
		await this.end(name, (child) => child.stop());
	}

	async kill(name: string): Promise<void> {
		await this.end(name, (child) => child.kill());
	}

	async stopAll(): Promise<void> {
		this.isStopping = true;
		for (const name of [...this.children.keys()].reverse()) await this.stop(name);
	}

	private async end(name: string, how: (child: Child) => Promise<void>): Promise<void> {
		const child = this.children.get(name);
		if (child === undefined) return;
		this.expectedToEnd.add(child);
		await how(child);
		this.children.delete(name);
		this.book.remove(child.pid);
	}
}
