// Every secret of the pretend networks carries a mark, and the stack's own are known: what a test leaves behind (logs,
// n8n's executions, the product's tables) is searched for all of them before the stack goes away.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createPool } from '../../lib/database';
import { secretMark } from '../../sandbox/core/ids';
import type { Stack } from '../../scripts/stack/stack';

const secretsSchema = z.looseObject({
	postgresPassword: z.string(),
	n8nEncryptionKey: z.string(),
	ownerPassword: z.string(),
});

/** Around a finding: enough to see whose line it is. */
const contextChars = 160;

interface Source {
	readonly place: string;
	readonly text: string;
}

/** @returns where a secret stands in the clear, one line each; empty when nowhere. */
export async function findSecrets(stack: Stack): Promise<readonly string[]> {
	const secrets = [secretMark, stack.n8n.apiKey, ...ownSecrets(stack)];
	const sources = [...logsOf(stack), ...(await executionsOf(stack)), ...(await rowsOf(stack))];
	return sources.flatMap(({ place, text }) =>
		secrets
			.map((secret) => text.indexOf(secret))
			.filter((at) => at >= 0)
			.map((at) => `${place}: …${text.slice(Math.max(0, at - contextChars), at + 40)}…`),
	);
}

function ownSecrets({ dataFolder }: Stack): string[] {
	const known = secretsSchema.parse(JSON.parse(readFileSync(join(dataFolder, 'secrets.json'), 'utf8')));
	return [known.postgresPassword, known.n8nEncryptionKey, known.ownerPassword];
}

function logsOf({ logFolder }: Stack): Source[] {
	return readdirSync(logFolder).map((name) => ({
		place: `log ${name}`,
		text: readFileSync(join(logFolder, name), 'utf8'),
	}));
}

/** All that n8n keeps of what ran: the data of every node, with its errors. */
async function executionsOf({ n8nDatabaseUrl }: Stack): Promise<Source[]> {
	return await readTexts(n8nDatabaseUrl, [
		{
			place: 'execution',
			sql: `select "executionId"::text as id, data as text from execution_data`,
		},
	]);
}

/** The product's own tables, without the one column that has to hold a session address until the upload is done. */
async function rowsOf({ postgresUrl }: Stack): Promise<Source[]> {
	const table = (name: string, without = ''): { place: string; sql: string } => ({
		place: `table ${name}`,
		sql: `select '' as id, (to_jsonb(entry) ${without})::text as text from stackkraft.${name} entry`,
	});
	return await readTexts(postgresUrl, [
		table('posts', `- 'handle'`),
		table('post_events'),
		table('outbox'),
		table('dead_letters'),
		table('alerts'),
		table('analytics'),
	]);
}

async function readTexts(url: string, queries: readonly { place: string; sql: string }[]): Promise<Source[]> {
	const pool = createPool(url);
	try {
		const found: Source[] = [];
		for (const { place, sql } of queries) {
			const { rows } = await pool.query<{ id: string; text: string }>(sql);
			found.push(...rows.map(({ id, text }) => ({ place: `${place} ${id}`.trim(), text })));
		}
		return found;
	} finally {
		await pool.end();
	}
}
