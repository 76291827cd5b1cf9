import type { SandboxUrls } from './sandbox/server';
import type { StackFailure } from './stack-failure';

export interface RestartOptions {
	/** SIGKILL as a crash would; SIGTERM lets running executions end. */
	readonly signal: 'SIGKILL' | 'SIGTERM';
}

/** A running stack: every process of it belongs to one supervisor and one data folder. */
export interface Stack {
	readonly dataFolder: string;
	readonly logFolder: string;
	/** The one folder below which n8n's nodes may read and write files. */
	readonly mediaFolder: string;
	/** The product's database. */
	readonly postgresUrl: string;
	readonly n8nDatabaseUrl: string;
	readonly natsUrl: string;
	/** Serves `/jsz` and `/varz`. */
	readonly natsMonitoringUrl: string;
	/** Base address per pretend network; empty when the stack runs without the sandbox. */
	readonly sandbox: SandboxUrls;
	/** Where the files of `mediaFolder` can be fetched from this machine; empty without the sandbox. */
	readonly mediaUrl: string;
	readonly n8n: {
		readonly url: string;
		readonly apiKey: string;
		readonly ownerEmail: string;
		readonly ownerPassword: string;
	};
	/** Settles (it never rejects) when a process of the stack ended that nobody asked to end. */
	readonly failed: Promise<StackFailure>;
	/** Resolves when the new n8n is usable; address and API key stay the same. */
	restartN8n(options: RestartOptions): Promise<void>;
	/** SIGKILL of n8n and of everything that it started. */
	killN8n(): Promise<void>;
	/** Stops everything in reverse order; may be called twice. */
	stop(): Promise<void>;
}
