import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { tryLock, type FileLock } from '../file-lock';
import { projectFolder } from '../paths';
import type { Progress } from '../progress';
import { runToEnd } from '../processes/run-to-end';
import { StackFailure } from '../stack-failure';
import { writePrivateFile } from '../state';
import { waitFor } from '../wait-for';
import { fingerprintOf, listFiles } from './fingerprint';

export interface BuildOptions {
	readonly progress: Progress;
	readonly signal?: AbortSignal | undefined;
}

const SOURCE_FOLDERS = ['nodes', 'credentials', 'lib'];
const SETTING_FILES = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
const ASSET = /\.(svg|png|json|sql|ttf|woff|txt|bin|wasm)$/;
const DEADLINE_MS = 300_000;

const workFolder = join(projectFolder, '.stackkraft');
const distFolder = join(projectFolder, 'dist');
const fingerprintFile = join(workFolder, 'build.fingerprint');

function sources(): string[] {
	return SOURCE_FOLDERS.flatMap((folder) => listFiles(join(projectFolder, folder)));
}

function isUpToDate(fingerprint: string): boolean {
	return (
		existsSync(distFolder) &&
		existsSync(fingerprintFile) &&
		readFileSync(fingerprintFile, 'utf8') === fingerprint
	);
}

function copyAssets(): void {
	for (const source of sources().filter((path) => ASSET.test(path))) {
		const target = join(distFolder, relative(projectFolder, source));
		mkdirSync(dirname(target), { recursive: true });
		copyFileSync(source, target);
	}
}

/** The compiler leaves the output of sources that are gone, and it would be packed. */
function removeLeftovers(): void {
	for (const output of listFiles(distFolder)) {
		const path = join(projectFolder, relative(distFolder, output));
		const origin = path.replace(/\.(d\.ts|js\.map|js)$/, '.ts');
		if (!existsSync(path) && !existsSync(origin)) rmSync(output);
	}
}

async function compile(options: BuildOptions): Promise<void> {
	// With its notes but without its output the compiler would believe that all is written.
	if (!existsSync(distFolder)) rmSync(join(workFolder, 'build.tsbuildinfo'), { force: true });
	const logPath = join(workFolder, 'logs', 'build.log');
	rmSync(logPath, { force: true });
	await runToEnd({
		name: 'the TypeScript compiler',
		command: process.execPath,
		args: [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
		cwd: projectFolder,
		logPath,
		deadlineMs: DEADLINE_MS,
		signal: options.signal,
		advice: 'the log names file and line',
	});
}

async function lockBuild(signal: AbortSignal | undefined): Promise<FileLock> {
	const take = () => {
		const attempt = tryLock(join(workFolder, 'build.lock'));
		return 'lock' in attempt ? attempt.lock : undefined;
	};
	const lock = await waitFor(take, { deadlineMs: DEADLINE_MS, pollMs: 100, signal });
	if (lock === undefined)
		throw new StackFailure('another build of this checkout does not come to an end; stop it');
	return lock;
}

/** Compiles the package into dist/ with its assets, when something changed since the last whole build. */
export async function buildPackage(options: BuildOptions): Promise<{ wasBuilt: boolean }> {
	const lock = await lockBuild(options.signal);
	try {
		const fingerprint = fingerprintOf([
			...sources(),
			...SETTING_FILES.map((name) => join(projectFolder, name)),
		]);
		if (isUpToDate(fingerprint)) return { wasBuilt: false };
		// First: what is interrupted from here on counts as never built.
		rmSync(fingerprintFile, { force: true });
		await options.progress.step('build', async () => {
			await compile(options);
			copyAssets();
			removeLeftovers();
		});
		writePrivateFile(fingerprintFile, fingerprint);
		return { wasBuilt: true };
	} finally {
		lock.release();
	}
}
