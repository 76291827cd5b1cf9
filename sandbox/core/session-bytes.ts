import { createHash, type Hash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Spool } from './spool';

/**
 * The stored bytes of one upload session. They are hashed as they come and then forgotten; only when the session
 * must outlive this process are they also written to the spool, because a hash cannot be put to sleep.
 */
export class SessionBytes {
	private readonly hash: Hash = createHash('sha256');
	private readonly fileDescriptor: number | undefined;
	private waiting: Buffer[] = [];
	private waitingBytes = 0;

	constructor(
		private readonly spool: Spool,
		private readonly name: string,
		public storedBytes: number,
		/** What arrived of a broken piece is kept in whole blocks of this size. */
		private readonly blockBytes: number,
	) {
		if (!spool.survivesRestart) return;
		// 'a+' would ignore positions; the file must exist, keep its content, and be cut to what was recorded.
		this.fileDescriptor = openSync(spool.path(name), storedBytes === 0 ? 'w+' : 'r+');
		ftruncateSync(this.fileDescriptor, storedBytes);
		this.hashStored();
	}

	/** Takes bytes of a running chunk; whole blocks are kept at once, the rest waits for `keepRest`. */
	add(piece: Buffer): void {
		this.waiting.push(piece);
		this.waitingBytes += piece.length;
		if (this.waitingBytes < this.blockBytes) return;
		const all = Buffer.concat(this.waiting);
		const wholeBytes = all.length - (all.length % this.blockBytes);
		this.keep(all.subarray(0, wholeBytes));
		this.waiting = [all.subarray(wholeBytes)];
		this.waitingBytes = all.length - wholeBytes;
	}

	/** The chunk arrived in full: its last, smaller part counts as well. */
	keepRest(): void {
		this.keep(Buffer.concat(this.waiting));
		this.forgetRest();
	}

	/** The line was cut: what does not fill a block is lost. */
	forgetRest(): void {
		this.waiting = [];
		this.waitingBytes = 0;
	}

	finish(): string {
		const sha256 = this.hash.digest('hex');
		this.close();
		this.spool.remove(this.name);
		return sha256;
	}

	close(): void {
		if (this.fileDescriptor !== undefined) closeSync(this.fileDescriptor);
	}

	private keep(bytes: Buffer): void {
		if (bytes.length === 0) return;
		this.hash.update(bytes);
		if (this.fileDescriptor !== undefined) {
			writeSync(this.fileDescriptor, bytes, 0, bytes.length, this.storedBytes);
		}
		this.storedBytes += bytes.length;
	}

	private hashStored(): void {
		const block = Buffer.alloc(this.blockBytes);
		for (let position = 0; position < this.storedBytes;) {
			const readBytes = readSync(this.fileDescriptor as number, block, 0, this.blockBytes, position);
			if (readBytes === 0) break;
			this.hash.update(block.subarray(0, readBytes));
			position += readBytes;
		}
	}
}
