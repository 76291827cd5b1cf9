import { createHash } from 'node:crypto';

export interface PulledMedia {
	readonly sha256: string;
	readonly sizeBytes: number;
	readonly contentType: string;
}

const PULL_DEADLINE_MS = 60_000;

/** Really fetches, as Meta does: ASCII, no redirect, no authorization (facts 0.4, 3.2). Undefined = not to be had. */
export async function pullMedia(address: string, maxBytes: number): Promise<PulledMedia | undefined> {
	if (!/^https?:\/\/[\x21-\x7e]+$/.test(address)) return undefined;
	try {
		const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(PULL_DEADLINE_MS) });
		if (answer.status !== 200 || answer.body === null) return undefined;
		const hash = createHash('sha256');
		let sizeBytes = 0;
		for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
			sizeBytes += piece.length;
			if (sizeBytes > maxBytes) return undefined;
			hash.update(piece);
		}
		const contentType = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
		return sizeBytes === 0 ? undefined : { sha256: hash.digest('hex'), sizeBytes, contentType };
	} catch {
		return undefined;
	}
}
