// One connection per set of settings in the process: executions come and go by the hundred, connections must
// not. A connection that nobody used for a while is closed, so that a changed credential leaves nothing behind.
import { createHash } from 'node:crypto';
import type { NatsConnection } from 'nats';
import { connectNats, type ConnectOptions, type NatsSettings } from './connect';

interface Pooled {
	readonly connecting: Promise<NatsConnection>;
	users: number;
	idleTimer?: NodeJS.Timeout | undefined;
}

export const poolDefaults = { idleMs: 30_000 } as const;

const pooled = new Map<string, Pooled>();

export async function withConnection<T>(
	settings: NatsSettings,
	work: (connection: NatsConnection) => Promise<T>,
	options: ConnectOptions = {},
): Promise<T> {
	// Hashed: a map key can end in a heap dump or a log, and the settings hold the login.
	const key = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
	const entry = await usable(key, settings, options);
	entry.users += 1;
	clearTimeout(entry.idleTimer);
	try {
		return await work(await entry.connecting);
	} finally {
		entry.users -= 1;
		if (entry.users === 0) closeWhenIdle(key, entry);
	}
}

async function usable(key: string, settings: NatsSettings, options: ConnectOptions): Promise<Pooled> {
	const present = pooled.get(key);
	const connection = await present?.connecting.catch(() => undefined);
	if (present && connection && !connection.isClosed()) return present;
	// Somebody else may have replaced it while we looked.
	const now = pooled.get(key);
	if (now && now !== present) return now;
	// Without the caller's signal: the next caller waits for the same connection and was not stopped.
	const connecting = connectNats(settings, { ...options, signal: undefined });
	connecting.catch(() => pooled.delete(key));
	const entry: Pooled = { connecting, users: 0 };
	pooled.set(key, entry);
	return entry;
}

function closeWhenIdle(key: string, entry: Pooled): void {
	clearTimeout(entry.idleTimer);
	entry.idleTimer = setTimeout(() => void close(key, entry), poolDefaults.idleMs);
	// An idle connection is no reason to keep a process alive that wants to end.
	entry.idleTimer.unref();
}

async function close(key: string, entry: Pooled): Promise<void> {
	clearTimeout(entry.idleTimer);
	if (pooled.get(key) === entry) pooled.delete(key);
	const connection = await entry.connecting.catch(() => undefined);
	await connection?.close().catch(() => undefined);
}

/** For tests and for a process that wants to go. */
export async function closePooledConnections(): Promise<void> {
	await Promise.all([...pooled].map(([key, entry]) => close(key, entry)));
}
