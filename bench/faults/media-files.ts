// The media of all posts: files whose bytes mean nothing, and what ffprobe would have said of them.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MediaFacts } from '../../lib/publishing/adapter';

const sizesBytes = {
	'clip.mp4': 300_000,
	/** Larger than one piece of a resumable upload. */
	'clip-1m.mp4': 1_048_676,
	'picture-1.jpg': 20_000,
	'picture-2.jpg': 20_001,
	'picture-3.jpg': 20_002,
	'picture-4.jpg': 20_003,
	'moving.gif': 20_000,
	'paper.pdf': 20_000,
} as const;

export type MediaName = keyof typeof sizesBytes;

interface Format {
	/** Some networks look at the first bytes. */
	readonly mark: string;
	readonly facts: Omit<MediaFacts, 'sizeBytes'>;
}

const formats: Readonly<Record<string, Format>> = {
	'.jpg': {
		mark: '\xff\xd8\xff\xe0',
		facts: { kind: 'image', mimeType: 'image/jpeg', widthPx: 1080, heightPx: 1080 },
	},
	'.gif': {
		mark: 'GIF89a',
		facts: { kind: 'gif', mimeType: 'image/gif', widthPx: 480, heightPx: 480 },
	},
	'.pdf': { mark: '%PDF-1.7', facts: { kind: 'document', mimeType: 'application/pdf' } },
	'.mp4': {
		mark: '',
		facts: {
			kind: 'video',
			mimeType: 'video/mp4',
			durationSec: 10,
			widthPx: 1080,
			heightPx: 1920,
			framesPerSec: 30,
		},
	},
};

function formatOf(filePath: string): Format {
	const format = formats[path.extname(filePath)];
	if (format) return format;
	throw new Error(`no such media: ${filePath}`);
}

export async function writeMediaFiles(folder: string): Promise<void> {
	for (const [name, sizeBytes] of Object.entries(sizesBytes)) {
		const bytes = Buffer.alloc(sizeBytes, sizeBytes % 251);
		bytes.write(formatOf(name).mark, 'latin1');
		await writeFile(path.join(folder, name), bytes, { mode: 0o644 });
	}
}

export interface OwnMedia {
	readonly path: string;
	readonly sha256: string;
}

/** The same medium with the post's words at its end: nobody else publishes these bytes. */
export async function writeOwnMedia(source: string, target: string, words: string): Promise<OwnMedia> {
	const bytes = Buffer.concat([await readFile(source), Buffer.from(words)]);
	await writeFile(target, bytes, { mode: 0o644 });
	return { path: target, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export function factsOf(filePath: string, sizeBytes: number): MediaFacts {
	return { ...formatOf(filePath).facts, sizeBytes };
}
