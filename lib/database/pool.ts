// Connections to the product's database. Every name in our SQL carries its schema, so that a transaction-mode
// pooler between us and PostgreSQL changes nothing.
import { Pool, type ClientBase, type ClientConfig, type PoolClient } from 'pg';

/** What a query is run on: the pool, or one client inside a transaction. */
export type Queryable = Pick<PoolClient, 'query'>;

export interface PoolOptions {
	readonly maxConnections?: number;
	/** How long one statement may take at the server. */
	readonly statementTimeoutMs?: number;
	readonly connectTimeoutMs?: number;
	/** How long an unused connection is kept. */
	readonly idleTimeoutMs?: number;
	/** Told of connections that broke while nobody used them; the pool replaces them by itself. */
	readonly onIdleError?: (error: Error) => void;
}

export const poolDefaults = {
	maxConnections: 10,
	statementTimeoutMs: 15_000,
	connectTimeoutMs: 10_000,
	idleTimeoutMs: 30_000,
} as const;

export function createPool(connection: string | ClientConfig, options: PoolOptions = {}): Pool {
	const { onIdleError = () => undefined, ...limits } = { ...poolDefaults, ...options };
	const settings: ClientConfig =
		typeof connection === 'string' ? { connectionString: connection } : connection;
	const pool = new Pool({
		...settings,
		max: limits.maxConnections,
		connectionTimeoutMillis: limits.connectTimeoutMs,
		idleTimeoutMillis: limits.idleTimeoutMs,
		// The server's own timeout comes first; this one is for a server that no longer answers at all.
		query_timeout: limits.statementTimeoutMs + 5_000,
		keepAlive: true,
		allowExitOnIdle: true,
		application_name: 'stackkraft',
		...preparing(limits.statementTimeoutMs),
	});
	// An idle connection that breaks is emitted here, and an unheard 'error' would end the n8n process.
	pool.on('error', onIdleError);
	return pool;
}

/** A worker that stopped inside a transaction must not keep its rows from everybody else. */
const abandonedTransactionMs = 60_000;

/** The pool waits for this before it hands a new connection out; the types of pg do not know that yet. */
function preparing(statementTimeoutMs: number): { onConnect(client: ClientBase): Promise<void> } {
	return {
		// As a statement: poolers refuse statement_timeout as a start-up parameter.
		onConnect: async (client) => {
			await client.query(
				`set statement_timeout = ${Number(statementTimeoutMs)};
				 set idle_in_transaction_session_timeout = ${abandonedTransactionMs}`,
			);
		},
	};
}

/** Runs `work` in one transaction: all of it happens or none. */
export async function inTransaction<T>(
	pool: Pick<Pool, 'connect'>,
	work: (client: PoolClient) => Promise<T>,
): Promise<T> {
	const client = await pool.connect();
	let broken: Error | undefined;
	// While it is ours the pool does not listen: a server that goes away between two queries would otherwise
	// be an unheard 'error' and end the process.
	const onError = (error: Error): void => {
		broken = error;
	};
	client.on('error', onError);
	try {
		await client.query('begin');
		const result = await work(client);
		await client.query('commit');
		return result;
	} catch (error) {
		await client.query('rollback').catch((failed: unknown) => {
			// Whoever got this connection next would be inside our half transaction.
			broken = failed instanceof Error ? failed : new Error(String(failed));
		});
		throw error;
	} finally {
		client.off('error', onError);
		client.release(broken);
	}
}

/** Where it goes, without the password: fit for an error that people read. */
export function describeConnection(settings: ClientConfig): string {
	if (!settings.connectionString) {
		return `${settings.host ?? 'localhost'}:${settings.port ?? 5432}/${settings.database ?? ''}`;
	}
	try {
		const { hostname, port, pathname } = new URL(settings.connectionString);
		return `${hostname}:${port || 5432}${pathname}`;
	} catch {
		return 'from the connection string';
	}
}
