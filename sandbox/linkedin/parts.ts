import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, renameSync, writeSync } from 'node:fs';
import type { Exchange } from '../core/answer';
import type { Spool } from '../core/spool';
import type { Asset } from './model';

export function partName(asset: Pick<Asset, 'key'>, index: number): string {
	return `linkedin-${asset.key}-${index}`;
}

/** Receives one part. It counts only once it is complete: a cut one leaves the earlier version as it was. */
export async function receivePart(
	spool: Spool,
	exchange: Exchange,
	{ name, limitBytes }: { readonly name: string; readonly limitBytes: number },
): Promise<{ readonly sizeBytes: number; readonly keep: () => void }> {
	const incoming = `linkedin-incoming-${exchange.seq}`;
	const file = openSync(spool.path(incoming), 'w');
	let sizeBytes = 0;
	let isWhole = false;
	try {
		for await (const piece of exchange.body()) {
			sizeBytes += piece.length;
			// Over the limit it is only counted: it will be refused, and must not fill the disk until then.
			if (sizeBytes <= limitBytes) writeSync(file, piece);
		}
		isWhole = sizeBytes <= limitBytes;
	} finally {
		closeSync(file);
		if (!isWhole) spool.remove(incoming);
	}
	return { sizeBytes, keep: () => renameSync(spool.path(incoming), spool.path(name)) };
}

export async function hashParts(spool: Spool, asset: Asset): Promise<string> {
	const hash = createHash('sha256');
	for (const index of asset.parts.keys()) {
		const file = createReadStream(spool.path(partName(asset, index)));
		for await (const piece of file as AsyncIterable<Buffer>) hash.update(piece);
	}
	return hash.digest('hex');
}

export function removeParts(spool: Spool, asset: Asset): void {
	for (const index of asset.parts.keys()) spool.remove(partName(asset, index));
}
