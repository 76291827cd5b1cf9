import { createHash, randomBytes } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock, UndiciClient } from '../../../lib/http';
import { readS3Settings, s3Storage, StorageError, type S3Storage } from '../../../lib/storage';
import { startS3Server, type S3Server } from '../../support/s3-server';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder';

const { signal } = new AbortController();
const http = new UndiciClient();
const mebibyte = 1024 * 1024;
const clock = { now: systemClock.now, sleep: async () => undefined };

let server: S3Server;
let folder: TemporaryFolder;

beforeEach(async () => {
	folder = createTemporaryFolder('s3-files');
	server = await startS3Server();
});

afterEach(async () => {
	await server.close();
	folder.remove();
});

afterAll(async () => {
	await http.close();
});

function storage(fields: Readonly<Record<string, unknown>> = {}): S3Storage {
	return s3Storage(readS3Settings(server.credential(fields)), { http, clock });
}

async function makeFile(
	bytes: Buffer,
	name = 'clip.mp4',
): Promise<{ filePath: string; mimeType: string; sizeBytes: number }> {
	const filePath = path.join(folder.path, name);
	await writeFile(filePath, bytes);
	return { filePath, mimeType: 'video/mp4', sizeBytes: bytes.length };
}

function hashOf(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

async function expectBytesAt(address: string, bytes: Buffer): Promise<void> {
	const answer = await fetch(address);
	expect(answer.status).toBe(200);
	expect(answer.headers.get('content-type')).toBe('video/mp4');
	expect(hashOf(new Uint8Array(await answer.arrayBuffer()))).toBe(hashOf(bytes));
}

async function failure(work: Promise<unknown>): Promise<StorageError> {
	const error: unknown = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof StorageError)) throw new Error('There was no StorageError', { cause: error });
	return error;
}

it('gives an address at which anybody reads the file as it is', async () => {
	const bytes = randomBytes(300_000);
	const address = await storage({ keyPrefix: 'posts/2026' }).addressOf(await makeFile(bytes), signal);
	expect(new URL(address).pathname).toBe(`/clips/posts/2026/${hashOf(bytes).slice(0, 40)}.mp4`);
	expect(new URL(address).searchParams.get('X-Amz-Expires')).toBe('86400');
	await expectBytesAt(address, bytes);
});

it('signs what it says: with another key, lifetime or object the address is refused', async () => {
	const address = await storage({ addressLifetimeHours: 1 }).addressOf(
		await makeFile(randomBytes(1000)),
		signal,
	);
	const changed = [
		address.replace('X-Amz-Expires=3600', 'X-Amz-Expires=7200'),
		address.replace('.mp4?', '.mov?'),
		address.replace(/(?<=Signature=)./, (first) => (first === '0' ? '1' : '0')),
	];
	expect((await fetch(address)).status).toBe(200);
	for (const other of changed) {
		expect(other).not.toBe(address);
		expect((await fetch(other)).status).toBe(403);
	}
});

it('uploads a large file in parts, and the parts make the same file', async () => {
	const bytes = randomBytes(35 * mebibyte);
	const address = await storage().addressOf(await makeFile(bytes), signal);
	await expectBytesAt(address, bytes);
	expect(server.requests.filter((line) => /^PUT .*partNumber=/.test(line))).toHaveLength(3);
	expect(server.requests.filter((line) => /^POST .*uploads=/.test(line))).toHaveLength(1);
});

it('repeats one part after a broken connection, and never the whole file', async () => {
	const bytes = randomBytes(35 * mebibyte);
	const file = await makeFile(bytes);
	const tried = new Set<string>();
	server.fault((request) => {
		const part = /partNumber=(\d)/.exec(request.url ?? '')?.[1];
		if (!part || tried.has(part)) return undefined;
		tried.add(part);
		return part === '2' ? 'break' : part === '3' ? 503 : undefined;
	});
	await expectBytesAt(await storage().addressOf(file, signal), bytes);
	const parts = server.requests.map((line) => /partNumber=(\d)/.exec(line)?.[1]).filter(Boolean);
	expect(parts).toEqual(['1', '2', '2', '3', '3']);
});

it('knows the file is there when only the last answer was lost', async () => {
	const bytes = randomBytes(17 * mebibyte);
	const file = await makeFile(bytes);
	let lost = 0;
	server.fault((request) =>
		request.method === 'POST' && request.url?.includes('uploadId=') && lost++ === 0
			? 'lose-answer'
			: undefined,
	);
	await expectBytesAt(await storage().addressOf(file, signal), bytes);
	expect(lost).toBe(1);
	expect(server.requests.filter((line) => line.includes('partNumber='))).toHaveLength(2);
});

it.each([503, 'error-in-200'] as const)(
	'sends the last call again when it had no effect: %s',
	async (fault) => {
		const bytes = randomBytes(17 * mebibyte);
		let refused = 0;
		server.fault((request) =>
			request.method === 'POST' && request.url?.includes('uploadId=') && refused++ === 0 ? fault : undefined,
		);
		await expectBytesAt(await storage().addressOf(await makeFile(bytes), signal), bytes);
		expect(refused).toBe(2);
	},
);

it('leaves no half upload behind when it gives up', async () => {
	const file = await makeFile(randomBytes(17 * mebibyte));
	server.fault((request) => (request.url?.includes('partNumber=2') ? 503 : undefined));
	const error = await failure(storage().addressOf(file, signal));
	expect(error.class).toBe('platform');
	expect(server.requests.at(-1)).toMatch(/^DELETE .*uploadId=/);
});

it('uploads the same content once, whatever its name', async () => {
	const bytes = randomBytes(1000);
	const first = await storage().addressOf(await makeFile(bytes, 'a.mp4'), signal);
	const second = await storage().addressOf(await makeFile(bytes, 'b.mp4'), signal);
	expect(new URL(second).pathname).toBe(new URL(first).pathname);
	expect(server.requests.filter((line) => line.startsWith('PUT '))).toHaveLength(1);
});

it('stores an empty file too: to refuse it is for the rules of the network', async () => {
	const file = await makeFile(Buffer.alloc(0));
	expect((await fetch(await storage().addressOf(file, signal))).status).toBe(200);
});

it('signs for the name under which the networks know the server', async () => {
	const publicEndpoint = server.url.replace('127.0.0.1', 'localhost');
	const bytes = randomBytes(1000);
	const address = await storage({ publicEndpoint }).addressOf(await makeFile(bytes), signal);
	expect(new URL(address).origin).toBe(publicEndpoint);
	await expectBytesAt(address, bytes);
});

it('passes its check with a key that may write, read and remove, and leaves nothing', async () => {
	await storage({ keyPrefix: 'posts' }).check(signal);
	const methods = server.requests.map((line) => line.split(' ')[0]);
	expect(methods).toEqual(['PUT', 'GET', 'GET', 'DELETE']);
	expect(server.requests.every((line) => line.includes('/clips/posts/stackkraft-check-'))).toBe(true);
	const key = server.requests[0]?.split(' ')[1] ?? '';
	expect((await fetch(`${server.url}${key}`)).status).toBe(404);
});

it.each([
	[{ secretAccessKey: 'planted-secret' }, 'SignatureDoesNotMatch', 'Secret Access Key'],
	[{ accessKeyId: 'nobody' }, 'InvalidAccessKeyId', 'Access Key ID'],
	[{ bucket: 'not-there' }, 'NoSuchBucket', 'Create the bucket'],
])('says what is wrong with %j', async (fields, code, remedy) => {
	const check = await failure(storage(fields).check(signal));
	const address = await failure(storage(fields).addressOf(await makeFile(randomBytes(10)), signal));
	for (const error of [check, address]) {
		expect(error).toMatchObject({ class: 'validation', code });
		expect(error.remedy).toContain(remedy);
		expect(`${error.message} ${error.remedy} ${JSON.stringify(error)}`).not.toContain('planted');
	}
});

it('says that the storage cannot be reached', async () => {
	const endpoint = 'http://127.0.0.1:1';
	expect(await failure(storage({ endpoint }).check(signal))).toMatchObject({ class: 'network' });
});

it('stops in the middle of an upload, and cleans up, with the reason it was given', async () => {
	const file = await makeFile(Buffer.alloc(0));
	await truncate(file.filePath, 40 * mebibyte);
	const stop = new AbortController();
	server.fault((request) => {
		if (request.url?.includes('partNumber=2')) stop.abort(new Error('enough'));
		return undefined;
	});
	const work = storage().addressOf({ ...file, sizeBytes: 40 * mebibyte }, stop.signal);
	await expect(work).rejects.toThrow('enough');
	expect(server.requests.at(-1)).toMatch(/^DELETE .*uploadId=/);
});
