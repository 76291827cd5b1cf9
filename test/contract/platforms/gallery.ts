// Several pictures and videos at once, each readable from here and under an address of this machine.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DraftMedia, MediaFacts } from '../../../lib/publishing/adapter';
import { startMediaServer } from '../../../scripts/stack/media-server/media-server';

export type GalleryItem = 'image' | 'video';

export interface Gallery {
	readonly media: readonly DraftMedia[];
	/** How many bytes the uploads have read, per medium. */
	readonly readBytes: readonly number[];
	stop(): Promise<void>;
}

const files = {
	image: { extension: '.jpg', mimeType: 'image/jpeg', sizeBytes: 20_000 },
	video: { extension: '.mp4', mimeType: 'video/mp4', sizeBytes: 300_000 },
} as const;

/** Every file has another size and other bytes, so that a mixture is seen. */
export async function startGallery(items: readonly GalleryItem[]): Promise<Gallery> {
	const folder = await mkdtemp(path.join(tmpdir(), 'stackkraft-gallery-'));
	const server = await startMediaServer({ folder });
	const readBytes = items.map(() => 0);
	const media = await Promise.all(
		items.map(async (kind, index): Promise<DraftMedia> => {
			const { extension, mimeType, sizeBytes } = files[kind];
			const fileName = `${kind}-${index}${extension}`;
			const bytes = Buffer.alloc(sizeBytes + index, index + 1);
			await writeFile(path.join(folder, fileName), bytes);
			return {
				source: {
					mimeType,
					fileName,
					sizeBytes: bytes.length,
					read: (startByte, endByte) => {
						readBytes[index] = (readBytes[index] ?? 0) + endByte - startByte;
						return slices(bytes.subarray(startByte, endByte));
					},
				},
				facts: factsOf(kind, mimeType, bytes.length),
				altText: `What ${kind} ${index} shows`,
				publicUrl: async () => `${server.url}/${fileName}`,
			};
		}),
	);
	return {
		media,
		readBytes,
		async stop() {
			await server.close();
			await rm(folder, { recursive: true });
		},
	};
}

function factsOf(kind: GalleryItem, mimeType: string, sizeBytes: number): MediaFacts {
	const known = { kind, mimeType, sizeBytes, widthPx: 1080, heightPx: 1080 };
	return kind === 'video' ? { ...known, durationSec: 10, framesPerSec: 30 } : known;
}

async function* slices(bytes: Buffer): AsyncGenerator<Uint8Array> {
	const sliceBytes = 64 * 1024;
	for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}
