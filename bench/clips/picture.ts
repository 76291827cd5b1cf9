// What the pictures of clips cost and how well they follow people, for main.ts.
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { TimedWord } from '../../lib/clips';
import { MAX_PAN_PER_SEC } from '../../lib/clips/framing/camera-path';
import { runFfmpeg } from '../../lib/media';
import { drawVideo } from './drawn-people';
import { follow, twoSpeakers, walkThenCut } from './follow';
import { measurePeakMib, measureSpeed } from './speed';

export interface PictureFigures {
	/** Of the worse of the two videos. */
	readonly subjectInside: number;
	readonly fastestPan: number;
	readonly panBound: number;
	/** Beside the faster one of the two ways to type it. */
	readonly speedRatio: number;
	readonly peakRssMib: number;
}

const PATTERN_SEC = 20;
// Where the crop stands for the speaker at the table.
const SPEAKER_PX = 157;

export async function measurePicture(cacheFolder: string): Promise<PictureFigures> {
	const [walk, table] = [walkThenCut(20), twoSpeakers(20)];
	const walked = await follow(walk.video, { ...walk, aspect: '9:16' });
	const sat = await follow(table.video, { ...table, aspect: '9:16' });
	await mkdir(cacheFolder, { recursive: true });
	const folder = await mkdtemp(path.join(cacheFolder, '.picture-'));
	try {
		const pattern = await noisyPattern(cacheFolder);
		const sourcePath = await repeated(pattern, 9, folder);
		const words = talkOf(9 * PATTERN_SEC);
		const speed = await measureSpeed({ sourcePath, folder, words, cropX: SPEAKER_PX });
		return {
			subjectInside: Math.min(walked.inside, sat.inside),
			fastestPan: Math.max(walked.fastestPan, sat.fastestPan),
			panBound: MAX_PAN_PER_SEC,
			speedRatio: Math.max(speed.afterOneAnother, speed.atOnce),
			peakRssMib: await measurePeakMib(await repeated(pattern, 180, folder), folder),
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

function talkOf(lengthSec: number): TimedWord[] {
	const said =
		'Did you know that honey never spoils? People could still eat it after a very long time.'.split(' ');
	return Array.from({ length: Math.floor(lengthSec / 0.4) - 3 }, (_none, index) => ({
		text: said[index % said.length] ?? '',
		startSec: 0.5 + index * 0.4,
		endSec: 0.5 + index * 0.4 + 0.35,
	}));
}
