// Media to test with, made or fetched once into a folder that is not committed.
import { execFile } from 'node:child_process';
import { access, chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { findFfmpeg } from '../../lib/media';
import { ensureSampleVideo, unpackDebianPackage } from '../../scripts/stack/sample-video';

const run = promisify(execFile);
export const mediaFolder = path.join(__dirname, '../../.stackkraft/media');

/** 180 seconds of narration over music, 480×352. */
export const talkVideo = (): Promise<string> => ensureSampleVideo(mediaFolder, () => undefined);

export async function ffmpeg(args: readonly string[]): Promise<string> {
	const { stderr } = await run(findFfmpeg().path, ['-hide_banner', '-nostdin', '-y', ...args], {
		maxBuffer: 64 * 1024 * 1024,
		timeout: 120_000,
	});
	return stderr;
}

/** The file, made by `make` when it is not there yet; whole or absent, also when two tests want it at once. */
async function made(name: string, make: (target: string) => Promise<unknown>): Promise<string> {
	const target = path.join(mediaFolder, name);
	const isThere = await access(target).then(
		() => true,
		() => false,
	);
	if (isThere) return target;
	await mkdir(mediaFolder, { recursive: true });
	const folder = await mkdtemp(path.join(mediaFolder, '.make-'));
	try {
		const file = path.join(folder, name);
		await make(file);
		await rename(file, target);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
	return target;
}

const from = async (startSec: number, lengthSec: number): Promise<string[]> => [
	...['-ss', String(startSec), '-t', String(lengthSec), '-i', await talkVideo()],
];
const small = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'];

/** Five seconds in which "It's easy. It only takes a minute and it's totally free." is said. */
export const fiveSecondVideo = () =>
	made('five-seconds.mp4', async (target) => ffmpeg([...(await from(100.8, 5)), ...small, target]));

export const halfMinuteTalk = () =>
	made('half-minute.mp4', async (target) => ffmpeg([...(await from(76, 30)), ...small, target]));

export const videoWithoutSound = () =>
	made('no-sound.mp4', async (target) => ffmpeg([...(await from(0, 40)), '-an', ...small, target]));

export const musicOnlyVideo = () =>
	made('music-only.mp4', (target) =>
		ffmpeg([
			...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=20'],
			...['-f', 'lavfi', '-i', 'aevalsrc=0.2*sin(220*2*PI*t)+0.2*sin(330*2*PI*t):d=20'],
			...small,
			target,
		]),
	);

export const silentVideo = () =>
	made('digital-silence.mp4', (target) =>
		ffmpeg([
			...['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=20'],
			...['-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=mono', '-shortest', ...small, target],
		]),
	);

/** Like a phone: 640×360 is stored, a display matrix says that it was held upright; its top left quarter is red. */
export const rotatedPhoneVideo = () =>
	made('rotated.mp4', async (target) => {
		const sideways = `${target}.sideways.mp4`;
		await ffmpeg([
			...['-f', 'lavfi', '-i', 'color=c=blue:size=360x640:rate=25:duration=8'],
			...(await from(90, 8)),
			...['-filter_complex', '[0:v]drawbox=x=0:y=0:w=180:h=320:color=red:t=fill,transpose=2[v]'],
			...['-map', '[v]', '-map', '1:a', ...small, sideways],
		]);
		await ffmpeg(['-display_rotation', '-90', '-i', sideways, '-c', 'copy', target]);
	});

export const oddSizeVideo = () =>
	made('odd-size.mkv', async (target) =>
		ffmpeg([
			...(await from(90, 8)),
			'-vf',
			'scale=351:241,setsar=4/3',
			'-pix_fmt',
			'yuv444p',
			...small,
			target,
		]),
	);

export const textNamedVideo = () =>
	made('text.mp4', async (target) => writeFile(target, 'This is a letter and not a video.\n'.repeat(200)));

/** Each sentence spoken by a synthetic voice with known silence between them: the truth about offsets. */
export async function spokenVideo(
	name: string,
	sentences: readonly string[],
	gapSec: number,
): Promise<string> {
	return await made(`${name}.mp4`, async (target) => {
		const folder = path.dirname(target);
		const voice = await flite();
		const list: string[] = [];
		await ffmpeg(['-f', 'lavfi', '-i', `anullsrc=r=16000:cl=mono:d=${gapSec}`, path.join(folder, 'gap.wav')]);
		for (const [index, sentence] of sentences.entries()) {
			await run(voice.program, ['-voice', 'slt', '-t', sentence, '-o', path.join(folder, `${index}.wav`)], {
				env: { LD_LIBRARY_PATH: voice.libraries },
			});
			list.push(`file 'gap.wav'`, `file '${index}.wav'`);
		}
		await writeFile(path.join(folder, 'list.txt'), [...list, `file 'gap.wav'`].join('\n'));
		await ffmpeg([
			...['-f', 'concat', '-safe', '0', '-i', path.join(folder, 'list.txt')],
			...['-f', 'lavfi', '-i', 'color=c=gray:size=320x240:rate=10', '-shortest'],
			...['-map', '1:v', '-map', '0:a', ...small, target],
		]);
	});
}

async function flite(): Promise<{ program: string; libraries: string }> {
	const program = await made('flite', async (target) => {
		const unpacked = await unpackDebianPackage('flite', path.dirname(target));
		await copyFile(path.join(unpacked, 'usr/bin/flite'), target);
		await chmod(target, 0o755);
	});
	const libraries = await made('flite-libraries', async (target) => {
		const unpacked = await unpackDebianPackage('libflite1', path.dirname(target));
		const { stdout } = await run('find', [
			path.join(unpacked, 'usr/lib'),
			'-maxdepth',
			'1',
			'-type',
			'd',
			'-name',
			'*-linux-gnu',
		]);
		await rename(stdout.trim(), target);
	});
	return { program, libraries };
}

/** Integrated loudness and true peak, measured by a second way (EBU R 128) than the one that made them. */
export async function measuredLoudness(file: string): Promise<{ lufs: number; peakDb: number }> {
	const said = await ffmpeg(['-nostats', '-i', file, '-vn', '-af', 'ebur128=peak=true', '-f', 'null', '-']);
	const summary = said.slice(said.lastIndexOf('Summary:'));
	return {
		lufs: Number(/I:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1]),
		peakDb: Number(/Peak:\s+(-?[\d.]+) dBFS/.exec(summary)?.[1]),
	};
}

/** One picture as raw RGB, at a small size. */
export async function frameAt(file: string, atSec: number): Promise<Buffer> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'frame-'));
	try {
		const raw = path.join(folder, 'frame.rgb');
		await ffmpeg([
			...['-ss', String(atSec), '-i', file, '-frames:v', '1', '-vf', `scale=${FRAME_WIDTH}:${FRAME_HEIGHT}`],
			...['-pix_fmt', 'rgb24', '-f', 'rawvideo', raw],
		]);
		return await readFile(raw);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

export const FRAME_WIDTH = 108;
export const FRAME_HEIGHT = 192;

/** Red, green and blue at a place given as shares of width and height. */
export function colourAt(frame: Buffer, x: number, y: number): readonly [number, number, number] {
	const at = 3 * (Math.floor(y * FRAME_HEIGHT) * FRAME_WIDTH + Math.floor(x * FRAME_WIDTH));
	return [frame[at] ?? 0, frame[at + 1] ?? 0, frame[at + 2] ?? 0];
}
