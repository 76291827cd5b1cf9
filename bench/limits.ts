// 64 clients that take from one window as fast as they are answered, until it is empty and beyond. What an own
// workflow would do (look, then write) and the same under a lock are measured beside it in the same run, on the
// same PostgreSQL with its data safe on disk. Ends with 1 when more was given than there is, or too late.
//   npm run bench:limits
import { fork } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Pool } from 'pg';
import { createPool, inTransaction, migrateUp } from '../lib/database';
import { findFreePort } from '../scripts/stack/ports';
import { startPostgresServer } from '../scripts/stack/postgres/server';
import { asks, clientCount, resultSchema, takeAll, type Result, type Take } from './limits-client';

const processCount = 4;
/** The promise of issue 4. */
const targetP99Ms = 5;
const deadlineMs = 120_000;

/** What a workflow with a Postgres node does: it looks, and then it writes. */
function lookThenWrite(pool: Pool): Take {
	return async (limit) => {
		const { rows } = await pool.query<{ used: string }>('select count(*) as used from bench.taken');
		if (Number(rows[0]?.used) >= limit) return false;
		await pool.query('insert into bench.taken default values');
		return true;
	};
}

/** The same made correct: one after the other. */
function lookUnderLock(pool: Pool): Take {
	return (limit) =>
		inTransaction(pool, async (client) => {
			await client.query('select 1 from bench.lock for update');
			const { rows } = await client.query<{ used: string }>('select count(*) as used from bench.taken');
			if (Number(rows[0]?.used) >= limit) return false;
			await client.query('insert into bench.taken default values');
			return true;
		});
}

async function baseline(url: string, makeTake: (pool: Pool) => Take): Promise<Result> {
	const pool = createPool(url, { maxConnections: clientCount });
	try {
		await pool.query('drop schema if exists bench cascade');
		await pool.query('create schema bench');
		await pool.query('create table bench.taken (taken_at timestamptz not null default now())');
		await pool.query('create table bench.lock as select 1 as only_row');
		const take = makeTake(pool);
		await takeAll(take, { clients: clientCount, asksEach: 5, limit: 1_000_000 });
		await pool.query('truncate bench.taken');
		return await takeAll(take, { clients: clientCount, asksEach: 40, limit: 2_000 });
	} finally {
		await pool.end();
	}
}

/** Each process has its own pool and decides its own clients together; PostgreSQL keeps the processes apart. */
async function ours(url: string, processes: number): Promise<Result> {
	const clients = clientCount / processes;
	const account = `processes-${processes}`;
	const results = await Promise.all(
		Array.from({ length: processes }, () => runProcess([url, account, String(clients)])),
	);
	return {
		granted: results.reduce((sum, { granted }) => sum + granted, 0),
		latenciesMs: results.flatMap(({ latenciesMs }) => latenciesMs),
		seconds: Math.max(...results.map(({ seconds }) => seconds)),
	};
}

function runProcess(args: readonly string[]): Promise<Result> {
	const file = path.join(__dirname, 'limits-client.ts');
	const child = fork(file, args, { execArgv: ['--import', 'tsx'], timeout: deadlineMs });
	return new Promise((resolve, reject) => {
		child.once('message', (message) => resolve(resultSchema.parse(message)));
		child.once('error', reject);
		child.once('exit', (code) => reject(new Error(`A client ended with ${code} and no result.`)));
	});
}

function summary(result: Result, limit: number) {
	const sorted = [...result.latenciesMs].sort((a, b) => a - b);
	const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
	return {
		overshoot: Math.max(0, result.granted - limit),
		unused: Math.max(0, limit - result.granted),
		p50: at(0.5).toFixed(2),
		p99: at(0.99).toFixed(2),
		perSec: Math.round(sorted.length / result.seconds),
	};
}

function print(name: string, { overshoot, unused, p50, p99, perSec }: ReturnType<typeof summary>): void {
	console.log(
		`${name}: overshoot ${overshoot}, unused ${unused}, p50_ms ${p50}, p99_ms ${p99}, per_s ${perSec}`,
	);
}

async function measure(url: string): Promise<void> {
	await migrateUp(url);
	print('baseline, look then write', summary(await baseline(url, lookThenWrite), 2_000));
	print('baseline, look under a lock', summary(await baseline(url, lookUnderLock), 2_000));
	const apart = summary(await ours(url, processCount), asks.limit);
	print(`reserve, ${processCount} processes`, apart);
	const together = summary(await ours(url, 1), asks.limit);
	print('reserve, 1 process', together);
	const overshoot = together.overshoot + apart.overshoot;
	const isUnused = together.unused + apart.unused > 0;
	const isLate = Number(together.p99) > targetP99Ms;
	if (isLate) {
		console.log(
			`note: p99 is above ${targetP99Ms} ms; load average ${os.loadavg()[0]?.toFixed(1)} on ${os.cpus().length} cores`,
		);
	}
	console.log(
		`limits: clients ${clientCount}, overshoot ${overshoot}, p50_ms ${together.p50}, p99_ms ${together.p99}`,
	);
	if (overshoot > 0 || isUnused || isLate) process.exitCode = 1;
}

async function main(): Promise<void> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'stackkraft-bench-limits-'));
	// As root PostgreSQL runs under another account, which has to get in.
	await chmod(folder, 0o755);
	try {
		const server = await startPostgresServer({
			folder: path.join(folder, 'data'),
			port: await findFreePort(),
			password: 'bench',
			logPath: path.join(folder, 'postgres.log'),
			reachableFolder: path.join(folder, 'programs'),
		});
		try {
			await measure(server.urlOf('postgres'));
		} finally {
			await server.child.stop();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
