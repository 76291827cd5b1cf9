// A Redis server of its own, which n8n's queue mode needs. From the PATH, else from Debian's packages, unpacked
// beside its libraries into the cache: that takes no rights and leaves the system as it is.
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { findFreePort } from '../../scripts/stack/ports';
import { startChild, untilReady } from '../../scripts/stack/processes/child';
import { ensureRuntime } from '../../scripts/stack/runtimes/cache';
import { unpackDebianPackage } from '../../scripts/stack/sample-video';
import { messageOf, StackFailure } from '../../scripts/stack/stack-failure';
import { createTemporaryFolder } from './temporary-folder';

const run = promisify(execFile);

export interface TestRedis {
	readonly port: number;
	stop(): Promise<void>;
}

interface RedisProgram {
	readonly path: string;
	readonly libraryFolder: string;
}

const PACKAGE = 'redis-tools';
/** What a bare Debian or Ubuntu may lack, and the names of the packages that hold it there. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
	'libatomic.so.1': ['libatomic1'],
	'libcrypto.so.3': ['libssl3', 'libssl3t64'],
	'libjemalloc.so.2': ['libjemalloc2'],
	'liblzf.so.1': ['liblzf1'],
	'libssl.so.3': ['libssl3', 'libssl3t64'],
	'libsystemd.so.0': ['libsystemd0'],
};
const INSTALL_DEADLINE_MS = 300_000;
const VERSION_DEADLINE_MS = 10_000;
const READY_DEADLINE_MS = 20_000;
const ANSWER_DEADLINE_MS = 1_000;

export async function startRedis(): Promise<TestRedis> {
	const program = await ensureRedis();
	const folder = createTemporaryFolder('redis');
	const port = await findFreePort();
	const child = await startChild({
		name: 'redis-server',
		command: program.path,
		args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
		cwd: folder.path,
		env: { PATH: process.env['PATH'], LD_LIBRARY_PATH: program.libraryFolder },
		logPath: join(folder.path, 'redis.log'),
	});
	const stop = async () => {
		await child.stop();
		folder.remove();
	};
	try {
		await untilReady(child, () => answersPing(port), READY_DEADLINE_MS);
	} catch (error) {
		await stop();
		throw error;
	}
	return { port, stop };
}

async function ensureRedis(): Promise<RedisProgram> {
	const onPath = (process.env['PATH'] ?? '')
		.split(delimiter)
		.map((folder) => join(folder, 'redis-server'))
		.find((path) => existsSync(path));
	if (onPath !== undefined) return { path: onPath, libraryFolder: '' };
	try {
		const { folder } = await ensureRuntime({
			name: 'redis-server',
			version: 'debian',
			inputs: [PACKAGE, process.platform, process.arch],
			deadlineMs: INSTALL_DEADLINE_MS,
			install: async (target) => {
				await takeOver(PACKAGE, target);
				await addMissingLibraries(target);
			},
		});
		return { path: join(folder, 'redis-server'), libraryFolder: folder };
	} catch (cause) {
		const install =
			process.platform === 'darwin' ? 'brew install redis' : 'sudo apt-get install -y redis-server';
		const what = 'n8n in queue mode needs redis-server, and it could not be fetched';
		throw new StackFailure(`${what} (${messageOf(cause)}). Type: ${install}`, { cause });
	}
}

/** Program and libraries of one package, flat into `target`. */
async function takeOver(name: string, target: string): Promise<void> {
	const work = join(target, 'download');
	mkdirSync(work, { recursive: true });
	const unpacked = await unpackDebianPackage(name, work);
	const wanted = readdirSync(unpacked, { recursive: true, withFileTypes: true }).filter(
		// redis-server is a link to redis-check-rdb: the program looks at the name that it was called by.
		(entry) => entry.name === 'redis-check-rdb' || /\.so\.\d+$/.test(entry.name),
	);
	for (const { parentPath, name: file } of wanted) {
		const as = file === 'redis-check-rdb' ? 'redis-server' : file;
		copyFileSync(join(parentPath, file), join(target, as));
	}
	rmSync(work, { recursive: true, force: true });
}

/** The loader names one missing library at a time. */
async function addMissingLibraries(target: string): Promise<void> {
	for (let round = 0; round <= Object.keys(LIBRARIES).length; round += 1) {
		const complaint = await complaintOf(target);
		if (complaint === undefined) return;
		const library = /loading shared libraries: (\S+):/.exec(complaint)?.[1] ?? '';
		const [name, otherName] = LIBRARIES[library] ?? [];
		if (name === undefined) throw new Error(complaint);
		await takeOver(name, target).catch(async (error: unknown) => {
			if (otherName === undefined) throw error;
			await takeOver(otherName, target);
		});
	}
	throw new Error('redis-server does not find its libraries');
}

async function complaintOf(folder: string): Promise<string | undefined> {
	const env = { LD_LIBRARY_PATH: folder };
	try {
		await run(join(folder, 'redis-server'), ['--version'], { env, timeout: VERSION_DEADLINE_MS });
		return undefined;
	} catch (error) {
		return messageOf(error);
	}
}

function answersPing(port: number): Promise<true | undefined> {
	return new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' });
		const finish = (answer: true | undefined) => {
			socket.destroy();
			resolve(answer);
		};
		socket.setTimeout(ANSWER_DEADLINE_MS, () => finish(undefined));
		socket.once('error', () => finish(undefined));
		socket.once('connect', () => socket.write('PING\r\n'));
		socket.once('data', (answer) => finish(answer.toString('latin1').startsWith('+PONG') ? true : undefined));
	});
}
