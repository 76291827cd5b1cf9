import { invalidParam } from './errors';

/**
 * Facts 2.3. TikTok says MB, and its own example counts decimal ones; what is refused here is whatever one of
 * the two readings refuses.
 */
const MIN_CHUNK_BYTES = 5 * 1024 * 1024;
const MAX_CHUNK_BYTES = 64_000_000;
const MAX_LAST_CHUNK_BYTES = 128_000_000;
const MAX_CHUNKS = 1_000;
const MAX_VIDEO_BYTES = 4_000_000_000;

export interface ChunkPlan {
	readonly videoSize: number;
	readonly chunkSize: number;
	readonly totalChunks: number;
}

export function checkPlan({ videoSize, chunkSize, totalChunks }: ChunkPlan): void {
	if (videoSize < 1 || videoSize > MAX_VIDEO_BYTES) throw invalidParam('The video size is invalid.');
	const isOneChunk = chunkSize === videoSize && totalChunks === 1;
	if (isOneChunk && videoSize <= MAX_CHUNK_BYTES) return;
	if (videoSize < MIN_CHUNK_BYTES || chunkSize < MIN_CHUNK_BYTES || chunkSize > MAX_CHUNK_BYTES) {
		throw invalidParam('The chunk size is invalid.');
	}
	if (totalChunks !== Math.floor(videoSize / chunkSize) || totalChunks < 1 || totalChunks > MAX_CHUNKS) {
		throw invalidParam('The total chunk count is invalid.');
	}
	if (videoSize - (totalChunks - 1) * chunkSize > MAX_LAST_CHUNK_BYTES) {
		throw invalidParam('The last chunk is too large.');
	}
}

/** Where the chunk that contains this byte ends (exclusive); the last one takes the remainder. */
export function endOfChunk({ videoSize, chunkSize, totalChunks }: ChunkPlan, byte: number): number {
	const index = Math.min(Math.floor(byte / chunkSize), totalChunks - 1);
	return index === totalChunks - 1 ? videoSize : (index + 1) * chunkSize;
}

export interface Range {
	readonly firstByte: number;
	readonly endByte: number;
	readonly totalBytes: number;
}

export function readRange(header: string | undefined): Range | undefined {
	const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header ?? '');
	if (match === null) return undefined;
	return { firstByte: Number(match[1]), endByte: Number(match[2]) + 1, totalBytes: Number(match[3]) };
}
