// The pretend networks in a process of their own, so that what they hold is not counted as ours.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { z } from 'zod';

export const networks = ['youtube', 'tiktok', 'x', 'linkedin'] as const;
export type BenchNetwork = (typeof networks)[number];

const startDeadlineMs = 120_000;
const callDeadlineMs = 60_000;

const place = z.object({ baseUrl: z.url() });
const readySchema = z.object({ youtube: place, tiktok: place, x: place, linkedin: place });
const tokensSchema = z.looseObject({ accessToken: z.string() });
const journalSchema = z.object({ posts: z.array(z.looseObject({ mediaSizeBytes: z.number() })) });

export interface SandboxProcess {
	baseUrlOf(network: BenchNetwork): string;
	tokenOf(network: BenchNetwork): Promise<string>;
	/** Sizes of the media of all posts that this network made public. */
	publishedBytes(network: BenchNetwork): Promise<readonly number[]>;
	stop(): Promise<void>;
}

export async function startSandboxProcess(): Promise<SandboxProcess> {
	const main = path.join(__dirname, '..', '..', 'sandbox', 'main.ts');
	const args = ['--import', 'tsx', main, '--networks', networks.join(',')];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	const gone = new Promise((resolve) => child.once('exit', resolve));
	const late = setTimeout(() => child.kill('SIGKILL'), startDeadlineMs);
	const urls = await firstLine(child.stdout).finally(() => clearTimeout(late));
	return {
		baseUrlOf: (network) => urls[network].baseUrl,
		async tokenOf(network) {
			const url = `${urls[network].baseUrl}/_sandbox/tokens`;
			return (await getJson(url, tokensSchema, { account: 'bench' })).accessToken;
		},
		async publishedBytes(network) {
			const { posts } = await getJson(`${urls[network].baseUrl}/_sandbox/journal`, journalSchema);
			return posts.map(({ mediaSizeBytes }) => mediaSizeBytes);
		},
		async stop() {
			child.kill('SIGTERM');
			await gone;
		},
	};
}

async function firstLine(output: NodeJS.ReadableStream): Promise<z.infer<typeof readySchema>> {
	for await (const line of createInterface({ input: output })) return readySchema.parse(JSON.parse(line));
	throw new Error('The sandbox did not start.');
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
		signal: AbortSignal.timeout(callDeadlineMs),
	});
	return schema.parse(await response.json());
}
