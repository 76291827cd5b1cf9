import { Client } from 'pg';

import { startChild, untilReady, type Child } from '../processes/child';
import type { SpawnChild } from '../processes/supervisor';
import { findPostgresBinaries } from './binaries';
import { prepareDataFolder } from './data-folder';
import { postgresAccount } from './os-account';

export interface PostgresOptions {
	readonly folder: string;
	readonly port: number;
	readonly password: string;
	readonly logPath: string;
	/** Where the programs are copied to when the account that runs them cannot reach the checkout. */
	readonly reachableFolder: string;
	readonly isThrowaway?: boolean;
	readonly signal?: AbortSignal | undefined;
	/** The supervisor's way to start a process; by default nobody supervises it. */
	readonly spawn?: SpawnChild | undefined;
}

export interface PostgresServer {
	readonly child: Child;
	readonly wasCreated: boolean;
	/** Connection string of one database of this server. */
	urlOf(database: string): string;
}

export const POSTGRES_USER = 'stackkraft';
const READY_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 20_000;

const SERVER_SETTINGS = [
	'listen_addresses=127.0.0.1',
	'unix_socket_directories=',
	'max_connections=200',
	'timezone=UTC',
	'log_timezone=UTC',
];
// A test's database need not survive a power cut. It must survive a kill of the server, so commits still
// reach the operating system: synchronous_commit stays on.
const THROWAWAY_SETTINGS = ['fsync=off', 'full_page_writes=off'];

async function answers(url: string): Promise<true | undefined> {
	const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
	client.on('error', () => undefined);
	try {
		await client.connect();
		await client.query('select 1');
		return true;
	} catch {
		return undefined;
	} finally {
		await client.end().catch(() => undefined);
	}
}

export async function startPostgresServer(options: PostgresOptions): Promise<PostgresServer> {
	const account = postgresAccount();
	const binaries = findPostgresBinaries(account, options.reachableFolder);
	const { folder, password, signal, isThrowaway } = options;
	const { wasCreated } = await prepareDataFolder({
		folder,
		binaries,
		account,
		user: POSTGRES_USER,
		password,
		isThrowaway,
		signal,
	});
	const settings = [...SERVER_SETTINGS, ...(isThrowaway ? THROWAWAY_SETTINGS : [])];
	const child = await (options.spawn ?? startChild)({
		name: 'postgres',
		command: binaries.postgres,
		args: ['-D', folder, '-p', String(options.port), ...settings.flatMap((setting) => ['-c', setting])],
		cwd: folder,
		env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
		logPath: options.logPath,
		uid: account?.uid,
		gid: account?.gid,
		stopSignal: 'SIGINT',
		stopDeadlineMs: STOP_DEADLINE_MS,
	});
	const urlOf = (database: string) => postgresUrl({ password, port: options.port, database });
	try {
		await untilReady(child, () => answers(urlOf('postgres')), READY_DEADLINE_MS, signal);
	} catch (error) {
		await child.stop();
		throw error;
	}
	return { child, wasCreated, urlOf };
}

export function postgresUrl({
	password,
	port,
	database,
}: {
	readonly password: string;
	readonly port: number;
	readonly database: string;
}): string {
	return `postgres://${POSTGRES_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** Creates the database unless it is there; answers whether it was created now. */
export async function ensureDatabase(server: PostgresServer, database: string): Promise<boolean> {
	const client = new Client({ connectionString: server.urlOf('postgres'), connectionTimeoutMillis: 10_000 });
	await client.connect();
	try {
		const found = await client.query('select 1 from pg_database where datname = $1', [database]);
		if (found.rowCount) return false;
		await client.query(`create database ${client.escapeIdentifier(database)}`);
		return true;
	} finally {
		await client.end();
	}
}
