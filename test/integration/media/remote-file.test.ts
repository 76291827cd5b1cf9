import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { fetchRemoteFile, RemoteFileError, type RemoteFileOptions } from '../../../lib/media';
import { startFileHost, type FileHost, type Handle } from '../../support/file-host';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder';

const file = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42', 'latin1'), randomBytes(1_500_000)]);
const half = Math.floor(file.length / 2);
const secret = 'X-Amz-Signature=planted-secret';

let folder: TemporaryFolder;
const hosts: FileHost[] = [];

beforeEach(() => {
	folder = createTemporaryFolder('remote');
});

afterEach(async () => {
	await Promise.all(hosts.splice(0).map((host) => host.close()));
	folder.remove();
});

async function serve(handle: Handle): Promise<FileHost> {
	const host = await startFileHost(handle);
	hosts.push(host);
	return host;
}

function fetchFrom(
	host: FileHost,
	options: Partial<RemoteFileOptions> = {},
): ReturnType<typeof fetchRemoteFile> {
	return fetchRemoteFile(`http://${host.host}/deep/clip.mp4?${secret}`, optionsFor(host, options));
}

function optionsFor(host: FileHost | null, options: Partial<RemoteFileOptions> = {}): RemoteFileOptions {
	return {
		folder: folder.path,
		signal: new AbortController().signal,
		firstDelayMs: 1,
		allowedHosts: host?.host ?? '',
		...options,
	};
}

/** Fails with an error that says it, shows no secret, and leaves no file behind. */
async function expectFailure(
	fetched: Promise<unknown>,
	code: RemoteFileError['code'],
): Promise<RemoteFileError> {
	const error = await fetched.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof RemoteFileError)) throw new Error('There was no RemoteFileError', { cause: error });
	expect(error.code).toBe(code);
	expect(`${JSON.stringify(error)} ${error.message} ${error.remedy}`).not.toMatch(/planted|deep|clip/);
	expect(await readdir(folder.path)).toEqual([]);
	return error;
}

function sendFrom(
	response: ServerResponse,
	range: string | undefined,
	headers: Record<string, string> = {},
): void {
	const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
	const total = { 'content-type': 'video/mp4', 'content-length': String(file.length - start), ...headers };
	if (start === 0) response.writeHead(200, total);
	else {
		response.writeHead(206, {
			...total,
			'content-range': `bytes ${start}-${file.length - 1}/${file.length}`,
		});
	}
	response.end(file.subarray(start));
}

/** Half of the file, and then the connection breaks. */
function cutInHalf(response: ServerResponse, headers: Record<string, string>): void {
	response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': String(file.length), ...headers });
	response.write(file.subarray(0, half), () => response.destroy());
}

async function expectWhole(filePath: string): Promise<void> {
	const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
	expect(hash(await readFile(filePath))).toBe(hash(file));
}

it('brings the whole file, readable for its owner alone, and says what it is', async () => {
	const host = await serve((_request, response) => sendFrom(response, undefined));
	const fetched = await fetchFrom(host);
	await expectWhole(fetched.filePath);
	expect(fetched).toMatchObject({ sizeBytes: file.length, mimeType: 'video/mp4' });
	expect((await stat(fetched.filePath)).mode & 0o777).toBe(0o600);
});

it('believes the bytes more than the content type, and octet-stream not at all', async () => {
	const host = await serve((request, response) => {
		const isKnown = request.url?.startsWith('/known') ?? false;
		response.setHeader('content-type', isKnown ? 'image/jpeg' : 'application/octet-stream');
		response.end(isKnown ? file.subarray(0, 100) : 'nothing that is known');
	});
	const known = await fetchRemoteFile(`http://${host.host}/known`, optionsFor(host));
	expect(known.mimeType).toBe('video/mp4');
	expect((await fetchRemoteFile(`http://${host.host}/other`, optionsFor(host))).mimeType).toBeUndefined();
});

it.each([
	['a strong ETag', { etag: '"v1"' }, '"v1"'],
	[
		'an old enough date',
		{ 'last-modified': 'Wed, 01 Jan 2025 00:00:00 GMT' },
		'Wed, 01 Jan 2025 00:00:00 GMT',
	],
])('goes on where the connection broke when the server has %s', async (_name, headers, validator) => {
	const host = await serve((request, response, count) => {
		if (count === 1) cutInHalf(response, headers);
		else sendFrom(response, request.headers.range, headers);
	});
	const fetched = await fetchFrom(host);
	await expectWhole(fetched.filePath);
	const [, second] = host.requests;
	const startByte = Number(/^bytes=(\d+)-$/.exec(second?.headers.range ?? '')?.[1]);
	expect(startByte).toBeGreaterThan(0);
	expect(startByte).toBeLessThanOrEqual(half);
	expect(second?.headers['if-range']).toBe(validator);
});

it.each([
	['no validator', {}],
	['a weak ETag', { etag: 'W/"v1"' }],
	['a refusal of ranges', { etag: '"v1"', 'accept-ranges': 'none' }],
])('starts again instead of mixing two versions when the server has %s', async (_name, headers) => {
	const host = await serve((request, response, count) => {
		if (count === 1) cutInHalf(response, headers);
		else sendFrom(response, request.headers.range, headers);
	});
	await expectWhole((await fetchFrom(host)).filePath);
	expect(host.requests[1]?.headers.range).toBeUndefined();
});

it('takes the new version from its beginning when the file changed between two tries', async () => {
	const changed = Buffer.from('\xff\xd8\xff a whole other file', 'latin1');
	const host = await serve((_request, response, count) => {
		if (count === 1) cutInHalf(response, { etag: '"v1"' });
		else response.writeHead(200, { etag: '"v2"', 'content-length': String(changed.length) }).end(changed);
	});
	const fetched = await fetchFrom(host);
	expect(await readFile(fetched.filePath)).toEqual(changed);
	expect(fetched.mimeType).toBe('image/jpeg');
});

it('starts again when the server continues from somewhere else', async () => {
	const host = await serve((request, response, count) => {
		if (count === 1) cutInHalf(response, { etag: '"v1"' });
		else if (count === 2) {
			response.writeHead(206, { 'content-range': `bytes 5-9/${file.length}`, 'content-length': '5' });
			response.end('xxxxx');
		} else sendFrom(response, request.headers.range, { etag: '"v1"' });
	});
	await expectWhole((await fetchFrom(host)).filePath);
	expect(host.requests).toHaveLength(3);
});

it('keeps what it has through an answer that passes', async () => {
	const host = await serve((request, response, count) => {
		if (count === 1) cutInHalf(response, { etag: '"v1"' });
		else if (count === 2) response.writeHead(503).end();
		else sendFrom(response, request.headers.range, { etag: '"v1"' });
	});
	await expectWhole((await fetchFrom(host)).filePath);
	expect(host.requests[2]?.headers.range).toBeDefined();
});

it('gives up after a bounded number of cuts', async () => {
	const host = await serve((_request, response) => cutInHalf(response, {}));
	const error = await expectFailure(fetchFrom(host, { attempts: 3 }), 'broken');
	expect(error.class).toBe('network');
	expect(host.requests).toHaveLength(3);
});

it.each([
	['says its size', (response: ServerResponse) => sendFrom(response, undefined)],
	['hides its size', (response: ServerResponse) => response.writeHead(200).end(file)],
])('refuses a file that is too large, when the server %s', async (_name, send) => {
	const host = await serve((_request, response) => void send(response));
	const error = await expectFailure(fetchFrom(host, { maxBytes: file.length - 1 }), 'too-large');
	expect(error.class).toBe('validation');
	expect(host.requests).toHaveLength(1);
	expect((await fetchFrom(host, { maxBytes: file.length })).sizeBytes).toBe(file.length);
});

it('never visits a private address, by number or by name', async () => {
	const host = await serve((_request, response) => response.end('inside'));
	const port = host.host.split(':')[1];
	for (const name of [
		'127.0.0.1',
		'localhost',
		'2130706433',
		'0x7f.1',
		'[::ffff:127.0.0.1]',
		'0.0.0.0',
		'[::1]',
	]) {
		await expectFailure(
			fetchRemoteFile(`http://${name}:${port}/?${secret}`, optionsFor(null)),
			'refused-address',
		);
	}
	expect(host.requests).toEqual([]);
});

it('never follows a redirect from an allowed host to a private address', async () => {
	const inside = await serve((_request, response) => response.end('inside'));
	const host = await serve((_request, response) => {
		response.writeHead(302, { location: `http://${inside.host}/clip.mp4?${secret}` }).end();
	});
	await expectFailure(fetchFrom(host), 'refused-address');
	expect(inside.requests).toEqual([]);
	expect(host.requests).toHaveLength(1);
});

it('looks at the address when the socket is opened: a name that changes its mind finds the guard', async () => {
	const inside = await serve((_request, response) => response.end('inside'));
	const answers = ['8.8.8.8', '127.0.0.1'];
	const lookup: LookupFunction = (_name, _options, callback) => {
		callback(null, [{ address: answers.shift() ?? '127.0.0.1', family: 4 }]);
	};
	// Somebody's check before the connection sees the public answer.
	const check = async (): Promise<void> => {
		await new Promise((resolve) => lookup('rebind.example', {}, resolve));
	};
	const address = `http://rebind.example:${inside.host.split(':')[1]}/?${secret}`;
	await expectFailure(
		fetchRemoteFile(address, optionsFor(null, { egress: { check, lookup } })),
		'refused-address',
	);
	expect(answers).toEqual([]);
	expect(inside.requests).toEqual([]);
});

it('obeys the rules of the installation too, at each hop', async () => {
	const host = await serve((request, response) => {
		if (request.url?.startsWith('/deep')) response.writeHead(307, { location: '/next' }).end();
		else sendFrom(response, undefined);
	});
	const seen: string[] = [];
	const lookup: LookupFunction = (_name, _options, callback) => callback(null, []);
	const check = async (url: URL): Promise<void> => {
		seen.push(url.pathname);
		if (url.pathname === '/next') throw new Error('not there');
	};
	const error = await expectFailure(fetchFrom(host, { egress: { check, lookup } }), 'refused-address');
	expect(error.message).toContain('rules of this installation');
	expect(seen).toEqual(['/deep/clip.mp4', '/next']);
});

it('follows five redirects and not a sixth', async () => {
	const host = await serve((request, response) => {
		const { pathname } = new URL(request.url ?? '', 'http://x');
		const left = Number(/^\/(\d+)$/.exec(pathname)?.[1] ?? 0);
		if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
		else sendFrom(response, undefined);
	});
	await expectWhole((await fetchRemoteFile(`http://${host.host}/5`, optionsFor(host))).filePath);
	const sixth = fetchRemoteFile(`http://${host.host}/6`, optionsFor(host, { folder: `${folder.path}` }));
	await expect(sixth).rejects.toMatchObject({ code: 'redirects' });
});

it.each([
	[404, 'there is nothing at it', 1],
	[403, 'signature is over', 1],
	[500, 'in a browser', 2],
	[429, 'in a browser', 2],
])('tells what a %i means', async (status, said, requests) => {
	const host = await serve((_request, response) => response.writeHead(status).end('no'));
	const error = await expectFailure(fetchFrom(host, { attempts: 2 }), 'status');
	expect(error.message).toContain(String(status));
	expect(error.remedy).toContain(said);
	expect(host.requests).toHaveLength(requests);
});

it('does not take a login page for a video', async () => {
	const host = await serve((_request, response) => {
		response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>Sign in');
	});
	await expectFailure(fetchFrom(host), 'not-media');
});

it('refuses packed bytes instead of saving them as a video', async () => {
	const host = await serve((_request, response) => {
		response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'video/mp4' }).end('packed');
	});
	await expectFailure(fetchFrom(host), 'not-media');
});

it.each(['clip.mp4', 'ftp://a.example/x', 'file:///etc/passwd', 'https://user:pass@a.example/x', ''])(
	'refuses %j as an address',
	async (address) => {
		await expectFailure(fetchRemoteFile(address, optionsFor(null)), 'bad-address');
	},
);

it('ends a silent download by the idle deadline, and a slow one by the deadline', async () => {
	const silent = await serve((_request, response) => response.writeHead(200).write('x'));
	await expectFailure(fetchFrom(silent, { idleDeadlineMs: 100, attempts: 2 }), 'broken');
	expect(silent.requests).toHaveLength(2);
	const slow = await serve((_request, response) => response.writeHead(200).write('x'));
	await expectFailure(fetchFrom(slow, { deadlineMs: 200 }), 'deadline');
});

it('stops at once when it is told to, with the reason it was given', async () => {
	const stop = new AbortController();
	const host = await serve((_request, response) => {
		response.writeHead(200).write('x', () => stop.abort(new Error('enough')));
	});
	await expect(fetchFrom(host, { signal: stop.signal })).rejects.toThrow('enough');
	expect(await readdir(folder.path)).toEqual([]);
});

it('says that a host cannot be reached', async () => {
	// Below 1024: a port that was free a moment ago may be another test's by now.
	const options = optionsFor(null, { allowedHosts: '127.0.0.1:1', attempts: 1 });
	const fetched = fetchRemoteFile(`http://127.0.0.1:1/deep/clip.mp4?${secret}`, options);
	const error = await expectFailure(fetched, 'unreachable');
	expect(error.class).toBe('network');
});

it('says that a setting cannot be read, and does not go on without it', async () => {
	const fetched = fetchRemoteFile('https://a.example/x', optionsFor(null, { allowedHosts: 'http://x' }));
	expect((await expectFailure(fetched, 'bad-address')).message).toContain('STACKKRAFT_ALLOWED_MEDIA_HOSTS');
});
