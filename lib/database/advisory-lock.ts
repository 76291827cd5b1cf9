// One worker at a time, whichever process it runs in. The lock belongs to a transaction, so that it falls with the
// connection: a process that dies holds nothing up.
import type { Pool } from 'pg';
import { inTransaction } from './pool';

/** Somebody else held the lock for longer than we may wait. Nothing was done. */
export class AdvisoryLockBusyError extends Error {
	constructor() {
		super('Another process holds the lock.');
		this.name = 'AdvisoryLockBusyError';
	}
}

export interface AdvisoryLock {
	readonly name: string;
	/** Below the statement timeout of the pool, which would end the waiting first. */
	readonly waitMs: number;
}

const lockNotAvailable = '55P03';

/** @throws AdvisoryLockBusyError when the lock did not come free in time; `work` was not begun then. */
export async function withAdvisoryLock<T>(
	pool: Pick<Pool, 'connect'>,
	{ name, waitMs }: AdvisoryLock,
	work: () => Promise<T>,
): Promise<T> {
	let done: { readonly result: T } | undefined;
	try {
		await inTransaction(pool, async (client) => {
			await client.query(`set local lock_timeout = ${Math.max(1, Math.round(waitMs))}`);
			await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
			done = { result: await work() };
		});
	} catch (error) {
		// The work is done and has its own store; that the connection broke behind it takes nothing back.
		if (done) return done.result;
		if ((error as { code?: unknown } | null)?.code === lockNotAvailable) throw new AdvisoryLockBusyError();
		throw error;
	}
	return (done as unknown as { readonly result: T }).result;
}
