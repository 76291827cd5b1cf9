import { migrateUp } from '../../lib/database';
import { connectNats, ensureStreams, ownPlans } from '../../lib/queue';
import { importWorkflows } from '../workflows/import-workflows';
import { connectCredentials, type ConnectedCredential } from './connect/credentials';
import type { Progress } from './progress';
import type { Stack } from './stack';

export interface PrepareOptions {
	readonly progress: Progress;
	readonly signal: AbortSignal;
}

export interface PreparedStack {
	readonly credentials: readonly ConnectedCredential[];
}

/** What a stack that has booted needs before it is of use; doing it again changes nothing. */
export async function prepareStack(
	stack: Stack,
	{ progress, signal }: PrepareOptions,
): Promise<PreparedStack> {
	await progress.step(
		'tables',
		() => migrateUp(stack.postgresUrl),
		(applied) => (applied.length === 0 ? 'up to date' : `${applied.length} migrations`),
	);
	await progress.step('streams', () => setUpStreams(stack, signal));
	const credentials = await progress.step('credentials', () => connectCredentials(stack, signal));
	await progress.step(
		'workflows',
		() => importWorkflows({ n8nUrl: stack.n8n.url, apiKey: stack.n8n.apiKey, signal }),
		({ created, updated, unchanged }) =>
			`${created.length} created, ${updated.length} updated, ${unchanged.length} unchanged`,
	);
	return { credentials };
}

async function setUpStreams(stack: Stack, signal: AbortSignal): Promise<void> {
	const connection = await connectNats(
		{ servers: [stack.natsUrl], authentication: { kind: 'none' }, name: 'stackkraft set-up' },
		{ signal },
	);
	try {
		await ensureStreams(connection, ownPlans);
	} finally {
		await connection.close();
	}
}
