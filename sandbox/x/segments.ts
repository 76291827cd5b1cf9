import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, renameSync, writeSync } from 'node:fs';
import type { Spool } from '../core/spool';
import type { Media } from './model';

/** A segment on its way in. It counts only once it is complete; a cut one leaves nothing behind. */
export class SegmentWriter {
	private readonly temporaryName: string;
	private readonly fileDescriptor: number;
	sizeBytes = 0;

	constructor(
		private readonly spool: Spool,
		unique: string,
	) {
		this.temporaryName = `x-incoming-${unique}`;
		this.fileDescriptor = openSync(spool.path(this.temporaryName), 'w');
	}

	write(piece: Buffer, limitBytes: number): void {
		this.sizeBytes += piece.length;
		// Over the limit it is only counted: it will be refused, and must not fill the disk until then.
		if (this.sizeBytes <= limitBytes) writeSync(this.fileDescriptor, piece);
	}

	keepAs(name: string): void {
		closeSync(this.fileDescriptor);
		renameSync(this.spool.path(this.temporaryName), this.spool.path(name));
	}

	discard(): void {
		closeSync(this.fileDescriptor);
		this.spool.remove(this.temporaryName);
	}
}

export function segmentName(mediaId: string, index: number): string {
	return `x-${mediaId}-${index}`;
}

/** Segments may come in any order, so the whole can be hashed only here. */
export async function hashSegments(spool: Spool, media: Media): Promise<string> {
	const hash = createHash('sha256');
	for (let index = 0; index < Object.keys(media.segments).length; index++) {
		const file = createReadStream(spool.path(segmentName(media.id, index)));
		for await (const piece of file as AsyncIterable<Buffer>) hash.update(piece);
	}
	return hash.digest('hex');
}

export function removeSegments(spool: Spool, media: Media): void {
	for (const index of Object.keys(media.segments)) spool.remove(segmentName(media.id, Number(index)));
}

/** Complete means 0 to n−1 without a gap, and exactly the announced size. */
export function isComplete(media: Media): boolean {
	const indices = Object.keys(media.segments).map(Number);
	const isGapless = indices.every((index) => index < indices.length);
	const sizeBytes = Object.values(media.segments).reduce((sum, one) => sum + one, 0);
	return indices.length > 0 && isGapless && sizeBytes === media.totalBytes;
}
