// One complete installation: PostgreSQL, NATS, the pretend networks and workers of its own. Lanes share nothing, so
// one can lose its database while another counts.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { migrateUp } from '../../lib/database';
import { findFreePort } from '../../scripts/stack/ports';
import { startNatsServer } from '../../scripts/stack/nats/server';
import { startPostgresServer, type PostgresServer } from '../../scripts/stack/postgres/server';
import type { Child } from '../../scripts/stack/processes/child';
import { AskedChild } from './child';

export interface Lane {
	readonly natsUrl: string;
	readonly mediaUrl: string;
	readonly mediaFolder: string;
	readonly sandbox: AskedChild;
	/** A fresh database with all tables. */
	newDatabase(name: string): Promise<string>;
	dropDatabase(name: string): Promise<void>;
	killPostgres(): Promise<void>;
	startPostgres(): Promise<void>;
	/** The server dies and all its streams with it; a new one stands at the same address. */
	loseNats(): Promise<void>;
	/** A process that is ready; the next one starts in the background. */
	worker(): Promise<AskedChild>;
	/** For a worker that has closed its work and can be used again. */
	giveBack(worker: AskedChild): void;
	stop(): Promise<void>;
}

export interface LaneOptions {
	readonly folder: string;
	readonly natsBinary: string;
	readonly mediaUrl: string;
	readonly mediaFolder: string;
}

const template = 'faults_template';

export async function startLane({ folder, natsBinary, ...media }: LaneOptions): Promise<Lane> {
	const postgres = await startPostgres(folder);
	const nats = await startNats(folder, natsBinary);
	const sandbox = await AskedChild.start('sandbox-process.ts', path.join(folder, 'sandbox.log'));
	const workers = workerPool(path.join(folder, 'worker.log'));
	await onServer(postgres.url('postgres'), `create database ${template}`);
	await migrateUp(postgres.url(template));
	return {
		...media,
		natsUrl: nats.url,
		sandbox,
		newDatabase: async (name) => {
			await onServer(postgres.url('postgres'), `create database ${name} template ${template}`);
			return postgres.url(name);
		},
		dropDatabase: async (name) =>
			onServer(postgres.url('postgres'), `drop database if exists ${name} with (force)`),
		killPostgres: async () => postgres.kill(),
		startPostgres: async () => postgres.start(),
		loseNats: async () => nats.lose(),
		worker: async () => workers.take(),
		giveBack: (worker) => workers.giveBack(worker),
		stop: async () => {
			await Promise.all([workers.stop(), sandbox.kill(), nats.stop(), postgres.stop()]);
		},
	};
}

async function onServer(url: string, sql: string): Promise<void> {
	const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
	client.on('error', () => undefined);
	await client.connect();
	try {
		await client.query(sql);
	} finally {
		await client.end();
	}
}

interface Postgres {
	readonly url: (database: string) => string;
	kill(): Promise<void>;
	start(): Promise<void>;
	stop(): Promise<void>;
}

async function startPostgres(folder: string): Promise<Postgres> {
	const options = {
		folder: path.join(folder, 'postgres'),
		port: await findFreePort(),
		password: 'bench',
		logPath: path.join(folder, 'postgres.log'),
		reachableFolder: path.join(folder, 'programs'),
		isThrowaway: true,
	};
	let server: PostgresServer = await startPostgresServer(options);
	return {
		url: server.urlOf,
		kill: async () => server.child.kill(),
		start: async () => {
			server = await startPostgresServer(options);
		},
		stop: async () => server.child.kill(),
	};
}

async function startNats(
	folder: string,
	binary: string,
): Promise<{ readonly url: string; lose(): Promise<void>; stop(): Promise<void> }> {
	const storeFolder = path.join(folder, 'nats');
	const port = await findFreePort();
	const logPath = path.join(folder, 'nats.log');
	const launch = async (): Promise<Child> => startNatsServer({ binary, port, storeFolder, logPath });
	let child = await launch();
	return {
		url: `nats://127.0.0.1:${port}`,
		lose: async () => {
			await child.kill();
			await rm(storeFolder, { recursive: true, force: true });
			child = await launch();
		},
		stop: async () => child.kill(),
	};
}

function workerPool(logPath: string): {
	take(): Promise<AskedChild>;
	giveBack(worker: AskedChild): void;
	stop(): Promise<void>;
} {
	const start = async (): Promise<AskedChild> => AskedChild.start('worker.ts', logPath);
	const spares: Promise<AskedChild>[] = [start()];
	const taken = new Set<AskedChild>();
	return {
		async take() {
			const spare = spares.shift() ?? start();
			// The next victim boots while this one works.
			if (spares.length === 0) spares.push(start());
			const worker = await spare;
			if (worker.isGone) return await this.take();
			taken.add(worker);
			return worker;
		},
		giveBack(worker) {
			taken.delete(worker);
			spares.unshift(Promise.resolve(worker));
		},
		async stop() {
			const all = [...taken, ...(await Promise.all(spares))];
			await Promise.all(all.map(async (worker) => worker.kill()));
		},
	};
}
