import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { concatenate } from '../../../lib/clips';
import { encodingProfiles } from '../../../lib/clips/encoding-profiles';
import { renderClip } from '../../../lib/clips/render-clip';
import { probe } from '../../../lib/media';
import { ffmpeg, fiveSecondVideo } from '../../support/media';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'concatenate-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const join = (...sourcePaths: string[]) =>
	concatenate({ sourcePaths, outputFolder: path.join(folder, 'out') });

it.each(['mp4', 'mkv'])('refuses a part that breaks off, and leaves nothing (%s)', async (ending) => {
	const whole = await fiveSecondVideo();
	const half = path.join(folder, `half.${ending}`);
	await ffmpeg(['-i', whole, '-c', 'copy', '-movflags', '+faststart', half]);
	await expect(join(whole, half)).resolves.toMatchObject({ startsSec: [0, expect.closeTo(5, 0)] });
	await rm(path.join(folder, 'out'), { recursive: true });
	await truncate(half, Math.floor((await readFile(half)).length / 2));
	await expect(join(whole, half)).rejects.toMatchObject({
		code: 'source-unreadable',
		message: expect.stringMatching(/"half\..*" breaks off: of 5\.\d seconds only [1-4]\.\d/) as string,
	});
	expect(await readdir(path.join(folder, 'out')).catch(() => [])).toEqual([]);
});

/** The share of pictures whose lines come from two moments. */
async function combs(file: string): Promise<number> {
	const said = await ffmpeg(['-i', file, '-vf', 'idet', '-f', 'null', '-']);
	const [tff = 0, bff = 0, progressive = 0] =
		/.*Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)/s
			.exec(said)
			?.slice(1)
			.map(Number) ?? [];
	return (tff + bff) / (tff + bff + progressive);
}

describe('of a video in half pictures, as television and old cameras make it', () => {
	let interlaced: string;
	beforeEach(async () => {
		interlaced = path.join(folder, 'interlaced.mp4');
		await ffmpeg([
			...['-f', 'lavfi', '-i', 'gradients=size=1080x1080:rate=50:duration=1:speed=0.1:seed=1'],
			...['-vf', 'tinterlace=interleave_top,fieldorder=tff', '-c:v', 'libx264', '-preset', 'ultrafast'],
			...['-flags', '+ildct+ilme', interlaced],
		]);
		expect(await combs(interlaced)).toBeGreaterThan(0.9);
	});

	it('joins whole pictures', async () => {
		const { path: joined } = await join(interlaced);
		expect(await combs(joined)).toBeLessThan(0.1);
		expect((await probe(joined)).video?.fps).toBe(25);
	});

	it('makes a clip of whole pictures', async () => {
		const source = await probe(interlaced);
		const targetPath = path.join(folder, 'clip.mp4');
		await renderClip({
			...{ sourcePath: interlaced, source, startSec: 0, endSec: 1, words: [] },
			// The same shape: nothing is looked for, and the lines stay as they are.
			outputs: [{ aspect: '1:1', profile: encodingProfiles.everywhere, targetPath }],
			...{ workFolder: folder, signal: new AbortController().signal, deadlineMs: 100_000 },
		});
		expect(await combs(targetPath)).toBeLessThan(0.1);
	});
});
