// The trigger of due posts as n8n drives it: switched on and off, one execution at a time, tried in the editor.
import type { IDataObject, IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { relayOutbox } from '../../../lib/database';
import { DuePostsTrigger } from '../../../nodes/DuePostsTrigger/DuePostsTrigger.node';
import { closePostgresPools } from '../../../nodes/shared/postgres';
import { findFreePort } from '../../../scripts/stack/ports';
import { withDatabase } from '../../support/database';
import { eventually } from '../../support/eventually';
import { anHourAgo, inAnHour, openTestPool, plannedPost, type TestPool } from '../database/support';

interface Started {
	readonly json: IDataObject;
	/** As n8n says how the execution ended. */
	end(status: 'success' | 'error'): void;
	cancel(): void;
}

interface Host {
	readonly started: Started[];
	readonly warnings: string[];
	activate(mode?: 'trigger' | 'manual'): Promise<ITriggerResponse>;
}

function hostOn(url: string): Host {
	const { hostname: host, port, pathname, username: user, password } = new URL(url);
	const credential = {
		host,
		port: Number(port),
		database: pathname.slice(1),
		user,
		password,
		ssl: 'disable',
	};
	const started: Started[] = [];
	const warnings: string[] = [];
	const context = {
		getMode: () => mode,
		getNode: () => ({ name: 'Due Posts Trigger', type: 'duePostsTrigger', typeVersion: 1 }),
		getNodeParameter: () => ({ lookSec: 0.2 }),
		getCredentials: async () => credential,
		logger: { warn: (line: string) => warnings.push(line), info: () => undefined, error: () => undefined },
		helpers: { createDeferredPromise: deferred },
		emit: (
			[[item]]: [[{ json: IDataObject }]],
			_response: undefined,
			done?: { resolve(run: IRun): void; reject(error: Error): void },
		) => {
			started.push({
				json: item.json,
				end: (status) => done?.resolve({ status } as IRun),
				cancel: () => done?.reject(new Error('stopped by a person')),
			});
		},
	};
	let mode: 'trigger' | 'manual' = 'trigger';
	return {
		started,
		warnings,
		activate: async (wanted = 'trigger') => {
			mode = wanted;
			return await new DuePostsTrigger().trigger.call(context as unknown as ITriggerFunctions);
		},
	};
}

function deferred(): object {
	let resolve: unknown;
	let reject: unknown;
	const promise = new Promise((onDone, onFailed) => {
		resolve = onDone;
		reject = onFailed;
	});
	return { promise, resolve, reject };
}

describe('Due Posts Trigger', () => {
	let database: TestPool;
	let response: ITriggerResponse | undefined;
	let host: Host;
	beforeEach(async () => {
		database = await openTestPool();
		host = hostOn(database.url);
	});
	afterEach(async () => {
		await response?.closeFunction?.();
		response = undefined;
		await closePostgresPools();
		await database.close();
	});

	const relay = async (): Promise<unknown> =>
		await relayOutbox({ pool: database.pool, publish: async () => undefined });

	it('starts nothing while nothing is due', async () => {
		await plannedPost(database.pool, inAnHour());
		response = await host.activate();
		await plannedPost(database.pool, new Date(Date.now() + 700));
		await eventually('the due one', () => host.started.length > 0);
		expect(Date.parse(String(host.started[0]?.json['oldestDueAt']))).toBeLessThanOrEqual(Date.now());
	});

	it('starts the next execution when the one before has ended, and not before', async () => {
		await plannedPost(database.pool, anHourAgo());
		response = await host.activate();
		await eventually('the first', () => host.started.length === 1);
		expect(host.started[0]?.json['lateMs']).toBeGreaterThan(3_500_000);
		await relay();
		await plannedPost(database.pool);
		// Several looks would have fitted in here.
		await plannedPost(database.pool, new Date(Date.now() + 600));
		await eventually('the second is due', async () => {
			const { rows } = await database.pool.query(
				'select 1 from stackkraft.outbox where sent_at is null and available_at > now()',
			);
			return rows.length === 0;
		});
		expect(host.started).toHaveLength(1);
		host.started[0]?.end('success');
		await eventually('the second', () => host.started.length === 2);
	});

	it.each([
		['failed', (one: Started) => one.end('error')],
		['was stopped by a person', (one: Started) => one.cancel()],
	])('goes on after an execution that %s', async (_name, end) => {
		await plannedPost(database.pool);
		response = await host.activate();
		await eventually('the first', () => host.started.length === 1);
		const [first] = host.started;
		if (first) end(first);
		await eventually('the second', () => host.started.length === 2);
	});

	it('is switched off at once while an execution runs, and starts no other', async () => {
		await plannedPost(database.pool);
		const { closeFunction } = await host.activate();
		await eventually('the first', () => host.started.length === 1);
		await closeFunction?.();
		host.started[0]?.end('success');
		await plannedPost(database.pool);
		expect(host.started).toHaveLength(1);
	});

	it('tells at the activation that the tables are missing, and what to do', async () => {
		const without = hostOn(withDatabase(database.url, 'postgres'));
		await expect(without.activate()).rejects.toMatchObject({
			message: expect.stringContaining('tables are not in this database'),
			description: expect.stringContaining('Set Up Database'),
		});
	});

	it('can be switched on while the database is away', async () => {
		const away = new URL(database.url);
		away.port = String(await findFreePort());
		const waiting = hostOn(away.href);
		response = await waiting.activate();
		await eventually('it says so', () => waiting.warnings.length > 0);
		expect(waiting.warnings.join()).toContain('cannot be reached');
	});

	it('shows in the editor what comes next and sends nothing', async () => {
		const at = inAnHour();
		await plannedPost(database.pool, at);
		response = await host.activate('manual');
		await response.manualTriggerFunction?.();
		expect(host.started.map(({ json }) => json)).toEqual([{ oldestDueAt: at.toISOString(), lateMs: 0 }]);
	});
});
