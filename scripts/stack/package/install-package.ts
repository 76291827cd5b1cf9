import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { projectFolder } from '../paths';
import { runNpm } from '../runtimes/npm';
import { StackFailure } from '../stack-failure';
import { readPackageManifest, type PackageManifest } from './media-packages';

export interface InstallOptions {
	/** n8n's user folder. */
	readonly n8nFolder: string;
	readonly dataFolder: string;
	readonly logFolder: string;
	readonly nodeBinary: string;
	readonly signal?: AbortSignal | undefined;
}

const PACK_DEADLINE_MS = 60_000;
const INSTALL_DEADLINE_MS = 600_000;
const MARKER = '.stackkraft-installed';

async function pack(options: InstallOptions): Promise<string> {
	const folder = join(options.dataFolder, 'package');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const logPath = join(options.logFolder, 'npm-pack.log');
	await runNpm({
		name: 'npm pack',
		args: ['pack', '--ignore-scripts', '--pack-destination', folder],
		cwd: projectFolder,
		nodeBinary: options.nodeBinary,
		logPath,
		deadlineMs: PACK_DEADLINE_MS,
		signal: options.signal,
	});
	const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
	if (tarball === undefined) throw new StackFailure('npm pack made no tarball', { logPath });
	return join(folder, tarball);
}

function writeManifest(folder: string, tarball: string, manifest: PackageManifest): void {
	const content = {
		name: 'installed-nodes',
		private: true,
		dependencies: { [manifest.name]: `file:${tarball}`, ...manifest.mediaPackages },
		// Overrides only count at the root, so the package cannot bring them along itself.
		overrides: manifest.overrides,
	};
	writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, '\t')}\n`);
}

/**
 * Puts the packed package, as users get it, into n8n's folder of community nodes; does nothing when
 * exactly this content is there already. n8n must not run meanwhile.
 */
export async function installPackage(
	options: InstallOptions,
): Promise<{ wasInstalled: boolean; tarball: string }> {
	const tarball = await pack(options);
	const manifest = readPackageManifest();
	const hash = createHash('sha256')
		.update(readFileSync(tarball))
		.update(JSON.stringify([manifest.overrides, manifest.mediaPackages, process.platform, process.arch]))
		.digest('hex');
	const parent = join(options.n8nFolder, '.n8n');
	const target = join(parent, 'nodes');
	const marker = join(target, MARKER);
	if (existsSync(marker) && readFileSync(marker, 'utf8') === hash) {
		return { wasInstalled: false, tarball: basename(tarball) };
	}
	const draft = join(parent, 'nodes.new');
	rmSync(draft, { recursive: true, force: true });
	mkdirSync(draft, { recursive: true });
	writeManifest(draft, tarball, manifest);
	await runNpm({
		name: `the installation of ${manifest.name} into n8n`,
		args: ['install', '--omit=peer', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'],
		cwd: draft,
		nodeBinary: options.nodeBinary,
		logPath: join(options.logFolder, 'package-install.log'),
		deadlineMs: INSTALL_DEADLINE_MS,
		signal: options.signal,
	});
	writeFileSync(join(draft, MARKER), hash);
	// Interrupted between the two lines there is no folder at all, and the next run installs again.
	rmSync(target, { recursive: true, force: true });
	renameSync(draft, target);
	return { wasInstalled: true, tarball: basename(tarball) };
}
