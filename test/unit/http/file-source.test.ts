import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { fileSource, UndiciClient } from '../../../lib/http';

const bytes = randomBytes(3 * 1024 * 1024 + 17);
let folder: string;
let file: string;

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'file-source-'));
	file = path.join(folder, 'clip.mp4');
	await writeFile(file, bytes);
});

afterAll(async () => await rm(folder, { recursive: true, force: true }));

async function copied(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const kept: Buffer[] = [];
	for await (const piece of pieces) kept.push(Buffer.from(piece));
	return Buffer.concat(kept);
}

it('gives exactly the bytes of any range', async () => {
	const source = await fileSource(file, { mimeType: 'video/mp4' });
	const offset = fc.integer({ min: 0, max: bytes.length });
	await fc.assert(
		fc.asyncProperty(offset, offset, async (a, b) => {
			const [start, end] = a < b ? [a, b] : [b, a];
			expect((await copied(source.read(start, end))).equals(bytes.subarray(start, end))).toBe(true);
		}),
		{ numRuns: 40 },
	);
});

it('keeps two readers of one source apart', async () => {
	const source = await fileSource(file, { mimeType: 'video/mp4' });
	const [whole, part] = await Promise.all([
		copied(source.read(0, bytes.length)),
		copied(source.read(1_000_000, 2_500_000)),
	]);
	expect(whole.equals(bytes)).toBe(true);
	expect(part.equals(bytes.subarray(1_000_000, 2_500_000))).toBe(true);
});

it('says so when the file became shorter while it was read', async () => {
	const shrinking = path.join(folder, 'shrinking.mp4');
	await writeFile(shrinking, bytes);
	const source = await fileSource(shrinking, { mimeType: 'video/mp4' });
	await truncate(shrinking, 1000);
	await expect(copied(source.read(0, bytes.length))).rejects.toThrow('became shorter');
});

it('arrives whole at a server that reads slowly, although its buffers are used again', async () => {
	const hash = createHash('sha256');
	const server = createServer((request, response) => {
		request.on('data', (part: Buffer) => {
			// Held back now and then, so that the sender meets a full socket.
			request.pause();
			setImmediate(() => {
				hash.update(part);
				request.resume();
			});
		});
		request.on('end', () => setImmediate(() => response.end('ok')));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const client = new UndiciClient();
	try {
		const { port } = server.address() as { port: number };
		const source = await fileSource(file, { mimeType: 'video/mp4' });
		const answer = await client.send(
			{
				method: 'PUT',
				url: `http://127.0.0.1:${port}/`,
				headers: { 'content-length': String(bytes.length) },
				body: source.read(0, bytes.length),
				deadlineMs: 20_000,
			},
			new AbortController().signal,
		);
		expect(answer.status).toBe(200);
		expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
	} finally {
		await client.close();
		server.close();
	}
});
