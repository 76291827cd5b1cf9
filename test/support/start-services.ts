import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

import { projectFolder } from '../../scripts/stack/paths';
import { TEMPLATE_DATABASE } from './database';
import { startNats } from './nats';
import { startPostgres, type TestPostgres } from './postgres';
import { runningServices } from './running-services';

const MIGRATE_DEADLINE_MS = 60_000;

/**
 * In a process of its own: node-pg-migrate is an ES module, which jest's own module loader would refuse
 * here, and a migration that fails must show its own message.
 */
async function migrateTemplate(postgres: TestPostgres): Promise<void> {
	const client = new Client({ connectionString: postgres.url });
	await client.connect();
	await client.query(`create database ${TEMPLATE_DATABASE}`);
	await client.end();
	const script = `require('./lib/database/migrate').migrateUp(process.env.TARGET_URL).catch((error) => { console.error(error); process.exit(1); });`;
	await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', script], {
		cwd: projectFolder,
		env: { ...process.env, TARGET_URL: postgres.urlOf(TEMPLATE_DATABASE) },
		timeout: MIGRATE_DEADLINE_MS,
	});
}

/** jest's globalSetup of the integration project: the services that all its files share. */
export default async function startServices(): Promise<void> {
	const [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
	runningServices.push(postgres, nats);
	if (existsSync(join(projectFolder, 'lib', 'database', 'migrate.ts'))) await migrateTemplate(postgres);
	process.env['STACKKRAFT_TEST_POSTGRES_URL'] = postgres.url;
	process.env['STACKKRAFT_TEST_NATS_URL'] = nats.url;
}
