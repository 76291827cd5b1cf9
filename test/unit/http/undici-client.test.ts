import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { UndiciClient } from '../../../lib/http';
import { TransportError, type HttpRequest } from '../../../lib/publishing/ports';

const never = new AbortController().signal;

describe('UndiciClient', () => {
	let server: Server;
	let baseUrl: string;
	let listener: RequestListener;
	const client = new UndiciClient({ connectTimeoutMs: 500, maxAnswerBytes: 10_000 });

	beforeAll(async () => {
		server = createServer((request, response) => listener(request, response));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});

	afterAll(async () => {
		await client.close();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});

	function get(path: string, more: Partial<HttpRequest> = {}): HttpRequest {
		return { method: 'GET', url: `${baseUrl}${path}`, deadlineMs: 20_000, ...more };
	}

	async function failureOf(message: HttpRequest, signal = never): Promise<TransportError> {
		const error: unknown = await client.send(message, signal).then(
			() => null,
			(thrown: unknown) => thrown,
		);
		expect(error).toBeInstanceOf(TransportError);
		return error as TransportError;
	}

	it('gives a 308 back as an answer and follows no redirect', async () => {
		let requests = 0;
		listener = (_, response) => {
			requests++;
			response.writeHead(308, { range: 'bytes=0-41', location: `${baseUrl}/elsewhere` }).end();
		};
		const answer = await client.send(get('/'), never);
		expect(answer).toMatchObject({ status: 308, headers: { range: 'bytes=0-41' } });
		expect(requests).toBe(1);
	});

	it('sends a stream without gathering it first', async () => {
		let received = 0;
		let produced = 0;
		let ahead = 0;
		listener = (request, response) => {
			request.on('data', (part: Buffer) => {
				received += part.length;
				ahead = Math.max(ahead, produced - received);
			});
			request.on('end', () => response.end(String(received)));
		};
		const sizeBytes = 64 * 1024 * 1024;
		async function* parts(): AsyncGenerator<Buffer> {
			const part = Buffer.alloc(64 * 1024);
			for (; produced < sizeBytes; produced += part.length) yield part;
		}
		const answer = await client.send(
			get('/', { method: 'PUT', body: Readable.from(parts(), { objectMode: false }), deadlineMs: 20_000 }),
			never,
		);
		expect(answer.bodyText).toBe(String(sizeBytes));
		expect(ahead).toBeLessThan(16 * 1024 * 1024);
	});

	it('says that a refused connection never arrived', async () => {
		// A port below 1024: one that was free a moment ago may be another test's by now.
		const error = await failureOf({ ...get('/'), url: 'http://127.0.0.1:1/' });
		expect(error.mayHaveArrived).toBe(false);
	});

	it('says that a host without a name never arrived', async () => {
		const error = await failureOf({ ...get('/'), url: 'http://no-such-host.invalid/' });
		expect(error.mayHaveArrived).toBe(false);
	});

	it('says that a connection cut before the answer may have arrived', async () => {
		listener = (request) => request.socket.destroy();
		expect((await failureOf(get('/', { method: 'POST', body: 'x' }))).mayHaveArrived).toBe(true);
	});

	it('ends at its deadline when no answer comes, and says that the request may have arrived', async () => {
		listener = () => undefined;
		const error = await failureOf(get('/', { deadlineMs: 100 }));
		expect(error.mayHaveArrived).toBe(true);
		expect(error.message).toContain('0.1 s');
	});

	it('ends at its deadline when an answer begins and never ends', async () => {
		listener = (_, response) => {
			response.writeHead(200);
			response.write('half');
		};
		expect((await failureOf(get('/', { deadlineMs: 150 }))).mayHaveArrived).toBe(true);
	});

	it('stops at once when its caller is stopped', async () => {
		const stop = new AbortController();
		listener = () => stop.abort();
		const error = await failureOf(get('/', { deadlineMs: 60_000 }), stop.signal);
		expect(error.message).toContain('stopped');
		await expect(client.send(get('/'), stop.signal)).rejects.toBe(stop.signal.reason);
	});

	it('refuses an answer beyond its bound instead of keeping it in memory', async () => {
		listener = (_, response) => response.end(Buffer.alloc(20_000));
		const error = await failureOf(get('/'));
		expect(error.message).toContain('larger than 10000 bytes');
	});

	it('names neither path nor query nor headers in an error, nor in what a log makes of it', async () => {
		listener = (request) => request.socket.destroy();
		const error = await failureOf(
			get('/upload/secret-path?upload_id=secret-session', {
				headers: { authorization: 'Bearer secret-token' },
			}),
		);
		const said = `${error.message}\n${JSON.stringify(error)}\n${error.stack}`;
		expect(said).not.toMatch(/secret/);
	});
});
