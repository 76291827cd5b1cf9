// Pictures that come late, stand for long or end before the sound: slides, screens, cameras that were turned off.
import { mkdtemp, rm, truncate, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { encodingProfiles } from '../../../lib/clips/encoding-profiles';
import { renderClip, type Rendered } from '../../../lib/clips/render-clip';
import { probe } from '../../../lib/media';
import { colourAt, ffmpeg, frameAt } from '../../support/media';

jest.setTimeout(120_000);

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'standing-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const clip = (): string => path.join(folder, 'clip.mp4');

async function render(
	sourcePath: string,
	span: { startSec: number; endSec: number; removeSilences?: boolean },
): Promise<Rendered> {
	return await renderClip({
		...{ sourcePath, source: await probe(sourcePath), words: [], ...span },
		outputs: [{ aspect: '9:16', profile: encodingProfiles.everywhere, targetPath: clip() }],
		...{ workFolder: folder, signal: new AbortController().signal, deadlineMs: 60_000 },
	});
}

type Colour = 'red' | 'green' | 'blue';

/** Red for four seconds, green for four, blue for four, under a tone of twelve; what of it is kept is up to `filter`. */
async function colours(name: string, filter: string, ...encoding: string[]): Promise<string> {
	const file = path.join(folder, name);
	const parts = ['red', 'lime', 'blue'].flatMap((colour) => [
		...['-f', 'lavfi', '-i', `color=c=${colour}:size=270x480:rate=30:duration=4`],
	]);
	await ffmpeg([
		...[...parts, '-f', 'lavfi', '-i', 'sine=duration=12:sample_rate=48000'],
		...['-filter_complex', `[0][1][2]concat=n=3,${filter}[v]`, '-map', '[v]', '-map', '3:a'],
		...['-fps_mode', 'vfr', ...encoding, file],
	]);
	return file;
}

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'];
const onePicturePerColour = "select='not(mod(n,120))'";

async function seenAt(sec: number): Promise<Colour> {
	const levels = colourAt(await frameAt(clip(), sec), 0.5, 0.5);
	return (['red', 'green', 'blue'] as const)[levels.indexOf(Math.max(...levels))] ?? 'red';
}

async function expectWhole(lengthSec: number): Promise<void> {
	const { video, durationSec } = await probe(clip());
	expect(Math.abs((video?.endSec ?? 0) - lengthSec)).toBeLessThanOrEqual(1 / 30 + 0.001);
	expect(Math.abs(durationSec - lengthSec)).toBeLessThanOrEqual(1 / 30 + 0.001);
}

it.each([
	['an MP4', () => colours('slides.mp4', onePicturePerColour, ...h264)],
	['MPEG-TS', () => colours('slides.ts', onePicturePerColour, ...h264)],
	['Matroska', () => colours('slides.mkv', onePicturePerColour, ...vp8)],
	['a recording of a browser', () => colours('slides.webm', onePicturePerColour, ...vp8, '-live', '1')],
])('shows each slide from when it came until the next one, in %s', async (_what, source) => {
	await render(await source(), { startSec: 3, endSec: 11 });
	await expectWhole(8);
	expect(await seenAt(0.1)).toBe('red');
	expect(await seenAt(0.8)).toBe('red');
	expect(await seenAt(1.2)).toBe('green');
	expect(await seenAt(4.8)).toBe('green');
	expect(await seenAt(5.2)).toBe('blue');
	expect(await seenAt(7.5)).toBe('blue');
});

it('shows the slide that stands during the whole of a clip', async () => {
	await render(await colours('slides.mp4', onePicturePerColour, ...h264), { startSec: 8.7, endSec: 11.9 });
	await expectWhole(3.2);
	expect(await seenAt(0.1)).toBe('blue');
	expect(await seenAt(2.8)).toBe('blue');
});

it('keeps the last picture while the sound goes on', async () => {
	const source = await colours('picture-ends.mp4', 'trim=end=6', ...h264);
	await render(source, { startSec: 3, endSec: 10 });
	await expectWhole(7);
	expect(await seenAt(0.5)).toBe('red');
	expect(await seenAt(6.5)).toBe('green');
});

it('keeps picture and sound together when silences go out of a video whose picture comes late', async () => {
	const source = path.join(folder, 'late.mp4');
	const tone = "aevalsrc='0.4*sin(880*2*PI*t)*(lt(t,1)+gt(t,6))':s=48000:d=9";
	await ffmpeg([
		...['-f', 'lavfi', '-i', 'color=c=red:size=270x480:rate=30:duration=9', '-f', 'lavfi', '-i', tone],
		...['-filter_complex', "[0]drawbox=color=blue:t=fill:enable='gte(t,6)',trim=start=3[v]"],
		...['-map', '[v]', '-map', '1:a', ...h264, source],
	]);
	const { lengthSec } = await render(source, { startSec: 0, endSec: 9, removeSilences: true });
	await expectWhole(lengthSec);
	// What is left: the first second, 0.3 s of the silence, and the last three seconds.
	expect(await seenAt(1)).toBe('red');
	expect(await seenAt(1.5)).toBe('blue');
});

it('fills up sound that ends before the picture', async () => {
	const source = path.join(folder, 'sound-ends.mp4');
	await ffmpeg([
		...['-f', 'lavfi', '-i', 'color=c=red:size=270x480:rate=30:duration=8'],
		...['-f', 'lavfi', '-i', 'sine=duration=4:sample_rate=48000', ...h264, source],
	]);
	await render(source, { startSec: 2, endSec: 8 });
	const silent = await ffmpeg(['-i', clip(), '-af', 'silencedetect=noise=-50dB:d=1', '-f', 'null', '-']);
	expect(Number(/silence_start: ([\d.]+)/.exec(silent)?.[1])).toBeCloseTo(2, 1);
	expect(Number(/silence_end: ([\d.]+)/.exec(silent)?.[1])).toBeCloseTo(6, 1);
});

it('does not take a file that breaks off for one whose last picture stands', async () => {
	const source = await colours('broken.mkv', 'noise=alls=40', ...vp8);
	await truncate(source, Math.round((await stat(source)).size / 2));
	await expect(render(source, { startSec: 1, endSec: 11 })).rejects.toMatchObject({
		code: 'source-unreadable',
		message: expect.stringMatching(/breaks off: of 11.0 seconds only [4-7]\.\d/) as string,
	});
});
