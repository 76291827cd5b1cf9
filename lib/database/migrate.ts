// Brings the database to the newest schema. Safe to run twice and from several processes at once: an advisory
// lock lets one work while the others wait and then find nothing to do.
import { join } from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { describeConnection } from './pool';

export const schemaName = 'stackkraft';

/** Our own number: node-pg-migrate's default is shared with every other tool that uses it. */
const lockNumber = 7_312_009_446_155;
const connectDeadlineMs = 10_000;
/** Longer than any migration may take while another process holds the lock. */
const statementDeadlineMs = 5 * 60_000;

/** @returns the names of the migrations that were run now; empty when the schema was up to date. */
export async function migrateUp(connection: string | ClientConfig): Promise<string[]> {
	// node-pg-migrate is an ES module: only a dynamic import reaches it from CommonJS.
	const { runner } = await import('node-pg-migrate');
	const settings: ClientConfig =
		typeof connection === 'string' ? { connectionString: connection } : connection;
	const client = new Client({
		...settings,
		connectionTimeoutMillis: connectDeadlineMs,
		query_timeout: statementDeadlineMs,
		application_name: 'stackkraft-migrate',
	});
	// Without a listener a server that goes away while we wait would end the whole process.
	client.on('error', () => undefined);
	try {
		await client.connect();
	} catch (error) {
		throw new Error(`PostgreSQL cannot be reached (${describeConnection(settings)}): ${reasonOf(error)}`);
	}
	try {
		const applied = await runner({
			dbClient: client,
			dir: join(__dirname, 'migrations'),
			schema: schemaName,
			createSchema: true,
			migrationsTable: 'migrations',
			direction: 'up',
			singleTransaction: false,
			lockValue: lockNumber,
			advisoryLockMode: 'wait',
			log: () => undefined,
		});
		return applied.map(({ name }) => name);
	} finally {
		await client.end();
	}
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message || error.name : String(error);
}
