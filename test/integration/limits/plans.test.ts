import { openTestPool, type TestPool } from '../database/support';

const rowCount = 100_000;

/** The statements of migration 0007 that run with locks held, with values. */
const hot: Readonly<Record<string, string>> = {
	'counting out': `delete from stackkraft.rate_reservations
		where limit_id = 7 and reserved_at > now() - interval '1 day' and reserved_at <= now() - interval '23 hours'
		returning cost`,
	'when there is room again': `select reserved_at from (
			select reserved_at, sum(cost) over (
				order by reserved_at rows between unbounded preceding and current row
			) as freed
			from stackkraft.rate_reservations where limit_id = 7 and reserved_at > '-infinity'
		) as oldest_first where freed >= 1 order by reserved_at limit 1`,
	'locking a window': `select * from stackkraft.rate_limits r
		where r.platform = 'x' and r.scope_key = 'account:7' and r.endpoint = 'e' and r.window_key = 'rolling:900'
		for update`,
	'writing a window': `update stackkraft.rate_limits r set used = 1 where r.limit_id = 7`,
	'giving back': `delete from stackkraft.rate_reservations
		where reservation_id = '5f0c9e9a-6c1b-4d0f-9d57-0d7c2a5f1e11' returning limit_id, cost`,
	'locking what is given back': `select 1 from stackkraft.rate_limits where limit_id in (
			select limit_id from stackkraft.rate_reservations
			where reservation_id = '5f0c9e9a-6c1b-4d0f-9d57-0d7c2a5f1e11'
		) order by scope_key, endpoint, window_key for update`,
	learning: `select coalesce(sum(cost), 0) from stackkraft.rate_reservations
		where limit_id = 7 and reserved_at > now() - interval '1 minute'`,
	'ending an alert': `update stackkraft.alerts set resolved_at = now()
		where dedup_key = 'rate-limit x account:7 e rolling:900' and resolved_at is null`,
};

describe('with 100,000 reservations and 10,000 windows', () => {
	let database: TestPool;
	beforeAll(async () => {
		database = await openTestPool();
		const { pool } = database;
		await pool.query(
			`insert into stackkraft.rate_limits (platform, scope_key, endpoint, window_key, limit_total)
			 select 'x', 'account:' || n, 'e', 'rolling:900', 100 from generate_series(1, $1::int / 10) n`,
			[rowCount],
		);
		await pool.query(
			`insert into stackkraft.rate_reservations (reservation_id, limit_id, cost, reserved_at)
			 select gen_random_uuid(), 1 + n % 1000, 1, now() - n * interval '1 second' from generate_series(1, $1::int) n`,
			[rowCount],
		);
		await pool.query(
			`update stackkraft.rate_limits l set used = sums.used
			 from (select limit_id, sum(cost) as used from stackkraft.rate_reservations group by limit_id) as sums
			 where sums.limit_id = l.limit_id`,
		);
		await pool.query(
			`insert into stackkraft.alerts (severity, title, dedup_key)
			 select 'warning', 'low', 'rate-limit ' || n from generate_series(1, 10000) n`,
		);
		await pool.query('analyze stackkraft.rate_limits, stackkraft.rate_reservations, stackkraft.alerts');
	});
	afterAll(() => database.close());

	it.each(Object.keys(hot))('%s reads through an index', async (name) => {
		const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(`explain ${hot[name]}`);
		const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
		expect(plan).toContain('Index');
		expect(plan).not.toContain('Seq Scan');
	});

	it('a refused call reads the oldest calls of a full window and not all of them', async () => {
		const client = await database.pool.connect();
		try {
			await client.query('begin');
			// After the last analyze, as a window fills up: the planner believes that there are a hundred.
			await client.query(
				`insert into stackkraft.rate_reservations (reservation_id, limit_id, cost, reserved_at)
				 select gen_random_uuid(), 8, 1, now() - n * interval '1 millisecond' from generate_series(1, 20000) n`,
			);
			const read = async (): Promise<number> => {
				const { rows } = await client.query<{ read: number }>(
					`select (idx_tup_fetch + seq_tup_read)::int as read from pg_stat_xact_user_tables
					 where schemaname = 'stackkraft' and relname = 'rate_reservations'`,
				);
				return rows[0]?.read ?? Number.NaN;
			};
			const before = await read();
			const { rows } = await client.query<{ until: Date | null }>(
				`select stackkraft.limit_until(l, 50, now()) as until from stackkraft.rate_limits l where limit_id = 8`,
			);
			expect(rows[0]?.until).toBeInstanceOf(Date);
			expect((await read()) - before).toBeLessThan(200);
		} finally {
			await client.query('rollback');
			client.release();
		}
	});

	it('a whole reservation touches no table from end to end', async () => {
		const { pool } = database;
		const client = await pool.connect();
		const scans = async (): Promise<unknown> => {
			await client.query('select pg_stat_force_next_flush()');
			const { rows } = await client.query<Record<string, unknown>>(
				`select relname, seq_scan::int from pg_stat_user_tables
				 where schemaname = 'stackkraft' and relname in ('rate_limits', 'rate_reservations', 'alerts') order by 1`,
			);
			return rows;
		};
		try {
			const before = await scans();
			const windows = JSON.stringify([
				{ position: 1, scope_key: 'account:7', endpoint: 'e', window_key: 'rolling:900', limit_total: 100 },
			]);
			const ask = `select stackkraft.reserve_limits('x', $1::jsonb, array[gen_random_uuid()], '{1}', '{1}', array[$2::bigint])`;
			for (const cost of [1, 99, 99]) await client.query(ask, [windows, cost]);
			await client.query(`select stackkraft.release_reservation(gen_random_uuid())`);
			expect(await scans()).toEqual(before);
		} finally {
			client.release();
		}
	});
});
