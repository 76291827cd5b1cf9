import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { byteRangeOf } from '../../../scripts/stack/media-server/byte-range';
import { startMediaServer, type MediaServer } from '../../../scripts/stack/media-server/media-server';

const content = 'The content of a clip, forty bytes long.';

let base: string;
let server: MediaServer;

beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), 'stackkraft-media-server-')));
	await mkdir(join(base, 'media', 'clips'), { recursive: true });
	await writeFile(join(base, 'media', 'clips', 'a b.mp4'), content);
	await writeFile(join(base, 'media', 'clips', 'empty.mp4'), '');
	await writeFile(join(base, 'media', 'notes.txt'), 'private');
	await writeFile(join(base, 'secret.mp4'), 'private');
	await mkdir(join(base, 'media-of-others'));
	await writeFile(join(base, 'media-of-others', 'x.mp4'), 'private');
	await symlink(join(base, 'secret.mp4'), join(base, 'media', 'link.mp4'));
	server = await startMediaServer({ folder: join(base, 'media') });
});

afterAll(async () => {
	await server.close();
	await rm(base, { recursive: true });
});

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(server.url + path, init);

/** fetch tidies paths up before it sends them; this does not. */
async function statusOfRaw(path: string): Promise<string> {
	const { port } = new URL(server.url);
	return await new Promise((resolve, reject) => {
		let text = '';
		const socket = connect(Number(port), '127.0.0.1', () => {
			socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
		});
		socket.on('data', (piece) => (text += piece.toString('latin1')));
		socket.on('error', reject);
		socket.on('close', () => resolve(text.split(' ')[1] ?? ''));
	});
}

it('gives a file below the folder, with its type and length', async () => {
	const answer = await get('/clips/a%20b.mp4');
	expect(answer.status).toBe(200);
	expect(answer.headers.get('content-type')).toBe('video/mp4');
	expect(answer.headers.get('content-length')).toBe(String(content.length));
	expect(answer.headers.get('accept-ranges')).toBe('bytes');
	expect(await answer.text()).toBe(content);
});

it('answers HEAD like GET, without the content', async () => {
	const answer = await get('/clips/a%20b.mp4', { method: 'HEAD' });
	expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
		200,
		String(content.length),
		'',
	]);
});

it.each([
	['bytes=0-3', 206, content.slice(0, 4)],
	['bytes=4-', 206, content.slice(4)],
	['bytes=-5', 206, content.slice(-5)],
	['bytes=30-999', 206, content.slice(30)],
	['bytes=40-', 416, ''],
	['bytes=0-1,4-5', 200, content],
	['lines=1-2', 200, content],
])('answers the range %s with %i', async (range, status, expected) => {
	const answer = await get('/clips/a%20b.mp4', { headers: { range } });
	expect([answer.status, await answer.text()]).toEqual([status, expected]);
});

it('gives an empty file as it is', async () => {
	const answer = await get('/clips/empty.mp4');
	expect([answer.status, await answer.text()]).toEqual([200, '']);
});

it.each([
	'/',
	'/clips',
	'/clips/',
	'/notes.txt',
	'/link.mp4',
	'/../secret.mp4',
	'/clips/../../secret.mp4',
	'/%2e%2e/secret.mp4',
	'/..%2fsecret.mp4',
	'/clips/..%2f..%2fsecret.mp4',
	'/../media-of-others/x.mp4',
	'//etc/passwd',
	'/clips/a%00.mp4',
	'/%zz.mp4',
	'http://example.com/clips/a%20b.mp4',
])('shows nothing at %s', async (path) => {
	expect(await statusOfRaw(path)).toBe('404');
});

it('takes nothing', async () => {
	expect((await get('/clips/a%20b.mp4', { method: 'POST', body: 'x' })).status).toBe(405);
	expect((await get('/clips/a%20b.mp4', { method: 'DELETE' })).status).toBe(405);
});

it('listens on the loopback only', () => {
	expect(new URL(server.url).hostname).toBe('127.0.0.1');
});

it('has no range in a file of no bytes', () => {
	expect(byteRangeOf('bytes=0-', 0)).toBe('unsatisfiable');
	expect(byteRangeOf('bytes=-1', 0)).toBe('unsatisfiable');
	expect(byteRangeOf(undefined, 0)).toBeUndefined();
});
