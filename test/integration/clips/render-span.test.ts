import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { renderSpan } from '../../../lib/clips';
import { fiveSecondVideo } from '../../support/media';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'span-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** One second per word, without captions in the picture. */
async function render(text: string) {
	const words = text
		.split(' ')
		.map((word, index) => ({ text: word, startSec: index + 0.2, endSec: index + 0.9 }));
	const { clip } = await renderSpan({
		sourcePath: await fiveSecondVideo(),
		outputFolder: folder,
		startSec: 0,
		endSec: 4,
		words,
		look: { captions: false, subtitles: ['srt'] },
	});
	return { ...clip, subtitles: await readFile(String(clip.subtitlePaths[0]), 'utf8') };
}

it('writes what somebody corrected into the subtitle file, although no caption is in the picture', async () => {
	const heard = await render('Money never spoils.');
	expect(heard.subtitles).toContain('Money');
	const corrected = await render('Honey never spoils.');
	expect(corrected.subtitles).toContain('Honey');
	expect(corrected.clipId).not.toBe(heard.clipId);
	// The first clip keeps the file that was given out with it.
	expect(await readFile(String(heard.subtitlePaths[0]), 'utf8')).toContain('Money');
	expect(await render('Honey never spoils.')).toMatchObject({ clipId: corrected.clipId, isReused: true });
});
