import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPictureSize } from '../../../lib/media';
import { ffmpeg } from '../../support/media';

it.each(['jpg', 'png', 'gif', 'webp'])('reads the size of a %s that FFmpeg made', async (extension) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-picture-'));
	try {
		const file = path.join(folder, `picture.${extension}`);
		await ffmpeg(['-f', 'lavfi', '-i', 'testsrc=size=321x123', '-frames:v', '1', file]);
		const size = await readPictureSize(file, new AbortController().signal);
		expect(size).toEqual({ widthPx: 321, heightPx: 123 });
	} finally {
		await rm(folder, { recursive: true });
	}
});
