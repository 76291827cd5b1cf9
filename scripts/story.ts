// `npm run story -- <post id | request id>`: the command of the package, with the database of this folder's own stack
// (`npm start`) when no other is named.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runCommandLine } from '../lib/command-line/run';
import { defaultDataFolder } from './stack/paths';
import { postgresUrl } from './stack/postgres/server';

const stateSchema = z.object({ postgres: z.number() });
const secretsSchema = z.object({ postgresPassword: z.string() });

function ownDatabase(): string | undefined {
	const read = (name: string): unknown => JSON.parse(readFileSync(join(defaultDataFolder(), name), 'utf8'));
	try {
		const { postgres: port } = stateSchema.parse(read('state.json'));
		const { postgresPassword } = secretsSchema.parse(read('secrets.json'));
		return postgresUrl({ password: postgresPassword, port, database: 'stackkraft' });
	} catch {
		return undefined;
	}
}

const named = process.env['STACKKRAFT_DATABASE_URL'] ?? process.env['STACKKRAFT_DATABASE_URL_FILE'];
const url = named === undefined ? ownDatabase() : undefined;
runCommandLine(['story', ...process.argv.slice(2)], {
	...process.env,
	...(url && { STACKKRAFT_DATABASE_URL: url }),
});
