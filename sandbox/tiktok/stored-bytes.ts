import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Spool } from '../core/spool';

const BLOCK_BYTES = 256 * 1024;

/**
 * What an upload holds. A chunk counts when all of it arrived; until then its bytes are hashed beside, so that
 * a cut one leaves no trace. The bytes themselves are kept only when the upload must outlive this process.
 */
export class StoredBytes {
	private constructor(
		private readonly spool: Spool,
		private readonly name: string,
		private hash: Hash,
	) {}

	static open(spool: Spool, name: string, storedBytes: number): StoredBytes {
		const hash = createHash('sha256');
		if (spool.survivesRestart && storedBytes > 0) hashFile(hash, spool.path(name), storedBytes);
		return new StoredBytes(spool, name, hash);
	}

	beginChunk(atByte: number): RunningChunk {
		const file = this.spool.survivesRestart
			? openSync(this.spool.path(this.name), atByte === 0 ? 'w+' : 'r+')
			: undefined;
		return new RunningChunk(this.hash.copy(), atByte, file);
	}

	keep(chunk: RunningChunk): void {
		this.hash = chunk.hash;
	}

	finish(): string {
		this.spool.remove(this.name);
		return this.hash.digest('hex');
	}
}

export class RunningChunk {
	sizeBytes = 0;

	constructor(
		readonly hash: Hash,
		private readonly atByte: number,
		private readonly file: number | undefined,
	) {}

	add(piece: Buffer): void {
		this.hash.update(piece);
		if (this.file !== undefined) {
			writeSync(this.file, piece, 0, piece.length, this.atByte + this.sizeBytes);
		}
		this.sizeBytes += piece.length;
	}

	close(): void {
		if (this.file !== undefined) closeSync(this.file);
	}
}

function hashFile(hash: Hash, path: string, sizeBytes: number): void {
	const file = openSync(path, 'r');
	const block = Buffer.alloc(BLOCK_BYTES);
	for (let at = 0; at < sizeBytes;) {
		const readBytes = readSync(file, block, 0, Math.min(BLOCK_BYTES, sizeBytes - at), at);
		if (readBytes === 0) break;
		hash.update(block.subarray(0, readBytes));
		at += readBytes;
	}
	closeSync(file);
}
