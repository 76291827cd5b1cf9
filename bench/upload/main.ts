// Large files through the whole publishing path of the four networks that take bytes in pieces, beside two
// baselines of the same run. One line per network:
//   upload: <network>, <bytes> bytes, <seconds> s, rss_growth_mib <x>, ratio_bare <x>, ratio_stock <x>
// ratio_bare is our time as a multiple of a plain loop's with the best chunk size (at most 1.5), ratio_stock how much
// faster we are than 256 KiB chunks, the way of n8n's own YouTube node (at least 2). Ends with 1 when a bound is
// broken or the bytes did not arrive.
//   npm run bench:upload -- [--mib 1024] [--networks youtube,tiktok,x,linkedin] [--memory-only]
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { asStockNode, plainLoops, type PlainUpload } from './plain-loops';
import { networks, startSandboxProcess, type BenchNetwork, type SandboxProcess } from './sandbox-process';

const run = promisify(execFile);
const mebibyte = 1024 * 1024;
const maxGrowthMib = 64;
const maxRatioBare = 1.5;
const minRatioStock = 2;
const runDeadlineMs = 10 * 60_000;
/** The best of several: everything else that a machine does can only add to a time. */
const rounds = 3;

const resultSchema = z.object({ seconds: z.number(), grownMib: z.number() });
const optionsSchema = z.object({
	mib: z.coerce.number().int().positive().default(1024),
	networks: z
		.string()
		.default(networks.join(','))
		.transform((list) => z.array(z.enum(networks)).parse(list.split(','))),
	'memory-only': z.boolean().default(false),
});

/** Sparse: takes no room on the disk, and reads as that many bytes all the same. */
async function makeFile(folder: string, sizeBytes: number): Promise<string> {
	const filePath = path.join(folder, 'large.mp4');
	const file = await open(filePath, 'w');
	await file.truncate(sizeBytes);
	await file.close();
	return filePath;
}

async function runOurs(sandbox: SandboxProcess, network: BenchNetwork, filePath: string) {
	const script = path.join(__dirname, 'our-upload.ts');
	const args = ['--import', 'tsx', script, network, sandbox.baseUrlOf(network), filePath];
	const env = { ...process.env, BENCH_TOKEN: await sandbox.tokenOf(network) };
	const { stdout } = await run(process.execPath, args, { env, timeout: runDeadlineMs });
	return resultSchema.parse(JSON.parse(stdout));
}

async function secondsOf(upload: (input: PlainUpload) => Promise<void>, input: PlainUpload): Promise<number> {
	const startedMs = performance.now();
	await upload(input);
	return (performance.now() - startedMs) / 1000;
}

interface Row {
	readonly seconds: number;
	readonly grownMib: number;
	readonly bareSeconds: number;
}

async function measure(
	sandbox: SandboxProcess,
	network: BenchNetwork,
	file: { filePath: string; sizeBytes: number },
	isMemoryOnly: boolean,
): Promise<Row> {
	const found: Row[] = [];
	for (let round = 0; round < (isMemoryOnly ? 1 : rounds); round++) {
		const ours = await runOurs(sandbox, network, file.filePath);
		const token = await sandbox.tokenOf(network);
		const plain = { ...file, baseUrl: sandbox.baseUrlOf(network), token };
		const bareSeconds = isMemoryOnly ? Number.NaN : await secondsOf(plainLoops[network], plain);
		found.push({ ...ours, bareSeconds });
	}
	const published = await sandbox.publishedBytes(network);
	const ours = published.filter((sizeBytes) => sizeBytes === file.sizeBytes);
	if (ours.length < found.length) throw new Error(`${network} does not have every video of this size.`);
	return {
		seconds: Math.min(...found.map(({ seconds }) => seconds)),
		grownMib: Math.max(...found.map(({ grownMib }) => grownMib)),
		bareSeconds: Math.min(...found.map(({ bareSeconds }) => bareSeconds)),
	};
}

async function stockSecondsPerByte(
	sandbox: SandboxProcess,
	file: { filePath: string; sizeBytes: number },
): Promise<number> {
	const times: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const token = await sandbox.tokenOf('youtube');
		times.push(await secondsOf(asStockNode, { ...file, baseUrl: sandbox.baseUrlOf('youtube'), token }));
	}
	return Math.min(...times) / file.sizeBytes;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			mib: { type: 'string' },
			networks: { type: 'string' },
			'memory-only': { type: 'boolean' },
		},
	});
	const { mib, networks: wanted, 'memory-only': isMemoryOnly } = optionsSchema.parse(values);
	const folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-bench-'));
	const sandbox = await startSandboxProcess();
	const broken: string[] = [];
	try {
		const sizeBytes = mib * mebibyte;
		const file = { filePath: await makeFile(folder, sizeBytes), sizeBytes };
		const stock = isMemoryOnly ? Number.NaN : await stockSecondsPerByte(sandbox, file);
		for (const network of wanted) {
			const { seconds, grownMib, bareSeconds } = await measure(sandbox, network, file, isMemoryOnly);
			const ratioBare = seconds / bareSeconds;
			const ratioStock = (stock * sizeBytes) / seconds;
			const ratios = isMemoryOnly
				? ''
				: `, ratio_bare ${ratioBare.toFixed(2)}, ratio_stock ${ratioStock.toFixed(2)}`;
			console.log(
				`upload: ${network}, ${sizeBytes} bytes, ${seconds.toFixed(2)} s, rss_growth_mib ${grownMib.toFixed(1)}${ratios}`,
			);
			if (grownMib >= maxGrowthMib) broken.push(`${network}: memory grew by ${maxGrowthMib} MiB or more`);
			if (ratioBare > maxRatioBare) broken.push(`${network}: more than ${maxRatioBare} times a plain loop`);
			if (ratioStock < minRatioStock)
				broken.push(`${network}: less than ${minRatioStock} times faster than 256 KiB chunks`);
		}
	} finally {
		await sandbox.stop();
		await rm(folder, { recursive: true, force: true });
	}
	if (broken.length > 0) throw new Error(broken.join('\n'));
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
