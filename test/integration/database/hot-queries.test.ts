// What runs every second or for every post must cost the same when the tables are full: a hundred thousand posts
// that are done, as many that are planned, and the outbox of both.
import type { Pool, QueryResult } from 'pg';
import { z } from 'zod';
import { claimPost, findOldestUnsent, pruneOutbox, wakeStranded } from '../../../lib/database';
import { takeDueOutbox } from '../../../lib/database/relay';
import type { Queryable } from '../../../lib/database';
import { openTestPool, plannedPost, type TestPool } from './support';

jest.setTimeout(300_000);

const full = 100_000;
/** Rows that a query may look at; some are due, or stranded, or to be pruned. */
const mostRows = 1_000;

const planSchema = z.looseObject({
	'Node Type': z.string(),
	'Relation Name': z.string().optional(),
	'Actual Rows': z.number(),
	'Actual Loops': z.number(),
	'Rows Removed by Filter': z.number().optional(),
	'Rows Removed by Index Recheck': z.number().optional(),
	get Plans() {
		return z.array(planSchema).optional();
	},
});
type Plan = z.infer<typeof planSchema>;
const explainedSchema = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planSchema })]) })]);

let database: TestPool;
let duePostId: string;

beforeAll(async () => {
	database = await openTestPool(4);
	const { pool } = database;
	duePostId = (await plannedPost(pool)).postId;
	const client = await pool.connect();
	try {
		await client.query(`set statement_timeout = '100s'`);
		// Without triggers and foreign keys: only the rows count here.
		await client.query('set session_replication_role = replica');
		await client.query(fillPosts(`'posted'`, `'done-' || n`, `now() - n * interval '1 second'`));
		await client.query(fillPosts(`'pending'`, 'null', `now() + n * interval '1 second'`));
		await client.query(
			`insert into stackkraft.outbox (post_id, kind, subject, payload, available_at, sent_at)
			 select post_id, 'wake-up', 'content.publish.x.main', '{}', scheduled_at,
				case when state = 'posted' then scheduled_at end
			 from stackkraft.posts where idempotency_key like 'full-%'`,
		);
		await client.query('set session_replication_role = default');
		await client.query('analyze stackkraft.posts');
		await client.query('analyze stackkraft.outbox');
	} finally {
		client.release(true);
	}
});

afterAll(() => database.close());

function fillPosts(state: string, liveId: string, at: string): string {
	return `insert into stackkraft.posts (
			platform, account_id, content, idempotency_key, content_hash, state,
			platform_post_id, platform_url, published_at, scheduled_at, next_attempt_at
		 )
		 select 'x', 'main', '{}', 'full-' || ${state} || n, '', ${state},
			${liveId}, ${liveId}, case when ${liveId} is null then null else ${at} end, ${at}, ${at}
		 from generate_series(1, ${full}) n`;
}

/** Runs nothing: every statement is explained with its real cost and taken back. */
async function plansOf(work: (client: Queryable) => Promise<unknown>): Promise<readonly Plan[]> {
	const client = await database.pool.connect();
	const plans: Plan[] = [];
	const explain = async (text: string, values?: unknown[]): Promise<QueryResult> => {
		await client.query('begin');
		try {
			const { rows } = await client.query(`explain (analyze, format json) ${text}`, values);
			plans.push(explainedSchema.parse(rows)[0]['QUERY PLAN'][0].Plan);
			return await client.query(text, values);
		} finally {
			await client.query('rollback');
		}
	};
	try {
		await work({ query: explain } as unknown as Queryable);
		return plans;
	} finally {
		client.release();
	}
}

function nodesOf(plan: Plan): readonly Plan[] {
	return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

function rowsSeen(plan: Plan): number {
	const seen = nodesOf(plan)
		.filter((node) => node['Node Type'].includes('Scan'))
		.map(
			(node) =>
				node['Actual Loops'] *
				(node['Actual Rows'] +
					(node['Rows Removed by Filter'] ?? 0) +
					(node['Rows Removed by Index Recheck'] ?? 0)),
		);
	return Math.max(0, ...seen);
}

const asPool = (client: Queryable): Pool => client as unknown as Pool;

it.each<[string, (client: Queryable) => Promise<unknown>]>([
	['the look for what is due', async (client) => await findOldestUnsent(client)],
	['the relay', async (client) => await takeDueOutbox(client as never, 50)],
	['a claim', async (client) => await claimPost({ pool: asPool(client), postId: duePostId, leaseMs: 1_000 })],
	['the reaper', async (client) => await wakeStranded({ pool: asPool(client) })],
	['pruning', async (client) => await pruneOutbox({ pool: asPool(client), limit: 100 })],
])('%s looks at few rows, however many there are', async (_name, work) => {
	const plans = await plansOf(work);
	expect(plans.length).toBeGreaterThan(0);
	for (const plan of plans) {
		const scanned = nodesOf(plan).filter((node) => node['Node Type'] === 'Seq Scan');
		expect(scanned.map((node) => node['Relation Name'])).toEqual([]);
		expect(rowsSeen(plan)).toBeLessThanOrEqual(mostRows);
	}
});
