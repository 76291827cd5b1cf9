// A real narrated video of three minutes, taken from a Debian package: nothing has to be kept in the repository.
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { StackFailure } from './stack-failure';

const run = promisify(execFile);

const PACKAGE = 'openboard-common';
const FILE_IN_PACKAGE = 'usr/share/openboard/library/videos/wannaworktogether.mp4';
const DEADLINE_MS = 5 * 60_000;

/** Path of the sample talk in the folder, fetched once. Needs no rights: the package is unpacked, not installed. */
export async function ensureSampleVideo(cacheFolder: string, log: (line: string) => void): Promise<string> {
	const target = path.join(path.resolve(cacheFolder), path.basename(FILE_IN_PACKAGE));
	if (await exists(target)) return target;
	await mkdir(cacheFolder, { recursive: true });
	const folder = await mkdtemp(path.join(path.resolve(cacheFolder), '.fetch-'));
	try {
		log(`Fetching the sample video (11 MB, Debian package ${PACKAGE})`);
		const unpacked = await unpackDebianPackage(PACKAGE, folder);
		// Renamed at the end: two runs at once give one whole file, whoever is last.
		await rename(path.join(unpacked, FILE_IN_PACKAGE), target);
		return target;
	} catch (cause) {
		throw new StackFailure(
			'The sample video could not be fetched: that needs the Debian tools apt-get and dpkg-deb and a Debian mirror. ' +
				'Give a video of your own instead: npm run demo -- path/to/video.mp4',
			{ cause },
		);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Downloads a Debian package and unpacks it into a folder of its own, whose path is the answer. */
export async function unpackDebianPackage(name: string, folder: string): Promise<string> {
	await downloadPackage(name, folder);
	const file = (await readdir(folder)).find(
		(entry) => entry.startsWith(`${name}_`) && entry.endsWith('.deb'),
	);
	if (!file) throw new Error(`apt-get did not leave the package ${name} in ${folder}`);
	const unpacked = path.join(folder, `${name}-files`);
	await run('dpkg-deb', ['-x', path.join(folder, file), unpacked], { timeout: DEADLINE_MS });
	return unpacked;
}

async function downloadPackage(name: string, folder: string): Promise<void> {
	const options = { cwd: folder, timeout: DEADLINE_MS };
	try {
		await run('apt-get', ['download', name], options);
	} catch {
		// A fresh machine or container knows no packages yet: lists of our own need no rights on the system's.
		const own = ['-o', `Dir::State::Lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`];
		await mkdir(path.join(folder, 'lists/partial'), { recursive: true });
		await mkdir(path.join(folder, 'cache/archives/partial'), { recursive: true });
		await run('apt-get', [...own, 'update'], options);
		await run('apt-get', [...own, 'download', name], options);
	}
}

async function exists(file: string): Promise<boolean> {
	return await access(file).then(
		() => true,
		() => false,
	);
}
