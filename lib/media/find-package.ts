import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * The folder of an installed package, or nothing. Walks the module folders instead of resolving the package,
 * because packages that export only ES modules cannot be resolved from CommonJS even when they are there.
 */
export function findPackageFolder(name: string, from: string = __filename): string | undefined {
	const moduleFolders = createRequire(from).resolve.paths(name) ?? [];
	return moduleFolders
		.map((folder) => path.join(folder, name))
		.find((folder) => existsSync(path.join(folder, 'package.json')));
}
