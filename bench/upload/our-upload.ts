// Our own path, whole: validation, adapter, journal. Runs in a process of its own, because what an upload takes of
// memory can only be seen where nothing else has been.
//   tsx bench/upload/our-upload.ts <network> <base url> <file>, with the token in BENCH_TOKEN
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { fileSource, systemClock, UndiciClient } from '../../lib/http';
import { linkedInAdapter } from '../../lib/platforms/linkedin/adapter';
import { tiktokAdapter } from '../../lib/platforms/tiktok/adapter';
import { xAdapter } from '../../lib/platforms/x/adapter';
import { youtubeAdapter } from '../../lib/platforms/youtube/adapter';
import type { PlatformAdapter } from '../../lib/publishing/adapter';
import { MemoryJournal } from '../../lib/publishing/memory-journal';
import type { PostContent } from '../../lib/publishing/post';
import { publishPost } from '../../lib/publishing/publish';
import { networks, type BenchNetwork } from './sandbox-process';

// Networks refuse the same words twice.
const words = `One large file ${randomUUID()}`;

const subjects: Readonly<Record<BenchNetwork, { adapter: PlatformAdapter; content: PostContent }>> = {
	youtube: { adapter: youtubeAdapter, content: { title: words } },
	tiktok: {
		adapter: tiktokAdapter,
		content: { text: words, options: { privacyLevel: 'PUBLIC_TO_EVERYONE' } },
	},
	// The largest that X takes from everybody is half a gigabyte.
	x: { adapter: xAdapter, content: { text: words, options: { isPremium: true } } },
	// LinkedIn's own size rule is left out: what is measured is how its parts are sent.
	linkedin: { adapter: { ...linkedInAdapter, validate: () => [] }, content: { text: words } },
};

const mebibyte = 1024 * 1024;

function watchMemory(): () => number {
	const startBytes = process.memoryUsage.rss();
	let peakBytes = startBytes;
	const timer = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 20);
	return () => {
		clearInterval(timer);
		return (peakBytes - startBytes) / mebibyte;
	};
}

async function main(): Promise<void> {
	const [network, apiBaseUrl, filePath] = z
		.tuple([z.enum(networks), z.url(), z.string()])
		.parse(process.argv.slice(2));
	const token = z.string().min(1).parse(process.env['BENCH_TOKEN']);
	const { adapter, content } = subjects[network];
	const source = await fileSource(filePath, { mimeType: 'video/mp4' });
	const http = new UndiciClient();
	let waitedMs = 0;
	const growthMib = watchMemory();
	const startedMs = performance.now();
	await publishPost({
		adapter,
		context: {
			http,
			authorizer: { getToken: async () => token, refreshToken: async () => token },
			clock: {
				...systemClock,
				// Waiting for the network to work on the video is no part of the upload.
				async sleep(delayMs, signal) {
					const fromMs = performance.now();
					await systemClock.sleep(delayMs, signal);
					waitedMs += performance.now() - fromMs;
				},
			},
			log: { info: () => undefined, warn: console.error },
			signal: AbortSignal.timeout(10 * 60_000),
			apiBaseUrl,
		},
		draft: {
			content,
			media: [{ source, facts: { kind: 'video', mimeType: 'video/mp4', sizeBytes: source.sizeBytes } }],
		},
		journal: new MemoryJournal(),
	});
	const seconds = (performance.now() - startedMs - waitedMs) / 1000;
	console.log(JSON.stringify({ seconds, grownMib: growthMib() }));
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
