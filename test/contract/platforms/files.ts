// Files of a post, for tests: each with bytes of its own, so that a mixture is seen, and what was read of it.
import type { DraftMedia, MediaFacts } from '../../../lib/publishing/adapter';

export interface TestFile extends DraftMedia {
	/** How many bytes the upload asked for. */
	openedBytes(): number;
}

const kinds: Readonly<Record<string, MediaFacts['kind']>> = {
	'image/jpeg': 'image',
	'image/png': 'image',
	'application/pdf': 'document',
	'video/mp4': 'video',
};

export function fileOf(mimeType: string, sizeBytes: number, altText?: string): TestFile {
	const bytes = Buffer.alloc(sizeBytes, sizeBytes % 251);
	let openedBytes = 0;
	const isVideo = mimeType === 'video/mp4';
	return {
		source: {
			mimeType,
			sizeBytes,
			fileName: 'file',
			read: async function* (startByte, endByte) {
				openedBytes += endByte - startByte;
				yield bytes.subarray(startByte, endByte);
			},
		},
		facts: {
			kind: kinds[mimeType] ?? 'video',
			mimeType,
			sizeBytes,
			...(isVideo && { durationSec: 30, widthPx: 1080, heightPx: 1920, framesPerSec: 30 }),
		},
		...(altText !== undefined && { altText }),
		openedBytes: () => openedBytes,
	};
}

export function pictures(count: number): readonly TestFile[] {
	return Array.from({ length: count }, (_, index) =>
		fileOf('image/jpeg', 20_000 + index, `What picture ${index} shows`),
	);
}
