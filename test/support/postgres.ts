import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findFreePort } from '../../scripts/stack/ports';
import { startPostgresServer, type PostgresServer } from '../../scripts/stack/postgres/server';
import { identify, isRunning } from '../../scripts/stack/processes/identity';
import { eventually } from './eventually';
import { createTemporaryFolder } from './temporary-folder';

/** A PostgreSQL server of its own, for tests that stop or kill it. The addresses survive `restart`. */
export interface TestPostgres {
	/** The maintenance database `postgres` of this server. */
	readonly url: string;
	urlOf(database: string): string;
	/** SIGKILL of the server and of all that works for it, as a crash of the machine would. */
	kill(): Promise<void>;
	/** Starts again on the same port and data; kills first when it still runs. */
	restart(): Promise<void>;
	/** Ends the server and removes its folder. */
	stop(): Promise<void>;
}

export async function startPostgres(): Promise<TestPostgres> {
	const folder = createTemporaryFolder('postgres');
	const options = {
		folder: join(folder.path, 'data'),
		port: await findFreePort(),
		password: randomBytes(12).toString('hex'),
		logPath: join(folder.path, 'postgres.log'),
		reachableFolder: join(folder.path, 'programs'),
		isThrowaway: true,
	};
	let server: PostgresServer = await startPostgresServer(options);
	const { urlOf } = server;
	return {
		url: urlOf('postgres'),
		urlOf,
		kill: async () => await killWhole(server),
		restart: async () => {
			await killWhole(server);
			server = await startPostgresServer(options);
		},
		stop: async () => {
			await server.child.stop();
			folder.remove();
		},
	};
}

/**
 * Each connection is a process in a group of its own. It goes on with its statement when the server is gone, and
 * as long as one does, the next server refuses to start: the shared memory is still in use.
 */
async function killWhole({ child }: PostgresServer): Promise<void> {
	if (child.exit() !== undefined) return;
	signal(child.pid, 'SIGSTOP');
	const connections = childrenOf(child.pid).flatMap((pid) => identify(pid) ?? []);
	await child.kill();
	for (const { pid } of connections) signal(pid, 'SIGKILL');
	await eventually('no process of the server is left', () => !connections.some(isRunning));
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGKILL'): void {
	try {
		process.kill(pid, name);
	} catch {
		// It has ended by itself.
	}
}

function childrenOf(pid: number): number[] {
	try {
		return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
	} catch {
		return [];
	}
}
