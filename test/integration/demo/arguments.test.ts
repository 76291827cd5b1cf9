import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArguments, refuseUnusable } from '../../../scripts/demo/arguments';
import { StackFailure } from '../../../scripts/stack/stack-failure';
import { fiveSecondVideo, rotatedPhoneVideo, textNamedVideo, videoWithoutSound } from '../../support/media';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder';

let folder: TemporaryFolder;

beforeAll(() => {
	folder = createTemporaryFolder('demo-arguments');
});
afterAll(() => folder.remove());

describe('a video that cannot be worked with is refused before anything is started, in a sentence', () => {
	const cases = [
		['is not there', async () => join(folder.path, 'missing.mp4'), /There is no file at/],
		['is a text', textNamedVideo, /not a video/],
		['has no sound', videoWithoutSound, /no sound.*\.srt/],
		['is a folder', async () => folder.path, /./],
	] as const;
	it.each(cases)('that %s', async (_what, make, sentence) => {
		const refusal = refuseUnusable(await make());
		await expect(refusal).rejects.toThrow(sentence);
		await expect(refusal).rejects.toBeInstanceOf(StackFailure);
	});
});

it('takes a video without sound when its words stand in a subtitle file beside it', async () => {
	const video = join(folder.path, 'silent.mp4');
	await copyFile(await videoWithoutSound(), video);
	await writeFile(join(folder.path, 'silent.srt'), '1\n00:00:00,000 --> 00:00:05,000\nHello.\n');
	await expect(refuseUnusable(video)).resolves.toBeUndefined();
});

it('takes short and rotated videos', async () => {
	for (const video of [await fiveSecondVideo(), await rotatedPhoneVideo()]) {
		await expect(refuseUnusable(video)).resolves.toBeUndefined();
	}
});

it('reads a path from the folder in which the person stands', () => {
	expect(parseArguments(['talk.mp4'])).toEqual({
		videoPath: join(process.cwd(), 'talk.mp4'),
		isFresh: false,
	});
	expect(parseArguments(['--fresh'])).toEqual({ videoPath: undefined, isFresh: true });
});
