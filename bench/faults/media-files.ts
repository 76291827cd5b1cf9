// The media of all posts: files whose bytes mean nothing, and what ffprobe would have said of them.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MediaFacts } from '../../lib/publishing/adapter';

const sizesBytes = {
	'clip.mp4': 300_000,
	/** Larger than one piece of a resumable upload. */
	'clip-1m.mp4': 1_048_676,
	'picture-1.jpg': 20_000,
	'picture-2.jpg': 20_001,
} as const;

/** X looks at the first bytes of a picture. */
const jpegMark = [0xff, 0xd8, 0xff, 0xe0];

export type MediaName = keyof typeof sizesBytes;

export async function writeMediaFiles(folder: string): Promise<void> {
	for (const [name, sizeBytes] of Object.entries(sizesBytes)) {
		const bytes = Buffer.alloc(sizeBytes, sizeBytes % 251);
		if (name.endsWith('.jpg')) bytes.set(jpegMark);
		await writeFile(path.join(folder, name), bytes, { mode: 0o644 });
	}
}

export function factsOf(filePath: string, sizeBytes: number): MediaFacts {
	if (filePath.endsWith('.jpg')) {
		return { kind: 'image', mimeType: 'image/jpeg', sizeBytes, widthPx: 1080, heightPx: 1080 };
	}
	return {
		kind: 'video',
		mimeType: 'video/mp4',
		sizeBytes,
		durationSec: 10,
		widthPx: 1080,
		heightPx: 1920,
		framesPerSec: 30,
	};
}
