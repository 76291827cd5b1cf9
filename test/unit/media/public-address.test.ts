import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { publicFolder, PublicAddressError } from '../../../lib/media';

const { signal } = new AbortController();
let folder: string;

beforeAll(async () => {
	folder = await realpath(await mkdtemp(path.join(tmpdir(), 'stackkraft-public-')));
	await mkdir(path.join(folder, 'media', 'a b'), { recursive: true });
	for (const name of [
		'media/clip.mp4',
		"media/a b/Größe (1)'?#%.mp4",
		'outside.mp4',
		'media-of-others.mp4',
	]) {
		await writeFile(path.join(folder, name), 'x');
	}
	await symlink(path.join(folder, 'outside.mp4'), path.join(folder, 'media', 'link.mp4'));
	await symlink(path.join(folder, 'media'), path.join(folder, 'other-name'));
});

afterAll(async () => {
	await rm(folder, { recursive: true });
});

async function addressOf(
	file: string,
	baseUrl = 'https://media.example.com',
	root = 'media',
): Promise<string> {
	const address = publicFolder({ baseUrl, folder: path.join(folder, root) });
	const filePath = path.join(folder, file);
	return await address.addressOf({ filePath, mimeType: 'video/mp4', sizeBytes: 1 }, signal);
}

it.each([
	['https://media.example.com', 'https://media.example.com/clip.mp4'],
	['https://media.example.com/', 'https://media.example.com/clip.mp4'],
	['http://127.0.0.1:8080/deep/er//', 'http://127.0.0.1:8080/deep/er/clip.mp4'],
])('joins %s and the path below the folder', async (baseUrl, expected) => {
	expect(await addressOf('media/clip.mp4', baseUrl)).toBe(expected);
});

it('writes every name as plain ASCII that leads back to the name', async () => {
	const address = await addressOf("media/a b/Größe (1)'?#%.mp4");
	expect(address).toMatch(/^[A-Za-z0-9:/.%_~-]+$/);
	expect(decodeURIComponent(new URL(address).pathname)).toBe("/a b/Größe (1)'?#%.mp4");
});

it('knows the folder by every name', async () => {
	expect(await addressOf('media/clip.mp4', 'https://a.example', 'other-name')).toBe(
		'https://a.example/clip.mp4',
	);
});

it.each(['outside.mp4', 'media/link.mp4', 'media-of-others.mp4', 'media', 'media/absent.mp4'])(
	'gives no address to %s, and says what to do',
	async (file) => {
		const error: unknown = await addressOf(file).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(PublicAddressError);
		expect((error as PublicAddressError).remedy).toBeTruthy();
	},
);

it.each([
	'',
	'media.example.com',
	'ftp://example.com',
	'https://u:p@example.com',
	'https://example.com/?sig=1',
])('refuses the base address "%s"', (baseUrl) => {
	expect(() => publicFolder({ baseUrl, folder })).toThrow(PublicAddressError);
});
