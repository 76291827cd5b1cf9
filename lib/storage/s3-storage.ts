// A bucket as the place for public addresses: the file is put there under the hash of its content, and read
// by whoever has the signed address.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { contentHash, type PublicAddress, type PublicFile } from '../media';
import { S3Bucket, type S3Surroundings } from './s3-bucket';
import type { S3Settings } from './s3-settings';
import { objectFacts, putFile } from './s3-upload';
import { answerError } from './storage-error';

/**
 * An object of this age is written again instead of used again: a lifecycle rule of the bucket counts days
 * from the writing, and must not take the file away while a network fetches it.
 */
const freshForMs = 12 * 3600_000;

export interface S3Storage extends PublicAddress {
	/** Writes, reads, signs and removes a small object; throws a `StorageError` that says what is missing. */
	check(signal: AbortSignal): Promise<void>;
}

export function s3Storage(settings: S3Settings, surroundings: S3Surroundings): S3Storage {
	const bucket = new S3Bucket(settings, surroundings);
	return {
		async addressOf(file, signal) {
			const key = await keyOf(file, settings.keyPrefix, signal);
			const found = await objectFacts(bucket, key, signal);
			const isThere = found?.sizeBytes === file.sizeBytes && (found.ageMs ?? Infinity) < freshForMs;
			if (!isThere) await putFile(bucket, key, file, signal);
			return await bucket.presign(key);
		},
		check: async (signal) => checkBucket(bucket, surroundings, signal),
	};
}

async function keyOf(file: PublicFile, prefix: string, signal: AbortSignal): Promise<string> {
	const hash = await contentHash(file.filePath, signal);
	const [ending = ''] = /\.[a-z0-9]{1,5}$/.exec(path.basename(file.filePath).toLowerCase()) ?? [];
	return `${prefix}${hash.slice(0, 40)}${ending}`;
}

async function checkBucket(bucket: S3Bucket, { http }: S3Surroundings, signal: AbortSignal): Promise<void> {
	const key = `${bucket.settings.keyPrefix}stackkraft-check-${randomUUID()}`;
	const headers = { 'content-type': 'text/plain', 'content-length': '2' };
	const written = await bucket.send({ method: 'PUT', key, headers, body: () => 'ok' }, signal);
	if (written.status !== 200) throw answerError('store a file', written);
	await objectFacts(bucket, key, signal);
	// A second name of the server may lead nowhere from the inside, and still be right for the networks.
	if (bucket.settings.publicEndpoint.href === bucket.settings.endpoint.href) {
		const read = await http.send(
			{ method: 'GET', url: await bucket.presign(key), deadlineMs: 30_000 },
			signal,
		);
		if (read.status !== 200) throw answerError('read a file at its signed address', read);
	}
	const removed = await bucket.send({ method: 'DELETE', key }, signal);
	if (removed.status !== 204 && removed.status !== 200) throw answerError('remove a file', removed);
}
