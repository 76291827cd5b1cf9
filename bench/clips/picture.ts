// What the pictures of clips cost and how well they follow people, for main.ts.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { extractClips, type Clip } from '../../lib/clips';
import { captionScript } from '../../lib/clips/captions/caption-script';
import { putFonts } from '../../lib/clips/captions/fonts';
import { MAX_PAN_PER_SEC } from '../../lib/clips/framing/camera-path';
import { runFfmpeg, videoEncoding } from '../../lib/media';
import { drawVideo } from './drawn-people';
import { follow, twoSpeakers, walkThenCut } from './follow';

export interface PictureFigures {
	/** Of the worse of the two videos. */
	readonly subjectInside: number;
	readonly fastestPan: number;
	readonly panBound: number;
	readonly speedRatio: number;
	readonly peakRssMib: number;
}

const PATTERN_SEC = 20;
const ROUNDS = 3;
// Where the crop stands for the speaker at the table.
const SPEAKER_PX = 157;
const wishes = { minSec: 18, maxSec: 22, wantedClips: 3 };

export async function measurePicture(cacheFolder: string): Promise<PictureFigures> {
	const [walk, table] = [walkThenCut(20), twoSpeakers(20)];
	const walked = await follow(walk.video, { ...walk, aspect: '9:16' });
	const sat = await follow(table.video, { ...table, aspect: '9:16' });
	await mkdir(cacheFolder, { recursive: true });
	const folder = await mkdtemp(path.join(cacheFolder, '.picture-'));
	try {
		const pattern = await noisyPattern(cacheFolder);
		return {
			subjectInside: Math.min(walked.inside, sat.inside),
			fastestPan: Math.max(walked.fastestPan, sat.fastestPan),
			panBound: MAX_PAN_PER_SEC,
			speedRatio: await speedRatio(await repeated(pattern, 9, folder), folder),
			peakRssMib: await peakRss(await repeated(pattern, 180, folder), folder),
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/**
 * Drawn people with the noise of a camera: without it decoding would be cheaper than of any real video. They sit, so that
 * a crop that stands still makes the same picture as ours.
 */
async function noisyPattern(cacheFolder: string): Promise<string> {
	const target = path.join(cacheFolder, 'people-at-a-table.mp4');
	if (await stat(target).catch(() => undefined)) return target;
	const clean = `${target}.clean.mp4`;
	await drawVideo(clean, twoSpeakers(PATTERN_SEC).video);
	await runFfmpeg({
		inputs: [{ source: clean }],
		outputOptions: [
			...[
				'-vf',
				'noise=alls=6:allf=t',
				'-c:v',
				'libx264',
				'-preset',
				'veryfast',
				'-b:v',
				'3M',
				'-maxrate',
				'4M',
			],
			...['-bufsize', '8M', '-c:a', 'copy', '-movflags', '+faststart'],
		],
		output: target,
		deadlineMs: 600_000,
	});
	await rm(clean, { force: true });
	return target;
}

/** The pattern over and over, copied and not encoded again, with a talk beside it that needs no listening. */
async function repeated(pattern: string, times: number, folder: string): Promise<string> {
	const target = path.join(folder, `people-${times}.mp4`);
	await runFfmpeg({
		inputs: [{ source: pattern, options: ['-stream_loop', String(times - 1)] }],
		outputOptions: ['-c', 'copy', '-movflags', '+faststart'],
		output: target,
		deadlineMs: 600_000,
	});
	await writeFile(target.replace('.mp4', '.words.json'), JSON.stringify(talkOf(times * PATTERN_SEC)));
	return target;
}

function talkOf(lengthSec: number) {
	const said =
		'Did you know that honey never spoils? People could still eat it after a very long time.'.split(' ');
	return Array.from({ length: Math.floor(lengthSec / 0.4) - 3 }, (_none, index) => ({
		text: said[index % said.length] ?? '',
		startSec: 0.5 + index * 0.4,
		endSec: 0.5 + index * 0.4 + 0.35,
	}));
}

/** All of our work against nothing but the encoding of the same spans, by turns; the best of each counts. */
async function speedRatio(sourcePath: string, folder: string): Promise<number> {
	const [ours, bare]: [number[], number[]] = [[], []];
	for (let round = 0; round < ROUNDS; round++) {
		const outputFolder = path.join(folder, `round-${round}`);
		const startedMs = performance.now();
		const { clips } = await extractClips({ sourcePath, outputFolder, ...wishes });
		ours.push(performance.now() - startedMs);
		bare.push(await bareMs(sourcePath, clips, folder));
	}
	return Math.min(...ours) / Math.min(...bare);
}

async function bareMs(sourcePath: string, clips: readonly Clip[], folder: string): Promise<number> {
	const frame = { width: 1080, height: 1920 };
	await putFonts(path.join(folder, 'fonts'));
	for (const [index, clip] of clips.entries()) {
		const words = talkOf(clip.endSec)
			.filter(({ startSec }) => startSec >= clip.startSec)
			.map((word) => ({
				...word,
				startSec: word.startSec - clip.startSec,
				endSec: word.endSec - clip.startSec,
			}));
		const script = captionScript(words, clip.durationSec, { frame, style: 'highlight' });
		await writeFile(path.join(folder, `bare-${index}.ass`), script);
	}
	const startedMs = performance.now();
	for (const [index, { startSec, durationSec }] of clips.entries()) {
		await runFfmpeg({
			inputs: [{ source: sourcePath, options: ['-ss', String(startSec), '-t', String(durationSec)] }],
			outputOptions: [
				...[
					'-vf',
					`crop=608:1080:${SPEAKER_PX}:0,scale=1080:1920,ass=bare-${index}.ass:fontsdir=fonts,format=yuv420p`,
				],
				...['-af', 'loudnorm=I=-14:TP=-1.5,aresample=48000', ...videoEncoding('libx264', 8_000)],
				...['-c:a', 'aac', '-b:a', '160k', '-ar', '48000', '-ac', '2', '-movflags', '+faststart'],
			],
			output: path.join(folder, `bare-${index}.mp4`),
			folder,
			deadlineMs: 600_000,
		});
	}
	return performance.now() - startedMs;
}

/** Of this process and all that it starts, while it makes clips of an hour. */
async function peakRss(sourcePath: string, folder: string): Promise<number> {
	let peakKib = 0;
	const timer = setInterval(() => (peakKib = Math.max(peakKib, treeRssKib())), 250);
	try {
		await extractClips({ sourcePath, outputFolder: path.join(folder, 'hour'), ...wishes, wantedClips: 2 });
	} finally {
		clearInterval(timer);
	}
	return peakKib / 1024;
}

function treeRssKib(): number {
	const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
	const processes = lines.map((line) => line.trim().split(/\s+/).map(Number));
	const family = new Set([process.pid]);
	// Parents have smaller numbers than their children nearly always; a few rounds find the rest.
	for (let round = 0; round < 4; round++) {
		for (const [pid = 0, parent = 0] of processes) if (family.has(parent)) family.add(pid);
	}
	return processes.reduce((sum, [pid = 0, , rss = 0]) => sum + (family.has(pid) ? rss : 0), 0);
}
