// A file into the bucket: in one request, or in parts when it is large, so that a broken connection costs one
// part and never the whole. The bytes stream from the disk to the socket.
import { fileSource, readPatience } from '../http';
import type { RangedSource } from '../publishing/ports';
import type { S3Bucket } from './s3-bucket';
import { answerError, codeIn, StorageError } from './storage-error';

const mebibyte = 1024 * 1024;
/** S3 allows 10,000 parts; a part is 5 MiB at least. */
const maxParts = 10_000;
const leastPartBytes = 16 * mebibyte;
/** At 32 KiB/s for a whole part: slower than that is a connection that does not work. */
const bytesPerSecAtWorst = 32 * 1024;
const abortDeadlineMs = 10_000;
const completeAttempts = 3;
const justNowMs = 15 * 60_000;

export interface FileToPut {
	readonly filePath: string;
	readonly mimeType: string;
}

export async function putFile(
	bucket: S3Bucket,
	key: string,
	{ filePath, mimeType }: FileToPut,
	signal: AbortSignal,
): Promise<void> {
	const source = await fileSource(filePath, { mimeType });
	if (source.sizeBytes <= leastPartBytes) await putWhole(bucket, key, source, signal);
	else await putInParts(bucket, key, source, signal);
}

async function putWhole(
	bucket: S3Bucket,
	key: string,
	source: RangedSource,
	signal: AbortSignal,
): Promise<void> {
	const answer = await bucket.send(
		{ method: 'PUT', key, ...bytesOf(source, 0, source.sizeBytes, { 'content-type': source.mimeType }) },
		signal,
	);
	if (answer.status !== 200) throw answerError('store the file', answer);
}

async function putInParts(
	bucket: S3Bucket,
	key: string,
	source: RangedSource,
	signal: AbortSignal,
): Promise<void> {
	const uploadId = await begin(bucket, key, source.mimeType, signal);
	try {
		const etags: string[] = [];
		for (const [startByte, endByte] of partsOf(source.sizeBytes)) {
			const query = { partNumber: String(etags.length + 1), uploadId };
			const part = { method: 'PUT', key, query, ...bytesOf(source, startByte, endByte) } as const;
			const answer = await bucket.send(part, signal);
			if (answer.status !== 200) throw answerError('store a part of the file', answer);
			etags.push(checkedEtag(answer.headers['etag']));
		}
		await complete(bucket, { key, uploadId, etags, sizeBytes: source.sizeBytes }, signal);
	} catch (error) {
		// Parts of an upload that nobody ends are stored, and paid for, until somebody removes them.
		await bucket
			.send({ method: 'DELETE', key, query: { uploadId } }, AbortSignal.timeout(abortDeadlineMs))
			.catch(() => undefined);
		throw error;
	}
}

async function begin(bucket: S3Bucket, key: string, mimeType: string, signal: AbortSignal): Promise<string> {
	const headers = { 'content-type': mimeType };
	const answer = await bucket.send({ method: 'POST', key, query: { uploads: '' }, headers }, signal);
	const uploadId = /<UploadId>([^<]+)<\/UploadId>/.exec(answer.bodyText)?.[1];
	if (answer.status !== 200 || !uploadId) throw answerError('begin an upload', answer);
	return unescapeXml(uploadId);
}

interface FinishedParts {
	readonly key: string;
	readonly uploadId: string;
	readonly etags: readonly string[];
	readonly sizeBytes: number;
}

/**
 * Looks before it repeats: when the answer to the first try was lost, the upload is over and the file is there.
 * A second try gets an error then, and some servers spoil the file with it.
 */
async function complete(bucket: S3Bucket, upload: FinishedParts, signal: AbortSignal): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		const error = await completeOnce(bucket, upload, signal);
		if (!error) return;
		const found = await objectFacts(bucket, upload.key, signal).catch(() => undefined);
		if (found?.sizeBytes === upload.sizeBytes && (found.ageMs ?? Infinity) < justNowMs) return;
		if (attempt >= completeAttempts || error.class === 'validation') throw error;
		await bucket.surroundings.clock.sleep(attempt * 1000, signal);
	}
}

async function completeOnce(
	bucket: S3Bucket,
	{ key, uploadId, etags }: FinishedParts,
	signal: AbortSignal,
): Promise<StorageError | undefined> {
	const parts = etags.map(
		(etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
	);
	const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
	try {
		const answer = await bucket.send(
			{
				method: 'POST',
				key,
				query: { uploadId },
				headers: { 'content-type': 'application/xml' },
				body: () => xml,
				deadlineMs: 5 * 60_000,
				patience: { ...readPatience, attempts: 1 },
			},
			signal,
		);
		// A 200 can still hold an error: S3 sends its status before it has put the parts together.
		if (answer.status === 200 && codeIn(answer.bodyText) === undefined) return undefined;
		return answerError('put the parts together', answer);
	} catch (error) {
		if (error instanceof StorageError) return error;
		throw error;
	}
}

export interface ObjectFacts {
	readonly sizeBytes: number;
	/** By the server's own clock; undefined when it does not say. */
	readonly ageMs: number | undefined;
}

/**
 * Reads instead of asking for the head: it proves that the signed address can be read, too. Two bytes, because
 * there are servers that answer a range of one with everything.
 */
export async function objectFacts(
	bucket: S3Bucket,
	key: string,
	signal: AbortSignal,
): Promise<ObjectFacts | undefined> {
	const answer = await bucket.send({ method: 'GET', key, headers: { range: 'bytes=0-1' } }, signal);
	if (answer.status === 404 && codeIn(answer.bodyText) !== 'NoSuchBucket') return undefined;
	const total = /^bytes \d+-\d+\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1];
	// An empty object has no bytes.
	const isEmpty = answer.status === 416 || (answer.status === 200 && answer.bodyText === '');
	if (total === undefined && !isEmpty) throw answerError('read the file back', answer);
	const ageMs = Date.parse(answer.headers['date'] ?? '') - Date.parse(answer.headers['last-modified'] ?? '');
	return { sizeBytes: Number(total ?? 0), ageMs: Number.isNaN(ageMs) ? undefined : ageMs };
}

export function* partsOf(sizeBytes: number): Generator<readonly [number, number]> {
	const partBytes = Math.max(leastPartBytes, Math.ceil(sizeBytes / maxParts / mebibyte) * mebibyte);
	for (let startByte = 0; startByte < sizeBytes; startByte += partBytes) {
		yield [startByte, Math.min(sizeBytes, startByte + partBytes)];
	}
}

function bytesOf(
	source: RangedSource,
	startByte: number,
	endByte: number,
	headers: Readonly<Record<string, string>> = {},
): { headers: Record<string, string>; body: () => AsyncIterable<Uint8Array>; deadlineMs: number } {
	const sizeBytes = endByte - startByte;
	return {
		headers: { ...headers, 'content-length': String(sizeBytes) },
		body: () => source.read(startByte, endByte),
		deadlineMs: 60_000 + Math.ceil(sizeBytes / bytesPerSecAtWorst) * 1000,
	};
}

/** It goes into XML and back to the server as it came. */
function checkedEtag(etag: string | undefined): string {
	if (etag !== undefined && /^"?[\w+/=.-]+"?$/.test(etag)) return etag;
	throw new StorageError(
		'platform',
		'The S3 storage took a part of the file without saying which (no ETag).',
		'Try again; if it stays so, the storage service does not speak S3 well enough.',
		'no-etag',
	);
}

function unescapeXml(text: string): string {
	const marks: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
	return text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => marks[name] ?? whole);
}
