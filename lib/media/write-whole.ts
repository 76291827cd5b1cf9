import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

import { ClipError } from './clip-error';

const PARTIAL = '.partial';
// A file that is still being written changes all the time; one that has not for this long belongs to a dead process.
const ABANDONED_MS = 15 * 60_000;

/**
 * Lets `write` fill a file beside `target` and moves it into place only when it is complete and on disk, so that
 * a file at `target` is always whole, whatever dies when. The name keeps its ending, from which ffmpeg takes the format.
 */
export async function writeWhole(target: string, write: (partial: string) => Promise<void>): Promise<void> {
	const { dir, name, ext } = path.parse(target);
	const partial = path.join(dir, `.${name}-${randomBytes(4).toString('hex')}${PARTIAL}${ext}`);
	try {
		await write(partial);
		const file = await open(partial, 'r+');
		await file.sync().finally(() => file.close());
		await rename(partial, target);
	} catch (error) {
		await rm(partial, { force: true });
		throw error;
	}
}

/** Makes the folder and removes what a killed run left half written in it. */
export async function prepareOutputFolder(folder: string): Promise<void> {
	try {
		await mkdir(folder, { recursive: true });
		await tryWriting(folder);
		for (const name of await readdir(folder)) {
			if (name.startsWith('.') && path.parse(name).name.endsWith(PARTIAL))
				await removeIfAbandoned(path.join(folder, name));
		}
	} catch (cause) {
		throw new ClipError(
			'output-folder',
			`The output folder "${folder}" cannot be used.`,
			'Choose a folder that may be created and written by the user that runs this program.',
			{ cause },
		);
	}
}

// By doing it: what permissions say is not true of every disk and every user.
async function tryWriting(folder: string): Promise<void> {
	const file = path.join(folder, `.${randomBytes(4).toString('hex')}${PARTIAL}`);
	await (await open(file, 'wx')).close();
	await rm(file, { force: true });
}

async function removeIfAbandoned(file: string): Promise<void> {
	const found = await stat(file).catch(() => undefined);
	if (found && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(file, { force: true });
}
