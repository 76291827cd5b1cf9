import type { Exchange } from '../core/answer';
import { refuse } from './errors';

/** Google keeps what it got of a broken chunk in whole blocks of this size, and wants chunks in multiples of it. */
export const BLOCK_BYTES = 262_144;

export type UploadRequest =
	| { readonly kind: 'probe'; readonly totalBytes: number | undefined }
	| {
			readonly kind: 'chunk';
			readonly firstByte: number;
			readonly sizeBytes: number;
			readonly totalBytes: number | undefined;
	  };

function bad(message: string) {
	return refuse(400, 'badRequest', `Invalid request. ${message}`);
}

/** Reads `Content-Length` and `Content-Range` of a PUT to a session, facts 1.2. */
export function readUploadRequest(exchange: Exchange): UploadRequest {
	const lengthHeader = exchange.headers['content-length'];
	if (lengthHeader === undefined) {
		throw refuse(411, 'contentLengthRequired', 'POST requests require a Content-length header.');
	}
	const sizeBytes = Number(lengthHeader);
	const header = exchange.headers['content-range'];
	if (header === undefined) return { kind: 'chunk', firstByte: 0, sizeBytes, totalBytes: sizeBytes };
	const match = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(header);
	if (match === null) throw bad('Failed to parse Content-Range header.');
	const [, first, last, total] = match;
	const totalBytes = total === '*' || total === undefined ? undefined : Number(total);
	if (first === undefined || last === undefined) {
		if (sizeBytes !== 0) throw bad('A status request must have an empty body.');
		return { kind: 'probe', totalBytes };
	}
	const firstByte = Number(first);
	const endByte = Number(last) + 1;
	if (endByte - firstByte !== sizeBytes) {
		throw bad('The Content-Range header does not match the Content-Length header.');
	}
	if (totalBytes !== undefined && endByte > totalBytes)
		throw bad('Content-Range ends behind the total size.');
	const isLast = endByte === totalBytes;
	if (!isLast && sizeBytes % BLOCK_BYTES !== 0) {
		throw bad(
			`The number of bytes uploaded is required to be a multiple of ${BLOCK_BYTES}, except for the final request. The received request contained ${sizeBytes} bytes.`,
		);
	}
	return { kind: 'chunk', firstByte, sizeBytes, totalBytes };
}
