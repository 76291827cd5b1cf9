import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export const TEMPLATE_DATABASE = 'stackkraft_template';

export interface TestDatabase {
	/** Connection string, with all migrations applied. */
	readonly url: string;
	drop(): Promise<void>;
}

async function onServer<T>(serverUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
	const client = new Client({ connectionString: serverUrl, connectionTimeoutMillis: 10_000 });
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}

export function withDatabase(serverUrl: string, database: string): string {
	const url = new URL(serverUrl);
	url.pathname = `/${database}`;
	return url.href;
}

/**
 * A fresh database on the run's PostgreSQL (or on `serverUrl`), cloned from the migrated template when
 * there is one. Two tests never share a database, so they may run at the same time.
 */
export async function createTestDatabase(
	serverUrl: string | undefined = process.env['STACKKRAFT_TEST_POSTGRES_URL'],
): Promise<TestDatabase> {
	if (serverUrl === undefined) {
		throw new Error('no PostgreSQL for this test: it must run in the jest project "integration"');
	}
	const name = `stackkraft_test_${randomBytes(6).toString('hex')}`;
	await onServer(serverUrl, async (client) => {
		const found = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE_DATABASE]);
		await client.query(`create database ${name}${found.rowCount ? ` template ${TEMPLATE_DATABASE}` : ''}`);
	});
	return {
		url: withDatabase(serverUrl, name),
		drop: () =>
			onServer(serverUrl, async (client) => {
				await client.query(`drop database if exists ${name} with (force)`);
			}),
	};
}
