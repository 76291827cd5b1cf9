// All of our work beside bare ffmpeg commands that make the same files, by turns; and what memory it takes.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { TimedWord } from '../../lib/clips';
import { captionScript } from '../../lib/clips/captions/caption-script';
import { putFonts } from '../../lib/clips/captions/fonts';
import { findFfmpeg, videoEncoding } from '../../lib/media';
import { oneRunAnswer, type OneRunAnswer, type OneRunWishes } from './one-run-messages';

const ROUNDS = 3;
const deadlineMs = 600_000;
const wishes = { minSec: 12, maxSec: 16 };

export interface SpeedFigures {
	/** Beside one command after the other, as they are typed. */
	readonly afterOneAnother: number;
	/** Beside one command that makes all files at once. */
	readonly atOnce: number;
}

export interface SpeedWishes {
	readonly sourcePath: string;
	readonly folder: string;
	readonly words: readonly TimedWord[];
	/** Where a crop that stands still shows what ours shows. */
	readonly cropX: number;
}

/** The median of each way; every run of ours is the first of its process. */
export async function measureSpeed({ sourcePath, folder, words, cropX }: SpeedWishes): Promise<SpeedFigures> {
	const [ours, single, together]: [number[], number[], number[]] = [[], [], []];
	for (let round = 0; round < ROUNDS; round++) {
		const outputFolder = path.join(folder, `round-${round}`);
		const { tookMs, spans } = await oneRun({ sourcePath, outputFolder, ...wishes, wantedClips: 3 });
		ours.push(tookMs);
		await writeCaptions(spans, words, folder);
		const parts = spans.map((span, index) => partOf(span, { sourcePath, index, cropX }));
		single.push(timed(() => eachAlone(parts, folder)));
		together.push(timed(() => allInOne(parts, folder)));
	}
	const told = (name: string, ms: readonly number[]): string =>
		`${name} ${ms.map((each) => (each / 1000).toFixed(1)).join(' ')} s`;
	console.log(
		`speed: ${[told('ours', ours), told('one by one', single), told('in one command', together)].join(', ')}`,
	);
	return { afterOneAnother: median(ours) / median(single), atOnce: median(ours) / median(together) };
}

/** Of a process that makes clips of an hour and of all that it starts. */
export async function measurePeakMib(sourcePath: string, folder: string): Promise<number> {
	let peakKib = 0;
	const outputFolder = path.join(folder, 'hour');
	await oneRun({ sourcePath, outputFolder, ...wishes, wantedClips: 3 }, (root) => {
		peakKib = Math.max(peakKib, treeRssKib(root));
	});
	return peakKib / 1024;
}

const WATCH_EVERY_MS = 250;

async function oneRun(run: OneRunWishes, watch?: (root: number) => void): Promise<OneRunAnswer> {
	const child = fork(path.join(__dirname, 'one-run.ts'), [JSON.stringify(run)], { timeout: deadlineMs });
	const timer = setInterval(() => child.pid && watch?.(child.pid), WATCH_EVERY_MS);
	let answer: unknown;
	child.on('message', (message) => (answer = message));
	try {
		const [code] = (await once(child, 'close')) as [number | null];
		if (code !== 0) throw new Error(`The run ended with ${code}.`);
		return oneRunAnswer.parse(answer);
	} finally {
		clearInterval(timer);
	}
}

interface Part {
	readonly input: readonly string[];
	readonly output: readonly string[];
}

function partOf(
	{ startSec, durationSec }: OneRunAnswer['spans'][number],
	{ sourcePath, index, cropX }: { sourcePath: string; index: number; cropX: number },
): Part {
	const picture = `crop=608:1080:${cropX}:0,scale=1080:1920,ass=bare-${index}.ass:fontsdir=fonts,format=yuv420p`;
	return {
		input: ['-ss', String(startSec), '-t', String(durationSec), '-i', sourcePath],
		output: [
			...[
				'-vf',
				picture,
				'-af',
				'loudnorm=I=-14:TP=-1.5,aresample=48000',
				...videoEncoding('libx264', 8_000),
			],
			...['-c:a', 'aac', '-b:a', '160k', '-ar', '48000', '-ac', '2', '-movflags', '+faststart'],
			`bare-${index}.mp4`,
		],
	};
}

function eachAlone(parts: readonly Part[], folder: string): void {
	for (const { input, output } of parts) bareFfmpeg([...input, ...output], folder);
}

function allInOne(parts: readonly Part[], folder: string): void {
	const outputs = parts.map(({ output }, index) => [
		...['-map', `${index}:v:0`, '-map', `${index}:a:0`],
		...output,
	]);
	bareFfmpeg([...parts.flatMap(({ input }) => input), ...outputs.flat()], folder);
}

function bareFfmpeg(args: readonly string[], folder: string): void {
	execFileSync(findFfmpeg().path, ['-v', 'error', '-nostdin', '-y', ...args], {
		cwd: folder,
		timeout: deadlineMs,
	});
}

async function writeCaptions(
	spans: OneRunAnswer['spans'],
	words: readonly TimedWord[],
	folder: string,
): Promise<void> {
	await putFonts(path.join(folder, 'fonts'));
	for (const [index, { startSec, endSec, durationSec }] of spans.entries()) {
		const own = words
			.filter((word) => word.startSec >= startSec && word.startSec < endSec)
			.map(({ text, ...word }) => ({
				text,
				startSec: word.startSec - startSec,
				endSec: word.endSec - startSec,
			}));
		const script = captionScript(own, durationSec, {
			frame: { width: 1080, height: 1920 },
			style: 'highlight',
		});
		await writeFile(path.join(folder, `bare-${index}.ass`), script);
	}
}

function timed(work: () => void): number {
	const startedMs = performance.now();
	work();
	return performance.now() - startedMs;
}

const median = (values: readonly number[]): number =>
	[...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function treeRssKib(root: number): number {
	const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
	const processes = lines.map((line) => line.trim().split(/\s+/).map(Number));
	const family = new Set([root]);
	// Parents have smaller numbers than their children nearly always; a few rounds find the rest.
	for (let round = 0; round < 4; round++) {
		for (const [pid = 0, parent = 0] of processes) if (family.has(parent)) family.add(pid);
	}
	return processes.reduce((sum, [pid = 0, , rss = 0]) => sum + (family.has(pid) ? rss : 0), 0);
}
