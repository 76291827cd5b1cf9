import { execFileSync } from 'node:child_process';
import {
	chmod,
	copyFile,
	mkdtemp,
	readdir,
	readFile,
	rm,
	truncate,
	utimes,
	writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { findFfprobe, prepareOutputFolder, probe, runFfmpeg, writeWhole } from '../../../lib/media';
import {
	ffmpeg,
	fiveSecondVideo,
	oddSizeVideo,
	rotatedPhoneVideo,
	talkVideo,
	textNamedVideo,
	videoWithoutSound,
} from '../../support/media';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'ffmpeg-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** Would run for an hour, in real time. */
const endless = {
	inputs: [{ source: 'testsrc=rate=5', options: ['-re', '-f', 'lavfi'] }],
	outputOptions: ['-f', 'null', '-t', '3600'],
};
const running = (mark: string): boolean => execFileSync('ps', ['-eo', 'args']).toString().includes(mark);

/** Into a pipe, where nothing can be written into the head afterwards. */
async function recording(): Promise<{ recorded: string; seconds: number }> {
	const recorded = path.join(folder, 'recording.webm');
	const seconds = 3;
	await ffmpeg([
		...['-f', 'lavfi', '-i', `testsrc2=size=320x240:duration=${seconds}`, '-f', 'lavfi', '-i'],
		...[`sine=duration=${seconds}`, '-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus'],
		...['-cpu-used', '8', '-threads', '1', '-live', '1', recorded],
	]);
	return { recorded, seconds };
}

/** Five seconds whose times begin later, as a part of a longer recording has them. FFmpeg counts its length from 0. */
async function lateMatroska(startSec: number): Promise<string> {
	const late = path.join(folder, 'late.mkv');
	await ffmpeg(['-itsoffset', String(startSec), '-i', await fiveSecondVideo(), '-c', 'copy', late]);
	return late;
}

/** What the file says of its own length: an element with the number 0x4489 that holds eight bytes (RFC 9559). */
async function tellLength(file: string, seconds: number): Promise<void> {
	const bytes = await readFile(file);
	bytes.writeDoubleBE(seconds * 1000, bytes.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3);
	await writeFile(file, bytes);
}

describe('probe', () => {
	it('reads size, rate, sound and length of a video', async () => {
		const facts = await probe(await talkVideo());
		expect(facts.video).toMatchObject({ width: 480, height: 352, codec: 'h264', rotationDeg: 0 });
		expect(facts.audio).toEqual({ codec: 'aac', channels: 2, sampleRateHz: 44_100 });
		expect(facts.durationSec).toBeCloseTo(180.26, 1);
	});

	it('gives the size as a person sees it, after rotation and with square pixels', async () => {
		expect((await probe(await rotatedPhoneVideo())).video).toMatchObject({
			width: 360,
			height: 640,
			rotationDeg: 90,
		});
		expect((await probe(await oddSizeVideo())).video).toMatchObject({ width: 468, height: 241 });
	});

	it('knows how long a video plays whose subtitles last longer', async () => {
		const [subtitles, long] = ['long.srt', 'long.mkv'].map((name) => path.join(folder, name));
		await writeFile(subtitles ?? '', '1\n00:00:01,000 --> 00:00:30,000\nStill here.\n');
		const inputs = ['-i', await fiveSecondVideo(), '-i', subtitles ?? '', '-map', '0', '-map', '1'];
		await ffmpeg([...inputs, '-c', 'copy', '-c:s', 'srt', long ?? '']);
		expect((await probe(long ?? '')).durationSec).toBeCloseTo(5, 0);
	});

	it('reads a recording of television, which names its channel', async () => {
		const recorded = path.join(folder, 'channel.ts');
		await ffmpeg(['-i', await fiveSecondVideo(), '-c', 'copy', recorded]);
		const { container, durationSec } = await probe(recorded);
		expect(container).toBe('mpegts');
		expect(durationSec).toBeCloseTo(5, 0);
	});

	it('has no facts on sound where there is none', async () => {
		expect((await probe(await videoWithoutSound())).audio).toBeUndefined();
	});

	it('refuses a text, a folder and nothing at all, each with what to do', async () => {
		await expect(probe(await textNamedVideo())).rejects.toMatchObject({ code: 'source-unreadable' });
		await expect(probe(folder)).rejects.toMatchObject({ code: 'source-missing' });
		await expect(probe('/nowhere.mp4')).rejects.toMatchObject({
			code: 'source-missing',
			remedy: expect.any(String) as string,
		});
	});

	it('measures the length of what a browser recorded, which was written as it came', async () => {
		const { recorded, seconds } = await recording();
		const facts = await probe(recorded);
		expect(facts.video).toMatchObject({ codec: 'vp8', width: 320, height: 240 });
		expect(Math.abs(facts.durationSec - seconds)).toBeLessThan(0.1);
	});

	const toldOf = async (file: string): Promise<number> => (await probe(file)).durationSec;

	it.each([0, 0.5, 3, 30])('knows how long Matroska plays whose times begin at %d s', async (startSec) => {
		expect(Math.abs((await toldOf(await lateMatroska(startSec))) - 5)).toBeLessThan(0.1);
	});

	it.each([3, 30])('does so too where its length counts from where it begins, at %d s', async (startSec) => {
		const late = await lateMatroska(startSec);
		await tellLength(late, 5);
		expect(Math.abs((await toldOf(late)) - 5)).toBeLessThan(0.1);
	});

	it('does not take Matroska that begins late and breaks off for a short one', async () => {
		const late = await lateMatroska(30);
		await truncate(late, Math.floor((await readFile(late)).length / 2));
		expect(Math.abs((await toldOf(late)) - 5)).toBeLessThan(0.1);
	});

	it('stops measuring at the deadline and when it is told to', async () => {
		const { recorded } = await recording();
		const ffprobe = path.join(folder, 'ffprobe');
		const real = findFfprobe().path;
		await writeFile(
			ffprobe,
			`#!/bin/sh\ncase "$*" in *packet*) exec tail -f "$0";; esac\nexec "${real}" "$@"\n`,
			{
				mode: 0o755,
			},
		);
		const stop = new AbortController();
		const stopped = probe(recorded, { ffprobePath: ffprobe, signal: stop.signal });
		setTimeout(() => stop.abort(), 300);
		await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
		const late = probe(recorded, { ffprobePath: ffprobe, deadlineMs: 300 });
		await expect(late).rejects.toMatchObject({ code: 'deadline' });
		expect(running(ffprobe)).toBe(false);
	});

	it.each(['aac', 'amr', 'aiff', 'caf'])(
		'takes bare sound as .%s and knows its true length',
		async (ending) => {
			const file = path.join(folder, `sound.${ending}`);
			// Quiet first: a guess from the beginning would be several times too long.
			const sound = "aevalsrc='if(lt(t,5),0.001*sin(100*t),random(0))':d=10:s=48000";
			if (ending === 'amr') {
				// Frames of silence, 20 ms each (RFC 4867): no FFmpeg that we know can encode it.
				const frame = Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31)]);
				await writeFile(file, Buffer.concat([Buffer.from('#!AMR\n'), ...Array<Buffer>(500).fill(frame)]));
			} else await ffmpeg(['-f', 'lavfi', '-i', sound, file]);
			const facts = await probe(file);
			expect(facts.video).toBeUndefined();
			expect(facts.audio).toBeDefined();
			expect(Math.abs(facts.durationSec - 10)).toBeLessThan(0.1);
		},
	);

	it('does not blame the file when ffprobe itself was killed', async () => {
		const killed = path.join(folder, 'ffprobe');
		await writeFile(killed, '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
		await expect(probe(await talkVideo(), { ffprobePath: killed })).rejects.toMatchObject({
			code: 'ffmpeg-failed',
			class: 'platform',
		});
	});

	it('does not follow a list that is named like a video to other files', async () => {
		await copyFile(await talkVideo(), path.join(folder, 'private.mp4'));
		const list = path.join(folder, 'talk.mp4');
		await writeFile(list, 'ffconcat version 1.0\nfile private.mp4\nduration 5\n');
		await expect(probe(list)).rejects.toMatchObject({ code: 'source-unreadable' });
	});
});

describe('runFfmpeg', () => {
	it.each([
		['at once', 0],
		['while it runs', 400],
	])('leaves no process behind when it is cancelled %s', async (_when, delayMs) => {
		const stop = new AbortController();
		const mark = `mark=${path.basename(folder)}`;
		const outputOptions = [...endless.outputOptions, '-metadata', mark];
		const run = runFfmpeg({
			...endless,
			outputOptions,
			output: '-',
			signal: stop.signal,
			deadlineMs: 60_000,
		});
		setTimeout(() => stop.abort(), delayMs);
		await expect(run).rejects.toMatchObject({ code: 'cancelled' });
		expect(running(mark)).toBe(false);
	});

	it('stops at its deadline and says that it was the deadline', async () => {
		const run = runFfmpeg({ ...endless, output: '-', deadlineMs: 700 });
		await expect(run).rejects.toMatchObject({ code: 'deadline' });
	});

	it('fails with what ffmpeg said last', async () => {
		const run = runFfmpeg({
			inputs: [{ source: '/nowhere.mp4' }],
			outputOptions: ['-f', 'null'],
			output: '-',
			deadlineMs: 100_000,
		});
		await expect(run).rejects.toMatchObject({
			code: 'ffmpeg-failed',
			message: expect.stringContaining('No such file') as string,
		});
	});
});

describe('writeWhole', () => {
	it('leaves nothing at the target and nothing beside it when the writing fails', async () => {
		const writing = writeWhole(path.join(folder, 'clip.mp4'), async (partial) => {
			await writeFile(partial, 'half');
			throw new Error('died');
		});
		await expect(writing).rejects.toThrow('died');
		expect(await readdir(folder)).toEqual([]);
	});

	it('says of a folder in which nothing may be written that it cannot be used, before any work', async () => {
		await chmod(folder, 0o555);
		const isRoot = process.getuid?.() === 0;
		// Nothing is forbidden to root.
		if (isRoot) process.seteuid?.(65_534);
		try {
			await expect(prepareOutputFolder(folder)).rejects.toMatchObject({ code: 'output-folder' });
		} finally {
			if (isRoot) process.seteuid?.(0);
			await chmod(folder, 0o755);
		}
	});

	it('keeps what another run is writing and removes what a dead one left', async () => {
		const [alive, dead] = ['.clip-a-0000.partial.mp4', '.clip-b-0000.partial.mp4'].map((name) =>
			path.join(folder, name),
		);
		await writeFile(alive!, '');
		await writeFile(dead!, '');
		await writeFile(path.join(folder, 'clip-c.mp4'), '');
		const anHourAgo = new Date(Date.now() - 3_600_000);
		await utimes(dead!, anHourAgo, anHourAgo);
		await prepareOutputFolder(folder);
		expect((await readdir(folder)).sort()).toEqual([path.basename(alive!), 'clip-c.mp4']);
	});
});
