import type { Pool } from 'pg';
import { AdvisoryLockBusyError, createPool, withAdvisoryLock } from '../../../lib/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';

describe('the advisory lock', () => {
	let database: TestDatabase;
	let pools: readonly [Pool, Pool];

	beforeEach(async () => {
		database = await createTestDatabase();
		pools = [createPool(database.url), createPool(database.url)];
	});

	afterEach(async () => {
		await Promise.all(pools.map((pool) => pool.end()));
		await database.drop();
	});

	const lock = { name: 'token/a', waitMs: 14_000 };

	async function endOtherConnections(): Promise<void> {
		await pools[1].query(
			'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
		);
	}

	it('lets one in at a time, whichever pool they come from', async () => {
		let inside = 0;
		let most = 0;
		const work = async (): Promise<void> => {
			most = Math.max(most, ++inside);
			await pools[0].query('select pg_sleep(0.02)');
			inside--;
		};
		await Promise.all(
			[0, 1, 0, 1, 0, 1].map(async (which) => withAdvisoryLock(pools[which as 0 | 1], lock, work)),
		);
		expect(most).toBe(1);
	});

	it('keeps nobody waiting who needs another lock', async () => {
		const other = { name: 'token/b', waitMs: 100 };
		const inner = async (): Promise<string> => withAdvisoryLock(pools[1], other, async () => 'inside');
		expect(await withAdvisoryLock(pools[0], lock, inner)).toBe('inside');
	});

	it('does not begin the work when the lock stays taken for longer than it may wait', async () => {
		const work = jest.fn(async () => Promise.resolve());
		const second = async (): Promise<void> => withAdvisoryLock(pools[1], { ...lock, waitMs: 50 }, work);
		const busy = withAdvisoryLock(pools[0], lock, second);
		await expect(busy).rejects.toBeInstanceOf(AdvisoryLockBusyError);
		expect(work).not.toHaveBeenCalled();
	});

	it('is free again when the work failed, and passes its error on', async () => {
		const failing = withAdvisoryLock(pools[0], lock, async () => Promise.reject(new Error('no')));
		await expect(failing).rejects.toThrow('no');
		expect(await withAdvisoryLock(pools[1], { ...lock, waitMs: 100 }, async () => 'free')).toBe('free');
	});

	it('gives the result of work that is done, though the connection broke under it', async () => {
		const result = await withAdvisoryLock(pools[0], lock, async () => {
			await endOtherConnections();
			return 'stored elsewhere';
		});
		expect(result).toBe('stored elsewhere');
	});

	it('is free as soon as its holder is gone', async () => {
		let holderIsIn: () => void = () => undefined;
		const isHeld = new Promise<void>((resolve) => (holderIsIn = resolve));
		let holderMayEnd: () => void = () => undefined;
		const ending = new Promise<void>((resolve) => (holderMayEnd = resolve));
		const holder = withAdvisoryLock(pools[0], lock, async () => {
			holderIsIn();
			await ending;
		});
		await isHeld;
		await endOtherConnections();
		expect(await withAdvisoryLock(pools[1], lock, async () => 'free')).toBe('free');
		holderMayEnd();
		await holder;
	});
});
