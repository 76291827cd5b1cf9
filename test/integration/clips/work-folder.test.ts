import files, {
	access,
	chown,
	lutimes,
	mkdir,
	mkdtemp,
	readdir,
	rm,
	stat,
	symlink,
	utimes,
	writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { renderSpan, withWorkFolder } from '../../../lib/clips';
import { eventually } from '../../support/eventually';
import { useTempFolder } from '../../support/own-temp-folder';

const hourMs = 3600_000;

let folder: string;
let restore: () => void;
beforeEach(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'work-'));
	restore = await useTempFolder(folder);
});
afterEach(async () => {
	jest.restoreAllMocks();
	restore();
	await rm(folder, { recursive: true, force: true });
});

async function makeOld(entry: string, hours: number): Promise<void> {
	const at = new Date(Date.now() - hours * hourMs);
	await utimes(entry, at, at);
}

/** As a killed process leaves it: with the video in it. */
async function leave(name: string, hours: number): Promise<void> {
	await mkdir(path.join(folder, name, 'clip-1'), { recursive: true });
	await writeFile(path.join(folder, name, 'clip-1/video'), 'bytes');
	await makeOld(path.join(folder, name), hours);
}

const nothing = async (): Promise<void> => undefined;

it('removes what killed runs left, when no sign of life came for a day, and nothing else', async () => {
	await leave('stackkraft-clips-aB3dE6', 25);
	await leave('stackkraft-video-Zz9Yy8', 25);
	await leave('stackkraft-clips-young1', 23);
	await leave('stackkraft-media-server-abcdef', 25);
	await leave('stackkraft-clips-of-mine', 25);
	await leave('somebody-else', 25);
	await leave('kept', 25);
	const link = path.join(folder, 'stackkraft-video-linked');
	await symlink(path.join(folder, 'kept'), link);
	const before = new Date(Date.now() - 25 * hourMs);
	await lutimes(link, before, before);
	await withWorkFolder('clips', nothing);
	expect((await readdir(folder)).sort()).toEqual([
		'kept',
		'somebody-else',
		'stackkraft-clips-of-mine',
		'stackkraft-clips-young1',
		'stackkraft-media-server-abcdef',
		'stackkraft-video-linked',
	]);
});

it('is done at the start of a run, also of one that fails', async () => {
	await leave('stackkraft-video-aB3dE6', 25);
	const sourcePath = path.join(folder, 'nothing.mp4');
	const run = renderSpan({
		...{ sourcePath, outputFolder: folder, startSec: 0, endSec: 9 },
		...{ words: [], look: { captions: false } },
	});
	await expect(run).rejects.toMatchObject({ code: 'source-missing' });
	expect(await readdir(folder)).toEqual([]);
});

it('leaves a run alone that lasts for days: it says so by the time of its folder', async () => {
	await withWorkFolder(
		'clips',
		async (own) => {
			await makeOld(own, 25);
			await eventually('a sign of life', async () => Date.now() - (await stat(own)).mtimeMs < hourMs);
		},
		5,
	);
	// A machine that slept has given no sign of life: its own runs are still known.
	await withWorkFolder('video', async (own) => {
		await makeOld(own, 25);
		await withWorkFolder('clips', nothing);
		await access(own);
	});
});

it('fails no run because something cannot be removed', async () => {
	await leave('stackkraft-clips-aB3dE6', 25);
	const rm = jest.spyOn(files, 'rm').mockRejectedValueOnce(new Error('EPERM'));
	await expect(withWorkFolder('clips', async () => 'done')).resolves.toBe('done');
	expect(rm).toHaveBeenCalledTimes(2);
	rm.mockRestore();
	expect(await readdir(folder)).toEqual(['stackkraft-clips-aB3dE6']);
});

it('loses no finished work because its own folder cannot be removed, which a later run then takes', async () => {
	const rm = jest.spyOn(files, 'rm').mockRejectedValueOnce(new Error('EBUSY'));
	let own = '';
	const run = withWorkFolder('clips', async (given) => {
		own = given;
		return 'done';
	});
	await expect(run).resolves.toBe('done');
	rm.mockRestore();
	expect(await readdir(folder)).toEqual([path.basename(own)]);
	await makeOld(own, 25);
	await withWorkFolder('video', nothing);
	expect(await readdir(folder)).toEqual([]);
});

it('tells why the work failed, and not that its folder could not be removed', async () => {
	const rm = jest.spyOn(files, 'rm').mockRejectedValueOnce(new Error('EBUSY'));
	const work = withWorkFolder('clips', () => Promise.reject(new Error('planted')));
	await expect(work).rejects.toThrow('planted');
	rm.mockRestore();
});

// Only root may give a folder to somebody else.
(process.getuid?.() === 0 ? it : it.skip)('touches nothing of another user', async () => {
	await leave('stackkraft-clips-aB3dE6', 25);
	await chown(path.join(folder, 'stackkraft-clips-aB3dE6'), 12_345, 12_345);
	await makeOld(path.join(folder, 'stackkraft-clips-aB3dE6'), 25);
	await withWorkFolder('clips', nothing);
	expect(await readdir(folder)).toEqual(['stackkraft-clips-aB3dE6']);
});

it('takes its folder away when the work fails', async () => {
	const work = withWorkFolder('clips', () => Promise.reject(new Error('planted')));
	await expect(work).rejects.toThrow('planted');
	expect(await readdir(folder)).toEqual([]);
});
