import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { findFreePort } from '../../scripts/stack/ports';
import { startPostgresServer, type PostgresServer } from '../../scripts/stack/postgres/server';
import { createTemporaryFolder } from './temporary-folder';

/** A PostgreSQL server of its own, for tests that stop or kill it. The addresses survive `restart`. */
export interface TestPostgres {
	/** The maintenance database `postgres` of this server. */
	readonly url: string;
	urlOf(database: string): string;
	/** SIGKILL of the server, as a crash would. */
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
		kill: () => server.child.kill(),
		restart: async () => {
			await server.child.kill();
			server = await startPostgresServer(options);
		},
		stop: async () => {
			await server.child.stop();
			folder.remove();
		},
	};
}
