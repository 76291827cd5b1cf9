// Some networks take no bytes: they fetch the media from the address that they are given. So does the sandbox,
// really, with one GET, so that a wrong address or a server that is not reachable shows here and not later.
import { createHash } from 'node:crypto';
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';

export interface PulledMedia {
	readonly sha256: string;
	readonly sizeBytes: number;
	readonly mimeType: string;
}

export type PullOutcome =
	{ readonly ok: true; readonly media: PulledMedia } | { readonly ok: false; readonly why: string };

const DEADLINE_MS = 60_000;

/** Follows no redirect, sends no credential. Never throws: whatever goes wrong is why the network has no media. */
export async function pullMedia(url: string, maxBytes: number): Promise<PullOutcome> {
	if (!/^https?:\/\/[\x21-\x7e]+$/.test(url) || !URL.canParse(url)) {
		return { ok: false, why: 'not an ASCII web address' };
	}
	try {
		const response = await open(url);
		if (response.statusCode !== 200 && response.statusCode !== 206) {
			response.destroy();
			return { ok: false, why: `answered ${response.statusCode}` };
		}
		return await readMedia(response, maxBytes);
	} catch (error) {
		return { ok: false, why: error instanceof Error ? error.message : String(error) };
	}
}

function open(url: string): Promise<IncomingMessage> {
	const get = url.startsWith('https:') ? getSecure : getPlain;
	return new Promise((resolve, reject) => {
		const headers = { 'user-agent': 'stackkraft-sandbox-fetcher', range: 'bytes=0-' };
		const request = get(url, { headers, agent: false, signal: AbortSignal.timeout(DEADLINE_MS) }, resolve);
		request.once('error', reject);
	});
}

async function readMedia(response: IncomingMessage, maxBytes: number): Promise<PullOutcome> {
	const hash = createHash('sha256');
	let sizeBytes = 0;
	for await (const piece of response as AsyncIterable<Buffer>) {
		sizeBytes += piece.length;
		if (sizeBytes > maxBytes) {
			response.destroy();
			return { ok: false, why: `larger than ${maxBytes} bytes` };
		}
		hash.update(piece);
	}
	const announced = response.headers['content-length'];
	if (announced !== undefined && Number(announced) !== sizeBytes) return { ok: false, why: 'cut short' };
	if (sizeBytes === 0) return { ok: false, why: 'empty' };
	const mimeType = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	return { ok: true, media: { sha256: hash.digest('hex'), sizeBytes, mimeType } };
}
