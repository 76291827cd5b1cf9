// One gigabyte through the whole publishing path, to a sandbox in another process, while this process watches
// its own memory. Prints one line; ends with 1 when memory grew too much or the bytes did not arrive.
//   npx tsx bench/upload-memory.ts [size in MiB]
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { fileSource, systemClock, UndiciClient } from '../lib/http';
import { youtubeAdapter } from '../lib/platforms/youtube/adapter';
import { MemoryJournal } from '../lib/publishing/memory-journal';
import { publishPost } from '../lib/publishing/publish';

const maxGrowthMib = 64;
const mebibyte = 1024 * 1024;
const startDeadlineMs = 60_000;

const readySchema = z.object({ youtube: z.object({ baseUrl: z.url() }) });
const tokensSchema = z.looseObject({ accessToken: z.string() });
const journalSchema = z.object({ posts: z.array(z.looseObject({ mediaSizeBytes: z.number() })) });

async function startSandboxProcess(): Promise<{ child: ChildProcess; baseUrl: string }> {
	const main = path.join(__dirname, '..', 'sandbox', 'main.ts');
	const child = spawn(process.execPath, ['--import', 'tsx', main, '--networks', 'youtube'], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const lines = createInterface({ input: child.stdout });
	const late = setTimeout(() => child.kill('SIGKILL'), startDeadlineMs);
	try {
		for await (const line of lines) {
			return { child, baseUrl: readySchema.parse(JSON.parse(line)).youtube.baseUrl };
		}
	} finally {
		clearTimeout(late);
	}
	throw new Error('The sandbox did not start.');
}

/** Sparse: takes no room on the disk, and reads as that many bytes all the same. */
async function makeFile(folder: string, sizeBytes: number): Promise<string> {
	const filePath = path.join(folder, 'large.mp4');
	const file = await open(filePath, 'w');
	await file.truncate(sizeBytes);
	await file.close();
	return filePath;
}

function watchMemory(): () => number {
	global.gc?.();
	const startBytes = process.memoryUsage.rss();
	let peakBytes = startBytes;
	const timer = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 20);
	return () => {
		clearInterval(timer);
		return (peakBytes - startBytes) / mebibyte;
	};
}

async function getJson<Schema extends z.ZodType>(
	url: string,
	schema: Schema,
	body?: unknown,
): Promise<z.infer<Schema>> {
	const response = await fetch(url, {
		...(body !== undefined && {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		}),
		signal: AbortSignal.timeout(10_000),
	});
	return schema.parse(await response.json());
}

async function uploadOnce(baseUrl: string, filePath: string) {
	const { accessToken } = await getJson(`${baseUrl}/_sandbox/tokens`, tokensSchema, { account: 'bench' });
	const media = await fileSource(filePath, { mimeType: 'video/mp4' });
	const http = new UndiciClient();
	const growthMib = watchMemory();
	const startedMs = performance.now();
	await publishPost({
		adapter: youtubeAdapter,
		context: {
			http,
			authorizer: { getToken: async () => accessToken, refreshToken: async () => accessToken },
			clock: systemClock,
			log: { info: () => undefined, warn: console.error },
			signal: AbortSignal.timeout(10 * 60_000),
			apiBaseUrl: baseUrl,
		},
		draft: {
			content: { title: 'One gigabyte' },
			media: [
				{ source: media, facts: { kind: 'video', mimeType: media.mimeType, sizeBytes: media.sizeBytes } },
			],
		},
		journal: new MemoryJournal(),
	});
	const seconds = (performance.now() - startedMs) / 1000;
	const grownMib = growthMib();
	await http.close();
	return { seconds, grownMib, sizeBytes: media.sizeBytes };
}

async function main(): Promise<void> {
	const sizeBytes = Number(process.argv[2] ?? 1024) * mebibyte;
	const folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-bench-'));
	const { child, baseUrl } = await startSandboxProcess();
	try {
		const result = await uploadOnce(baseUrl, await makeFile(folder, sizeBytes));
		const { posts } = await getJson(`${baseUrl}/_sandbox/journal`, journalSchema);
		const isWhole = posts.length === 1 && posts[0]?.mediaSizeBytes === sizeBytes;
		console.log(
			`upload: youtube, ${result.sizeBytes} bytes, ${result.seconds.toFixed(1)} s, ` +
				`rss_growth_mib ${result.grownMib.toFixed(1)}`,
		);
		if (!isWhole) throw new Error('The sandbox does not have exactly one video of this size.');
		if (result.grownMib >= maxGrowthMib) throw new Error(`Memory grew by ${maxGrowthMib} MiB or more.`);
	} finally {
		const gone = new Promise((resolve) => child.once('exit', resolve));
		child.kill('SIGTERM');
		await gone;
		await rm(folder, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
