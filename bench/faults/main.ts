// Counts that nothing is lost and nothing doubled: npm run bench:faults -- --seeds 1000 [--first-seed N] [--seed N] [--only story] [--n8n]
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startMediaServer } from '../../scripts/stack/media-server/media-server';
import { ensureNatsServer } from '../../scripts/stack/runtimes/nats-server';
import { startLane, type Lane } from './lane';
import { writeMediaFiles } from './media-files';
import type { Tally } from './messages';
import { faultlessPlan, planOf, type Measured } from './plan';
import { describeSeed, Totals } from './report';
import { runOnN8n } from './real-n8n';
import { runSeed, type SeedResult } from './run-seed';

interface Wish {
	readonly seeds: readonly number[];
	readonly lanes: number;
	/** Kinds of posts with one of these in their names, with commas; empty for all. */
	readonly only: string;
	readonly isReplay: boolean;
	/** With the real n8n, killed and started again. */
	readonly isReal: boolean;
}

function readWish(): Wish {
	const { values } = parseArgs({
		options: {
			seeds: { type: 'string' },
			n8n: { type: 'boolean', default: false },
			'first-seed': { type: 'string', default: '1' },
			seed: { type: 'string' },
			only: { type: 'string', default: '' },
			lanes: { type: 'string', default: '3' },
		},
	});
	const { n8n: isReal, only } = values;
	if (values.seed !== undefined)
		return { seeds: [Number(values.seed)], lanes: 1, only, isReplay: true, isReal };
	const first = Number(values['first-seed']);
	const count = Number(values.seeds ?? (isReal ? 5 : 100));
	const seeds = Array.from({ length: count }, (_, index) => first + index);
	return { seeds, lanes: Math.min(Number(values.lanes), count), only, isReplay: false, isReal };
}

/** Each kind of post once without any fault: a baseline that must end well, and the points to choose from. */
function measuring(lane: Lane): Measured {
	const known = new Map<string, Promise<Tally>>();
	let last: Promise<unknown> = Promise.resolve();
	return async (kind) => {
		const present = known.get(kind.name);
		if (present) return await present;
		const name = `faultless_${known.size}`;
		const measured = last.then(async () => {
			const result = await runSeed(lane, faultlessPlan(kind), name);
			if (result.tally && result.verdicts.every(({ finding }) => finding === 'posted')) return result.tally;
			throw new Error(`${kind.name} goes wrong without any fault:\n${describeSeed(result)}`);
		});
		known.set(kind.name, measured);
		last = measured.catch(() => undefined);
		return await measured;
	};
}

async function runAll(lanes: readonly Lane[], wish: Wish, tell: (result: SeedResult) => void): Promise<void> {
	const [measuringLane, ...others] = lanes;
	if (!measuringLane) throw new Error('no lane');
	const measured = measuring(measuringLane);
	const working = wish.lanes > 1 ? others : lanes;
	const waiting = [...wish.seeds];
	await Promise.all(
		working.map(async (lane) => {
			for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
				tell(await runSeed(lane, await planOf(seed, wish.only, measured), `seed_${seed}`));
			}
		}),
	);
}

async function withLanes(count: number, work: (lanes: readonly Lane[]) => Promise<void>): Promise<void> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'stackkraft-faults-'));
	const mediaFolder = path.join(folder, 'media');
	// As root PostgreSQL runs under another account, which has to get in.
	await chmod(folder, 0o755);
	await mkdir(mediaFolder);
	await writeMediaFiles(mediaFolder);
	const media = await startMediaServer({ folder: mediaFolder });
	const lanes: Lane[] = [];
	try {
		const { path: natsBinary } = await ensureNatsServer();
		for (let index = 0; index < count; index++) {
			const laneFolder = path.join(folder, `lane-${index}`);
			await mkdir(laneFolder, { mode: 0o755 });
			lanes.push(await startLane({ folder: laneFolder, natsBinary, mediaUrl: media.url, mediaFolder }));
		}
		await work(lanes);
	} finally {
		await Promise.all(lanes.map(async (lane) => lane.stop()));
		await media.close();
		if (process.env['FAULTS_KEEP'] === undefined) await rm(folder, { recursive: true, force: true });
	}
}

const progressEvery = 50;

async function main(): Promise<void> {
	const wish = readWish();
	const startedMs = performance.now();
	const totals = new Totals();
	const tell = (result: SeedResult): void => {
		totals.add(result);
		if (wish.isReplay || totals.isWrong(result)) console.log(describeSeed(result));
		else if (totals.seeds % progressEvery === 0) console.log(`${totals.seeds} of ${wish.seeds.length} seeds`);
	};
	// One more: the first measures what is passed when nothing breaks.
	const laneCount = wish.lanes > 1 ? wish.lanes + 1 : 1;
	if (wish.isReal) await runOnN8n(wish.seeds, tell);
	else await withLanes(laneCount, async (lanes) => runAll(lanes, wish, tell));
	console.log(totals.describe((performance.now() - startedMs) / 1_000));
	if (totals.failed > 0) process.exitCode = 1;
}

main()
	.catch((error: unknown) => {
		console.error(error instanceof Error ? (error.stack ?? error.message) : error);
		process.exitCode = 1;
	})
	// A lane that was still at work when another one failed would keep the process alive.
	.finally(() => process.exit());
