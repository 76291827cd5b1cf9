import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Queryable } from '../../../lib/database';
import { reserve, type CountedWindow, type Reservation } from '../../../lib/limits';

interface Statement {
	readonly platform: string;
	readonly windows: readonly { readonly scope_key: string; readonly limit_total: number }[];
	readonly ids: readonly string[];
}

/** PostgreSQL's part, decided by the test: every statement is seen, and answered by `answer`. */
function fakePostgres(answer: (statement: Statement) => unknown = () => null) {
	const statements: Statement[] = [];
	const query = async (_text: string, values: readonly string[]) => {
		const [platform = '', windows = '[]', ids = '{}'] = values;
		const statement = {
			platform,
			windows: JSON.parse(windows) as Statement['windows'],
			ids: ids.slice(1, -1).split(','),
		};
		statements.push(statement);
		const totals = statement.windows.map(({ limit_total: total }) => total);
		return { rows: [{ answer: (await answer(statement)) ?? { totals, left: totals, refused: [] } }] };
	};
	return { client: { query } as unknown as Queryable, statements };
}

const window = (limitTotal = 10): CountedWindow => ({
	endpoint: 'e',
	limitTotal,
	scope: 'account',
	window: { kind: 'rolling', lengthSec: 60 },
	source: 'test',
});

const ask = (client: Queryable, accountId = 'main', limitTotal = 10): Promise<Reservation> =>
	reserve(client, { platform: 'x', accountId, windows: [window(limitTotal)] });

describe('calls of one process', () => {
	it('go together while a statement is under way, and each window of theirs once', async () => {
		const { client, statements } = fakePostgres();
		const results = await Promise.all(
			Array.from({ length: 64 }, (_none, index) => ask(client, `account-${index % 3}`)),
		);
		expect(statements.map(({ ids }) => ids.length)).toEqual([1, 63]);
		expect(statements[1]?.windows).toHaveLength(3);
		const ids = results.map((result) => (result.allowed ? result.reservationId : ''));
		expect(new Set(ids).size).toBe(64);
		expect(new Set(statements.flatMap((statement) => statement.ids))).toEqual(new Set(ids));
	});

	it('are answered also when they come in the very moment in which the last one is', async () => {
		const { client, statements } = fakePostgres();
		const client64 = async (): Promise<void> => {
			for (let call = 0; call < 20; call++) {
				await ask(client);
				for (let turn = 0; turn < call % 5; turn++) await nextTurn();
				for (let step = 0; step < call; step++) await Promise.resolve();
			}
		};
		await Promise.all(Array.from({ length: 8 }, client64));
		expect(statements.flatMap(({ ids }) => ids)).toHaveLength(160);
	});

	it('of another network or app do not wait for a lock that these wait for', async () => {
		let letGo = (): void => undefined;
		const locked = new Promise<void>((resolve) => {
			letGo = resolve;
		});
		const { client } = fakePostgres(({ platform }) => (platform === 'x' ? locked : null));
		const waiting = ask(client);
		const other = await reserve(client, { platform: 'youtube', accountId: 'main', windows: [window()] });
		expect(other.allowed).toBe(true);
		letGo();
		expect((await waiting).allowed).toBe(true);
	});

	it('that know one window with different limits are never decided together', async () => {
		const { client, statements } = fakePostgres();
		await Promise.all([10, 20, 10, 20].map((limit) => ask(client, 'main', limit)));
		for (const { windows } of statements) expect(windows).toHaveLength(1);
		expect(statements.flatMap(({ ids }) => ids)).toHaveLength(4);
	});

	it('fail alone when PostgreSQL cannot read one of them, and together when it is not there', async () => {
		const { client } = fakePostgres(({ windows, ids }) => {
			const isBad = windows.some(({ scope_key: key }) => key === 'account:bad');
			if (isBad) throw Object.assign(new Error(`bad among ${ids.length}`), { code: '22023' });
		});
		const results = await Promise.allSettled(
			['first', 'good', 'bad', 'fine'].map((name) => ask(client, name)),
		);
		expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
		const gone = fakePostgres(() => {
			throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
		});
		const lost = await Promise.allSettled([1, 2, 3].map(() => ask(gone.client)));
		expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
		// After a failure the next one is asked as ever.
		await expect(ask(gone.client)).rejects.toThrow('gone');
	});

	it.each([0, -1, 0.5, Number.NaN])('never go out with a cost of %d', async (cost) => {
		const { client, statements } = fakePostgres();
		await expect(
			reserve(client, { platform: 'x', accountId: 'main', windows: [window()], cost }),
		).rejects.toThrow('whole number');
		expect(statements).toEqual([]);
	});

	it('that name a window twice are refused: it would be taken from twice', async () => {
		const { client } = fakePostgres();
		const request = { platform: 'x', accountId: 'main', windows: [window(), window()] } as const;
		await expect(reserve(client, request)).rejects.toThrow('named twice');
	});
});
