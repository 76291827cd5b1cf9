// The PostgreSQL credential as a pool. One pool per set of settings in the n8n process: executions come and go
// by the hundred, connections must not.
import { createHash } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IExecuteFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import type { ClientConfig, Pool } from 'pg';
import { z } from 'zod';
import { createPool, describeConnection, inTransaction } from '../../lib/database';

export const postgresCredential = 'stackKraftPostgresApi';

const settingsSchema = z.object({
	host: z.string().min(1),
	port: z.coerce.number().int().min(1).max(65_535),
	database: z.string().min(1),
	user: z.string().min(1),
	password: z.string().default(''),
	ssl: z.enum(['disable', 'require', 'verify-full']).default('disable'),
	caCertificate: z.string().default(''),
});

export function postgresConfig(credential: ICredentialDataDecryptedObject): ClientConfig {
	const { ssl, caCertificate, ...settings } = settingsSchema.parse(credential);
	return {
		...settings,
		ssl:
			ssl === 'disable'
				? false
				: { rejectUnauthorized: ssl === 'verify-full', ...(caCertificate && { ca: caCertificate }) },
	};
}

interface CachedPool {
	readonly pool: Pool;
	users: number;
	lastUsedMs: number;
}

const pools = new Map<string, CachedPool>();
/** A pool that nobody used for so long belongs to a credential that was changed or deleted. */
const forgetAfterMs = 10 * 60_000;

/** Runs `work` on the pool of the node's PostgreSQL credential. */
export async function withPostgres<T>(
	context: Pick<IExecuteFunctions, 'getCredentials'>,
	work: (pool: Pool) => Promise<T>,
): Promise<T> {
	const config = postgresConfig(await context.getCredentials(postgresCredential));
	const cached = cachedPool(config);
	cached.users++;
	try {
		return await work(cached.pool);
	} finally {
		cached.users--;
		cached.lastUsedMs = Date.now();
		forgetUnused();
	}
}

function cachedPool(config: ClientConfig): CachedPool {
	// Hashed: a map key can end in a heap dump or a log, and the settings hold the password.
	const key = createHash('sha256').update(JSON.stringify(config)).digest('hex');
	let cached = pools.get(key);
	if (!cached) {
		cached = { pool: createPool(config), users: 0, lastUsedMs: Date.now() };
		pools.set(key, cached);
	}
	return cached;
}

function forgetUnused(): void {
	for (const [key, { pool, users, lastUsedMs }] of pools) {
		if (users > 0 || Date.now() - lastUsedMs < forgetAfterMs) continue;
		pools.delete(key);
		// Nobody waits for it: it has no running query, and a failure to say goodbye hurts nobody.
		pool.end().catch(() => undefined);
	}
}

/** Ends every pool; for tests and for a process that wants to go. */
export async function closePostgresPools(): Promise<void> {
	const open = [...pools.values()];
	pools.clear();
	await Promise.all(open.map(({ pool }) => pool.end()));
}

/** For `methods.credentialTest`. */
export async function testPostgresCredential(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	let config: ClientConfig;
	try {
		config = postgresConfig(credential.data ?? {});
	} catch {
		return { status: 'Error', message: 'Host, Port, Database and User are needed.' };
	}
	const pool = createPool(config, { maxConnections: 1, connectTimeoutMs: 5_000 });
	try {
		const hasSchema = await inTransaction(pool, async (client) => {
			const { rows } = await client.query<{ is_there: boolean }>(
				`select to_regclass('stackkraft.posts') is not null as is_there`,
			);
			return rows[0]?.is_there ?? false;
		});
		const next = hasSchema ? '' : ' The tables are not there yet: run Post Queue → Set Up Database once.';
		return { status: 'OK', message: `Connected.${next}` };
	} catch (error) {
		const reason = error instanceof Error && error.message ? error.message : String(error);
		return { status: 'Error', message: `${describeConnection(config)} cannot be used: ${reason}` };
	} finally {
		await pool.end();
	}
}
