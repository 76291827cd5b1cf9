import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { concatenate } from '../../../lib/clips';
import { ffmpeg, fiveSecondVideo } from '../../support/media';

jest.setTimeout(60_000);

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
