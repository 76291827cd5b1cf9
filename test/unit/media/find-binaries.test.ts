import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { findFfmpeg } from '../../../lib/media';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'binaries-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function program(name: string, mode = 0o755): Promise<string> {
	const file = path.join(folder, name, 'ffmpeg');
	await mkdir(path.dirname(file), { recursive: true });
	await writeFile(file, '#!/bin/sh\n');
	await chmod(file, mode);
	return file;
}
const nothing = () => undefined;

it('takes the setting before the variable, the variable before PATH, and PATH before the bundled package', async () => {
	const [set, named, onPath, bundled] = [
		await program('set'),
		await program('named'),
		await program('path'),
		await program('package'),
	];
	const packageFolder = () => path.dirname(bundled);
	const env = { PATH: `relative:${path.dirname(onPath)}`, FFMPEG_PATH: named };
	expect(findFfmpeg({ setting: set, env, packageFolder })).toEqual({ path: set, source: 'setting' });
	expect(findFfmpeg({ env, packageFolder })).toEqual({ path: named, source: 'environment' });
	expect(findFfmpeg({ env: { PATH: env.PATH }, packageFolder })).toEqual({ path: onPath, source: 'PATH' });
	expect(findFfmpeg({ env: {}, packageFolder })).toEqual({ path: bundled, source: 'bundled package' });
});

it('uses a bundled program that was installed without its execute bit', async () => {
	const bundled = await program('package', 0o644);
	const found = findFfmpeg({ env: {}, packageFolder: () => path.dirname(bundled) });
	expect(found.path).toBe(bundled);
});

it('does not fall back silently when a path that somebody set is wrong', async () => {
	const onPath = await program('path');
	expect(() => findFfmpeg({ setting: '/nowhere/ffmpeg', env: { PATH: path.dirname(onPath) } })).toThrow(
		expect.objectContaining({
			code: 'ffmpeg-missing',
			message: expect.stringContaining('/nowhere/ffmpeg') as string,
		}),
	);
});

it('says how to get the program when it is nowhere', () => {
	expect(() => findFfmpeg({ env: {}, packageFolder: nothing })).toThrow(
		expect.objectContaining({
			code: 'ffmpeg-missing',
			remedy: expect.stringMatching(/Install FFmpeg/) as string,
		}),
	);
});
