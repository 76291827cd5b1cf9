import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { follow, twoSpeakers, walkThenCut } from '../../../bench/clips/follow';
import { captionStyleNames } from '../../../lib/clips/captions/caption-styles';
import { encodingProfiles } from '../../../lib/clips/encoding-profiles';
import { MAX_PAN_PER_SEC } from '../../../lib/clips/framing/camera-path';
import { renderClip, type RenderRequest } from '../../../lib/clips/render-clip';
import { findFfmpeg, hardwareEncoder, probe } from '../../../lib/media';
import { ffmpeg, fiveSecondVideo, frameAt, colourAt, measuredLoudness } from '../../support/media';

jest.setTimeout(240_000);

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'picture-'));
	await mkdir(path.join(folder, 'out'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const inOut = (name: string): string => path.join(folder, 'out', name);

async function render(sourcePath: string, more: Partial<RenderRequest> = {}) {
	const source = await probe(sourcePath);
	return await renderClip({
		...{ sourcePath, source, startSec: 0, endSec: source.durationSec, words: [] },
		outputs: [{ aspect: '9:16', profile: encodingProfiles.everywhere, targetPath: inOut('clip.mp4') }],
		...{ workFolder: folder, signal: new AbortController().signal, deadlineMs: 120_000 },
		...more,
	});
}

it.each([
	['somebody who walks, and stands on the next one in the frame of a cut', walkThenCut(7)],
	['one of two speakers without a jump between them', twoSpeakers(5)],
])('follows %s', async (_what, person) => {
	const { inside, fastestPan, offPlan, frames } = await follow(person.video, { ...person, aspect: '9:16' });
	expect(frames).toBe(person.video.lengthSec * 30 - 8);
	expect(inside).toBeGreaterThanOrEqual(0.95);
	// Offsets are whole pixels: one of them per frame can come on top of the bound.
	expect(fastestPan).toBeLessThanOrEqual(MAX_PAN_PER_SEC + 30 / 608);
	expect(offPlan).toBeLessThan(0.02);
});

/** White for 0.2 s and a beep with it, at each of these seconds; everything else is grey and silent. */
async function flashesAndBeeps(seconds: readonly number[], lengthSec: number): Promise<string> {
	const file = path.join(folder, 'flashes.mp4');
	const at = seconds.map((sec) => `between(t,${sec},${sec + 0.2})`).join('+');
	await ffmpeg([
		...['-f', 'lavfi', '-i', `color=c=gray:size=540x960:rate=30:duration=${lengthSec}`],
		...['-f', 'lavfi', '-i', `aevalsrc='0.4*sin(880*2*PI*t)*(${at})':s=48000:d=${lengthSec}`],
		...['-vf', `drawbox=color=white:t=fill:enable='${at}'`, '-c:v', 'libx264', '-preset', 'ultrafast'],
		...['-c:a', 'aac', file],
	]);
	return file;
}

const edgesOf = (said: string, what: RegExp): number[] =>
	[...said.matchAll(what)].map((match) => Number(match[1]));

/** When each beep begins to be heard, and each flash to be seen. */
async function beepsAndFlashesIn(clip: string): Promise<{ heard: number[]; seen: number[] }> {
	const [sound, picture] = await Promise.all([
		ffmpeg(['-i', clip, '-af', 'silencedetect=noise=-30dB:d=0.1', '-f', 'null', '-']),
		ffmpeg(['-i', clip, '-vf', 'negate,blackdetect=d=0.1:pix_th=0.2:pic_th=0.9', '-f', 'null', '-']),
	]);
	return {
		heard: edgesOf(sound, /silence_end: ([\d.]+)/g),
		seen: edgesOf(picture, /black_start:([\d.]+)/g),
	};
}

it('cuts a span out of the middle with picture and sound together', async () => {
	const source = await flashesAndBeeps([1, 3.1, 5.6], 8);
	await render(source, { startSec: 2.345, endSec: 6.789 });
	const { heard, seen } = await beepsAndFlashesIn(inOut('clip.mp4'));
	[3.1, 5.6].forEach((sec, index) => {
		expect(Math.abs((heard[index] ?? 0) - (sec - 2.345))).toBeLessThan(0.03);
		expect(Math.abs((seen[index] ?? 0) - (sec - 2.345))).toBeLessThanOrEqual(1 / 30 + 0.001);
	});
});

it.each(captionStyleNames)(
	'shows what is said in the style %s, in any writing, only while it is said',
	async (captions) => {
		const source = path.join(folder, 'grey.mp4');
		const grey = 'color=c=gray:size=540x960:rate=10:duration=3.6';
		await ffmpeg(['-f', 'lavfi', '-i', grey, '-c:v', 'libx264', '-preset', 'ultrafast', source]);
		const words = ['Hello', 'שלום', '👍'].map((text, index) => {
			const startSec = 0.1 + index * 0.8;
			return { text: `${text}.`, startSec, endSec: startSec + 0.4 };
		});
		const output = { aspect: '9:16', profile: encodingProfiles.everywhere, captions } as const;
		await render(source, { words, outputs: [{ ...output, targetPath: inOut('clip.mp4') }] });
		const changedAt = async (sec: number): Promise<number> => {
			const frame = await frameAt(inOut('clip.mp4'), sec);
			const plain = frame.subarray(0, 3);
			let changed = 0;
			for (let at = 0; at < frame.length; at += 3) {
				if (Math.abs((frame[at] ?? 0) - (plain[0] ?? 0)) > 40) changed++;
			}
			return changed;
		};
		for (const { startSec } of words) expect(await changedAt(startSec + 0.2)).toBeGreaterThan(20);
		expect(await changedAt(3.2)).toBe(0);
	},
);

it('takes long silences out with picture, sound and words still together', async () => {
	const source = await flashesAndBeeps([1, 4.5, 8], 10);
	const words = [1, 4.5, 8].map((startSec) => ({ text: 'beep', startSec, endSec: startSec + 0.2 }));
	const { lengthSec, words: moved } = await render(source, { words, removeSilences: true });
	expect(lengthSec).toBeLessThan(5);
	const clip = inOut('clip.mp4');
	expect((await probe(clip)).video?.fps).toBe(30);
	expect(Math.abs((await probe(clip)).durationSec - lengthSec)).toBeLessThanOrEqual(1 / 30 + 0.022);
	const { heard, seen } = await beepsAndFlashesIn(clip);
	expect(heard.slice(0, 3)).toHaveLength(3);
	moved.forEach(({ startSec }, index) => {
		expect(Math.abs((heard[index] ?? 0) - startSec)).toBeLessThan(0.05);
		expect(Math.abs((seen[index] ?? 0) - startSec)).toBeLessThanOrEqual(1 / 30 + 0.001);
	});
});

it('makes one file for each shape from one decode, at the right size, length and loudness', async () => {
	const source = path.join(folder, 'source.mp4');
	await ffmpeg([
		...['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=25:duration=3'],
		...['-f', 'lavfi', '-i', "aevalsrc='0.05*sin(300*2*PI*t)*(1+sin(5*t))':s=44100:d=3"],
		...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', source],
	]);
	const aspects = ['9:16', '4:5', '1:1', '16:9'] as const;
	const outputs = aspects.map((aspect) => ({
		...{ aspect, profile: encodingProfiles.everywhere },
		targetPath: inOut(`${aspect.replace(':', 'x')}.mp4`),
	}));
	await render(source, { outputs });
	const sizes = { '9:16': [1080, 1920], '4:5': [1080, 1350], '1:1': [1080, 1080], '16:9': [1920, 1080] };
	for (const { aspect, targetPath } of outputs) {
		const facts = await probe(targetPath);
		expect([facts.video?.width, facts.video?.height]).toEqual(sizes[aspect]);
		expect(facts.video?.fps).toBe(25);
		expect(Math.abs(facts.durationSec - 3)).toBeLessThanOrEqual(1 / 25);
		const errors = await ffmpeg(['-v', 'error', '-xerror', '-i', targetPath, '-f', 'null', '-']);
		expect(errors.trim()).toBe('');
	}
	const { lufs, peakDb } = await measuredLoudness(inOut('1x1.mp4'));
	expect(Math.abs(lufs + 14)).toBeLessThanOrEqual(1);
	expect(peakDb).toBeLessThanOrEqual(-1);
});

it('gives the same bytes when it renders the same again, also side by side', async () => {
	const hashes = await Promise.all(
		[0, 1, 2].map(async (round) => {
			const words = [{ text: 'again', startSec: 0.5, endSec: 1.5 }];
			const targetPath = inOut(`${round}.mp4`);
			const output = { aspect: '9:16' as const, profile: encodingProfiles.everywhere, targetPath };
			const outputs = [{ ...output, captions: 'highlight' as const }];
			await render(await fiveSecondVideo(), { endSec: 3, words, outputs });
			return createHash('sha256')
				.update(await readFile(targetPath))
				.digest('hex');
		}),
	);
	expect(new Set(hashes).size).toBe(1);
});

it('gives a constant rate and the same length to a video of variable rate', async () => {
	const source = path.join(folder, 'variable.mp4');
	await ffmpeg([
		...[
			'-f',
			'lavfi',
			'-i',
			'testsrc2=size=540x960:rate=30:duration=6',
			'-f',
			'lavfi',
			'-i',
			'sine=duration=6',
		],
		...['-vf', "select='lt(mod(n,30),12)+eq(mod(n,7),0)'", '-fps_mode', 'vfr', '-c:v', 'libx264'],
		...['-preset', 'ultrafast', '-c:a', 'aac', source],
	]);
	await render(source);
	const { video, durationSec } = await probe(inOut('clip.mp4'));
	expect(video?.fps).toBe(30);
	expect(Math.abs(durationSec - 6)).toBeLessThanOrEqual(1 / 30 + 0.022);
});

it.each([
	['', 'colorprim=bt2020:colormatrix=bt2020nc:'],
	[' that tells nothing else of its colours', ''],
])('shows an HDR video%s at the brightness that people see on a usual screen', async (_what, told) => {
	const source = path.join(folder, 'hdr.mp4');
	// 0.58 in PQ is about 200 nits: a bright wall. Shown as it is, it would be a middle grey.
	await ffmpeg([
		...['-f', 'lavfi', '-i', 'color=c=0x949494:size=540x960:rate=30:duration=1', '-pix_fmt', 'yuv420p10le'],
		...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params'],
		...[`${told}transfer=smpte2084:log-level=error`, '-tag:v', 'hvc1', source],
	]);
	expect((await probe(source)).video?.isHdr).toBe(true);
	await render(source);
	expect((await probe(inOut('clip.mp4'))).video).toMatchObject({ pixelFormat: 'yuv420p', isHdr: false });
	const [red] = colourAt(await frameAt(inOut('clip.mp4'), 0.2), 0.5, 0.5);
	expect(red).toBeGreaterThan(165);
});

it.each([
	['HD that says so', { size: '720x1280', matrix: 'bt709', told: 'bt709' }],
	['HD that does not say so', { size: '720x1280', matrix: 'bt709', told: 'unknown' }],
	['HD of ten bits', { size: '720x1280', matrix: 'bt709', told: 'bt709', format: 'yuv422p10le' }],
	['HD in the range of a computer', { size: '720x1280', matrix: 'bt709', told: 'bt709', range: 'pc' }],
	['old television that does not say so', { size: '304x540', matrix: 'bt601', told: 'unknown' }],
])('keeps the colours of %s', async (_what, colours) => {
	const { size, matrix, told, format, range } = { format: 'yuv420p', range: 'tv', ...colours };
	const source = path.join(folder, 'coloured.mp4');
	await ffmpeg([
		...['-f', 'lavfi', '-i', `color=c=0xC8503C:size=${size}:rate=30:duration=1,format=rgb24`],
		...[
			'-vf',
			`scale=out_color_matrix=${matrix}:out_range=${range},format=${format},setparams=colorspace=${told}`,
		],
		...['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '4', source],
	]);
	await render(source);
	const colour = colourAt(await frameAt(inOut('clip.mp4'), 0.2), 0.5, 0.5);
	const off = [0xc8, 0x50, 0x3c].map((wanted, at) => Math.abs((colour[at] ?? 0) - wanted));
	expect(Math.max(...off)).toBeLessThanOrEqual(4);
});

it('says of a file that breaks off how far it could be read, and leaves no half clip', async () => {
	const source = path.join(folder, 'broken.mp4');
	await ffmpeg(['-i', await fiveSecondVideo(), '-c', 'copy', '-movflags', '+faststart', source]);
	await truncate(source, Math.floor((await readFile(source)).length * 0.4));
	await expect(render(source)).rejects.toMatchObject({
		name: 'ClipError',
		remedy: expect.any(String) as string,
	});
	expect(await readdir(path.join(folder, 'out'))).toEqual([]);
});

it('says that the disk is full when it is, and leaves nothing behind', async () => {
	// A limit on the size of files stands for the disk: the same failure of the same call.
	const small = path.join(folder, 'ffmpeg-on-a-small-disk');
	await writeFile(small, `#!/bin/sh\ntrap '' XFSZ\nulimit -f 100\nexec "${findFfmpeg().path}" "$@"\n`);
	await chmod(small, 0o755);
	const full = render(await fiveSecondVideo(), { ffmpegPath: small });
	await expect(full).rejects.toMatchObject({ message: expect.stringContaining('disk is full') as string });
	expect(await readdir(path.join(folder, 'out'))).toEqual([]);
});

it('uses libx264 and says so where no graphics card can encode', async () => {
	const encoder = await hardwareEncoder({});
	const isHardware = encoder.name !== 'libx264';
	expect(encoder.note ?? '').toContain(isHardware ? '' : 'libx264 was used');
	const made = await render(await fiveSecondVideo(), { endSec: 1.5, encoder: { name: 'h264_nvenc' } });
	if (!isHardware)
		expect(made.encoder).toMatchObject({ name: 'libx264', note: expect.stringContaining('nvenc') as string });
	expect((await probe(inOut('clip.mp4'))).video?.codec).toBe('h264');
});
