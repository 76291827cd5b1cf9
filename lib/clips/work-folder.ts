// Folders for work under way. Each goes with its work; what a killed process left behind goes with a later one.
import { lstat, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const PREFIXES = { clips: 'stackkraft-clips-', video: 'stackkraft-video-' } as const;
// What `mkdtemp` appends are six letters or digits: nothing that somebody named alike by hand is ever taken.
const OURS = new RegExp(`^(?:${Object.values(PREFIXES).join('|')})[A-Za-z0-9]{6}$`);

/**
 * Other processes and containers may share the folder for temporary files, where a process id says nothing: a killed
 * n8n gets the same one again. So who works says so by the time of its folder, and silence has to last a day.
 */
const SIGN_OF_LIFE_MS = 10 * 60_000;
const ABANDONED_MS = 24 * 3600_000;

/** Of this process: a machine that slept for days must not take them for abandoned when it wakes up. */
const living = new Set<string>();

/** Gives the work a folder of its own and removes it, whatever comes. */
export async function withWorkFolder<Result>(
	kind: keyof typeof PREFIXES,
	work: (folder: string) => Promise<Result>,
	signOfLifeMs = SIGN_OF_LIFE_MS,
): Promise<Result> {
	await sweepAbandoned(os.tmpdir());
	const folder = await mkdtemp(path.join(os.tmpdir(), PREFIXES[kind]));
	living.add(folder);
	const signs = setInterval(() => void giveSign(folder), signOfLifeMs).unref();
	try {
		return await work(folder);
	} finally {
		clearInterval(signs);
		// What cannot be removed is no reason to lose a finished clip, or why there is none: a later run takes it.
		await rm(folder, { recursive: true, force: true }).catch(() => undefined);
		living.delete(folder);
	}
}

async function giveSign(folder: string): Promise<void> {
	const now = new Date();
	await utimes(folder, now, now).catch(() => undefined);
}

/** As far as possible: no work fails because something old cannot be removed. */
async function sweepAbandoned(parent: string): Promise<void> {
	const names = await readdir(parent).catch(() => []);
	for (const name of names.filter((each) => OURS.test(each))) {
		const folder = path.join(parent, name);
		if (await isAbandoned(folder)) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
	}
}

async function isAbandoned(folder: string): Promise<boolean> {
	if (living.has(folder)) return false;
	const found = await lstat(folder).catch(() => undefined);
	// To remove in a folder of somebody else's is to be led by their links.
	if (!found?.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) return false;
	return Date.now() - found.mtimeMs > ABANDONED_MS;
}
