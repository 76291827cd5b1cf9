// flite, a synthetic voice that says when it says what. Taken from Debian's packages, unpacked and not installed.
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { unpackDebianPackage } from '../../scripts/stack/sample-video';

const run = promisify(execFile);
const CALL_DEADLINE_MS = 60_000;

export interface Sound {
	readonly startSec: number;
	readonly endSec: number;
}

export interface Utterance {
	readonly samples: Int16Array;
	/** Every sound (phone) of it in order, silence left out. */
	readonly sounds: readonly Sound[];
}

export interface Voice {
	speak(text: string, folder: string): Promise<Utterance>;
	/** How many sounds each word has when it is said alone. */
	countSounds(words: readonly string[]): Promise<number[]>;
}

const sampleRateHz = 16_000;

export async function fliteVoice(cacheFolder: string, name = 'slt'): Promise<Voice> {
	const root = await ensureFlite(cacheFolder);
	const call = async (args: readonly string[]): Promise<string> => {
		const options = { env: { LD_LIBRARY_PATH: root.libraries }, timeout: CALL_DEADLINE_MS };
		const { stdout } = await run(root.program, ['-voice', name, '-psdur', ...args], options);
		return stdout;
	};
	return {
		async speak(text, folder) {
			const file = path.join(folder, 'utterance.wav');
			const sounds = soundsOf(await call(['-t', text, '-o', file]));
			const wav = await readFile(file);
			if (wav.readUInt32LE(24) !== sampleRateHz) throw new Error(`the voice ${name} has another sample rate`);
			const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
			return { samples, sounds };
		},
		async countSounds(words) {
			const counts: number[] = [];
			for (const word of words) counts.push(soundsOf(await call(['-t', word, '-o', 'none'])).length);
			return counts;
		},
	};
}

// "pau:0.164 hh:0.277 …": each sound and the moment at which it ends.
function soundsOf(said: string): Sound[] {
	let startSec = 0;
	return said
		.trim()
		.split(/\s+/)
		.flatMap((entry) => {
			const colon = entry.lastIndexOf(':');
			const sound = { startSec, endSec: Number(entry.slice(colon + 1)) };
			startSec = sound.endSec;
			return entry.startsWith('pau:') ? [] : [sound];
		});
}

export interface FliteProgram {
	readonly program: string;
	readonly libraries: string;
}

export async function ensureFlite(cacheFolder: string): Promise<FliteProgram> {
	const folder = path.resolve(cacheFolder, 'flite-2.2');
	const found = {
		program: path.join(folder, 'flite-files/usr/bin/flite'),
		libraries: path.join(folder, 'libflite1-files/usr/lib/x86_64-linux-gnu'),
	};
	if (
		await access(folder).then(
			() => true,
			() => false,
		)
	)
		return found;
	await mkdir(cacheFolder, { recursive: true });
	const partial = await mkdtemp(path.join(path.resolve(cacheFolder), '.fetch-'));
	try {
		for (const name of ['flite', 'libflite1']) await unpackDebianPackage(name, partial);
		// Renamed at the end: whole or absent, whoever is first.
		await rename(partial, folder).catch(async (error: unknown) => {
			if (
				!(await access(folder).then(
					() => true,
					() => false,
				))
			)
				throw error;
		});
	} finally {
		await rm(partial, { recursive: true, force: true });
	}
	return found;
}
