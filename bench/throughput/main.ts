// Posts of a bulk through a real n8n with the imported workflows, against the pretend X on this machine, beside the
// same posts by plain HTTP Request nodes in the same n8n, without any guarantee.
//   npm run bench:throughput -- [--posts 1000] [--bulk 100] [--spread 30]
// posts_per_s: `--posts` posts due at the same second, from due to the last one published. due_p50_s and due_p99_s: from
// due to the first byte at the network, for `--bulk` posts due at the same second. The line of the spread has the
// same for posts that are due one by one. Ends with 1 when a post is doubled or a bound of issue 4 is broken.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { buildPackage } from '../../scripts/stack/package/build';
import { silentProgress } from '../../scripts/stack/progress';
import { startBaseline } from './baseline';
import { cpuLine, readCpuTimes } from './cpu-time';
import { overheadLine, readCounters } from './overhead';
import { publishAll, type Run } from './ours';
import { control, startWorld, type World } from './world';

const bounds = { p50Sec: 2, p99Sec: 10, bulkPerMinute: 100 } as const;
const bootMs = 300_000;
/** One post per second in the slowest case, and some time to begin with. */
const deadlineOf = (posts: number): number => 60_000 + posts * 1_000;
const spreadEveryMs = 1_300;
const leadMs = 3_000;

const count = z.coerce.number().int().min(1).max(5_000);
const optionsSchema = z.object({
	posts: count.default(1_000),
	bulk: count.default(100),
	spread: count.default(30),
});

function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.ceil((sorted.length - 1) * share)] ?? Number.NaN;
}

function report(name: string, { lateSec, seconds, duplicated }: Run): void {
	const p50 = quantile(lateSec, 0.5).toFixed(2);
	const p99 = quantile(lateSec, 0.99).toFixed(2);
	const perSec = (lateSec.length / seconds).toFixed(1);
	console.log(
		`${name}: ${lateSec.length} posts, due_p50_s ${p50}, due_p99_s ${p99}, posts_per_s ${perSec}, duplicated ${duplicated}`,
	);
}

async function bulk(world: World, name: string, posts: number): Promise<Run> {
	const at = new Date(Date.now() + leadMs + posts * 5);
	const dueAt = Array.from({ length: posts }, () => at);
	return await publishAll({ world, name, dueAt, deadlineMs: deadlineOf(posts) });
}

async function spread(world: World, posts: number): Promise<Run> {
	const firstMs = Date.now() + leadMs;
	const dueAt = Array.from({ length: posts }, (_value, index) => new Date(firstMs + index * spreadEveryMs));
	return await publishAll({ world, name: 'spread', dueAt, deadlineMs: deadlineOf(posts * 2) });
}

async function measure(world: World, options: z.infer<typeof optionsSchema>): Promise<boolean> {
	const { stack } = world;
	// One account of the pretend X stands for all of ours: its own windows would be full after a hundred posts.
	const open = { kind: 'quota-left', left: 90, times: 'always', method: 'POST', pathPattern: '^/2/tweets' };
	await control(stack, 'faults', { add: open });
	const baseline = await startBaseline(stack);
	// Half of it before ours and half after: whatever else the machine does then is shared.
	const half = Math.ceil(options.posts / 2);
	const firstHalfSec = await baseline.measure(half);
	// What a process that has just started does for the first time is no part of a day.
	await bulk(world, 'warm-up', 10);
	const spreadRun = await spread(world, options.spread);
	report('spread', spreadRun);
	const bulkRun = await bulk(world, 'bulk', options.bulk);
	report('bulk', bulkRun);
	const before = await readCounters(stack);
	const cpuBefore = readCpuTimes(stack.dataFolder);
	const whole = await bulk(world, 'whole', options.posts);
	console.log(`ours, ${cpuLine(cpuBefore, readCpuTimes(stack.dataFolder), options.posts)}`);
	console.log(overheadLine(before, await readCounters(stack), options.posts));
	report('whole', whole);
	const cpuBetween = readCpuTimes(stack.dataFolder);
	const baselinePerSec = (2 * half) / (firstHalfSec + (await baseline.measure(half)));
	console.log(`baseline, ${cpuLine(cpuBetween, readCpuTimes(stack.dataFolder), half)}`);
	console.log(
		`baseline, plain HTTP Request nodes: ${2 * half} posts, posts_per_s ${baselinePerSec.toFixed(1)}`,
	);
	const p50 = quantile(bulkRun.lateSec, 0.5);
	const p99 = quantile(bulkRun.lateSec, 0.99);
	const perSec = options.posts / whole.seconds;
	console.log(`machine: ${cpus().length} cores, load average ${loadavg()[0]?.toFixed(1)}`);
	console.log(
		`throughput: posts_per_s ${perSec.toFixed(1)}, due_p50_s ${p50.toFixed(2)}, due_p99_s ${p99.toFixed(2)}, ` +
			`baseline_posts_per_s ${baselinePerSec.toFixed(1)}, ratio ${(perSec / baselinePerSec).toFixed(2)}`,
	);
	const runs = [spreadRun, bulkRun, whole];
	const isPunctual = [spreadRun, bulkRun].every(
		({ lateSec }) => quantile(lateSec, 0.5) <= bounds.p50Sec && quantile(lateSec, 0.99) <= bounds.p99Sec,
	);
	return (
		isPunctual && runs.every(({ duplicated }) => duplicated === 0) && perSec * 60 >= bounds.bulkPerMinute
	);
}

async function main(): Promise<void> {
	const options = optionsSchema.parse(
		parseArgs({
			options: { posts: { type: 'string' }, bulk: { type: 'string' }, spread: { type: 'string' } },
		}).values,
	);
	await buildPackage({ progress: silentProgress });
	const world = await startWorld(silentProgress, AbortSignal.timeout(bootMs));
	try {
		if (!(await measure(world, options))) process.exitCode = 1;
	} finally {
		await world.stop();
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
