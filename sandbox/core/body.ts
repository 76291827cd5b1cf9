import type { IncomingMessage } from 'node:http';
import { ConnectionCut, type Exchange } from './answer';

const SMALL_BODY_LIMIT_BYTES = 1024 * 1024;

/** The request's bytes, cut off (socket destroyed) after `cutAfterBytes` when a fault asks for it. */
export async function* readPieces(
	request: IncomingMessage,
	count: (pieceBytes: number) => void,
	cutAfterBytes?: number,
): AsyncGenerator<Buffer> {
	let readBytes = 0;
	try {
		for await (const piece of request as AsyncIterable<Buffer>) {
			const leftBytes = cutAfterBytes === undefined ? piece.length : cutAfterBytes - readBytes;
			const kept = piece.subarray(0, Math.min(piece.length, leftBytes));
			readBytes += kept.length;
			count(kept.length);
			if (kept.length > 0) yield kept;
			if (cutAfterBytes !== undefined && readBytes >= cutAfterBytes) {
				request.destroy();
				throw new ConnectionCut();
			}
		}
	} catch (error) {
		// Whatever ended the stream early (reset, abort, destroy): for the handler the line is cut.
		throw error instanceof ConnectionCut || !isStreamError(error) ? error : new ConnectionCut();
	}
}

function isStreamError(error: unknown): boolean {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_EOF_STATE', 'ABORT_ERR'].includes(
		code,
	);
}

/** A small body as text, or undefined when it is larger than any JSON or form these APIs take. */
export async function readText(
	exchange: Exchange,
	limitBytes = SMALL_BODY_LIMIT_BYTES,
): Promise<string | undefined> {
	const pieces: Buffer[] = [];
	let sizeBytes = 0;
	for await (const piece of exchange.body()) {
		sizeBytes += piece.length;
		if (sizeBytes <= limitBytes) pieces.push(piece);
	}
	return sizeBytes <= limitBytes ? Buffer.concat(pieces).toString('utf8') : undefined;
}

/** Parsed JSON, or undefined when it is none. JSON's own `null` is a value. */
export async function readJson(exchange: Exchange, limitBytes = SMALL_BODY_LIMIT_BYTES): Promise<unknown> {
	const text = await readText(exchange, limitBytes);
	try {
		return text === undefined ? undefined : (JSON.parse(text) as unknown);
	} catch {
		return undefined;
	}
}

export function mediaTypeOf(exchange: Exchange): string {
	return (exchange.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
