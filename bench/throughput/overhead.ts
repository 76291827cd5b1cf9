// What a post costs in the database and in NATS, from the servers' own counters.
import { Client } from 'pg';
import { request } from 'undici';
import { z } from 'zod';
import type { Stack } from '../../scripts/stack/stack';

export interface Counters {
	readonly ourTransactions: number;
	readonly ourActiveMs: number;
	readonly n8nTransactions: number;
	readonly n8nActiveMs: number;
	readonly natsMessages: number;
	readonly natsBytes: number;
}

const databaseSchema = z.object({ xact: z.coerce.number(), active: z.coerce.number() });
const varzSchema = z.looseObject({
	in_msgs: z.number(),
	out_msgs: z.number(),
	in_bytes: z.number(),
	out_bytes: z.number(),
});

async function readDatabase(url: string): Promise<z.infer<typeof databaseSchema>> {
	const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
	await client.connect();
	try {
		const { rows } = await client.query(
			`select xact_commit + xact_rollback as xact, active_time as active
			 from pg_stat_database where datname = current_database()`,
		);
		return databaseSchema.parse(rows[0]);
	} finally {
		await client.end();
	}
}

export async function readCounters(stack: Stack): Promise<Counters> {
	const [ours, n8n, varz] = await Promise.all([
		readDatabase(stack.postgresUrl),
		readDatabase(stack.n8nDatabaseUrl),
		request(`${stack.natsMonitoringUrl}/varz`).then(async ({ body }) => varzSchema.parse(await body.json())),
	]);
	return {
		ourTransactions: ours.xact,
		ourActiveMs: ours.active,
		n8nTransactions: n8n.xact,
		n8nActiveMs: n8n.active,
		natsMessages: varz.in_msgs + varz.out_msgs,
		natsBytes: varz.in_bytes + varz.out_bytes,
	};
}

export function overheadLine(before: Counters, after: Counters, posts: number): string {
	const per = (name: keyof Counters): string => ((after[name] - before[name]) / posts).toFixed(1);
	return (
		`overhead per post: database ${per('ourTransactions')} transactions, ${per('ourActiveMs')} ms; ` +
		`n8n's own database ${per('n8nTransactions')} transactions, ${per('n8nActiveMs')} ms; ` +
		`NATS ${per('natsMessages')} messages, ${per('natsBytes')} bytes`
	);
}
