// How a file is cut (facts 2.3), and which bytes go next. Pure. The last chunk is kept back for the call that
// publishes.

export interface ChunkPolicy {
	/** Up to here the file goes in one chunk, which is then also the publishing call. */
	readonly oneChunkMaxBytes: number;
	readonly chunkBytes: number;
}

/**
 * One chunk as long as TikTok takes it: an init with several has been reported as refused since 2026-08-09.
 * Every figure holds for both readings of "MB". Smaller chunks make the publishing one smaller, and with it
 * the chance that its answer is lost; below about 5 MB TikTok refuses them.
 */
export const defaultChunkPolicy: ChunkPolicy = { oneChunkMaxBytes: 64_000_000, chunkBytes: 20_000_000 };

export interface ChunkPlan {
	readonly sizeBytes: number;
	readonly chunkBytes: number;
	readonly chunks: number;
}

/** The count is rounded down: the last chunk takes the remainder and is smaller than two (at most 128 MB). */
export function planChunks(sizeBytes: number, policy: ChunkPolicy = defaultChunkPolicy): ChunkPlan {
	if (sizeBytes <= policy.oneChunkMaxBytes) return { sizeBytes, chunkBytes: sizeBytes, chunks: 1 };
	return { sizeBytes, chunkBytes: policy.chunkBytes, chunks: Math.floor(sizeBytes / policy.chunkBytes) };
}

export interface ByteRange {
	readonly startByte: number;
	/** Exclusive. */
	readonly endByte: number;
}

/** From wherever TikTok is to the end of the chunk that this byte belongs to. */
export function rangeAt({ sizeBytes, chunkBytes, chunks }: ChunkPlan, nextByte: number): ByteRange {
	const index = Math.min(Math.floor(nextByte / chunkBytes), chunks - 1);
	const endByte = index === chunks - 1 ? sizeBytes : (index + 1) * chunkBytes;
	return { startByte: nextByte, endByte };
}

/** @returns the next range that cannot complete the file, or null when only the publishing one is left. */
export function nextChunk(plan: ChunkPlan, nextByte: number): ByteRange | null {
	if (nextByte >= plan.sizeBytes) return null;
	const range = rangeAt(plan, nextByte);
	return range.endByte === plan.sizeBytes ? null : range;
}
