import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	chownSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { commandLineOf } from '../processes/identity';
import { messageOf, StackFailure } from '../stack-failure';
import type { PostgresBinaries } from './binaries';
import type { OsAccount } from './os-account';
import { untilMemoryIsFree } from './shared-memory';

const run = promisify(execFile);
const INITDB_DEADLINE_MS = 120_000;
const DRAFT_MARK = '.new-';

export interface ClusterFolder {
	readonly folder: string;
	readonly binaries: PostgresBinaries;
	readonly account: OsAccount | undefined;
	readonly user: string;
	readonly password: string;
	/** Tests give up durability on power loss for speed. */
	readonly isThrowaway?: boolean | undefined;
	readonly signal?: AbortSignal | undefined;
}

/** Whether an initialisation that was not cut short lies here. */
export function isComplete(folder: string): boolean {
	return existsSync(join(folder, 'PG_VERSION')) && existsSync(join(folder, 'global', 'pg_control'));
}

function removeDrafts(folder: string): void {
	const parent = dirname(folder);
	for (const name of readdirSync(parent)) {
		if (name.startsWith(`${basename(folder)}${DRAFT_MARK}`)) {
			rmSync(join(parent, name), { recursive: true, force: true });
		}
	}
}

function give(path: string, account: OsAccount | undefined): void {
	if (account !== undefined) chownSync(path, account.uid, account.gid);
}

async function initialise(options: ClusterFolder): Promise<void> {
	const draft = `${options.folder}${DRAFT_MARK}${randomBytes(4).toString('hex')}`;
	const passwordFile = `${draft}.password`;
	mkdirSync(draft, { mode: 0o700 });
	give(draft, options.account);
	writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
	give(passwordFile, options.account);
	const args = [
		`--pgdata=${draft}`,
		`--username=${options.user}`,
		`--pwfile=${passwordFile}`,
		'--auth=scram-sha-256',
		'--encoding=UTF8',
		'--locale=C',
		...(options.isThrowaway ? ['--no-sync'] : []),
	];
	try {
		await run(options.binaries.initdb, args, {
			...(options.account ?? {}),
			cwd: draft,
			env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
			timeout: INITDB_DEADLINE_MS,
			killSignal: 'SIGKILL',
			signal: options.signal,
		});
		// Complete or absent: what an interrupted run leaves is a draft, and the next run removes it.
		renameSync(draft, options.folder);
	} catch (error) {
		rmSync(draft, { recursive: true, force: true, maxRetries: 5 });
		options.signal?.throwIfAborted();
		throw new StackFailure(`PostgreSQL could not create its data folder: ${messageOf(error)}`, {
			cause: error,
		});
	} finally {
		rmSync(passwordFile, { force: true });
	}
}

/**
 * After a crash of the whole machine the file names a process id that by now may be anybody's, and the
 * server would refuse to start. It may only be removed when that process is no server of this folder.
 */
async function removeStalePidFile(folder: string, signal: AbortSignal | undefined): Promise<void> {
	const pidFile = join(folder, 'postmaster.pid');
	if (!existsSync(pidFile)) return;
	const text = readFileSync(pidFile, 'utf8');
	const pid = Number.parseInt(text, 10);
	if (Number.isInteger(pid) && commandLineOf(pid).includes(folder)) {
		throw new StackFailure(`a PostgreSQL server (process ${pid}) already runs on ${folder}; stop it first`);
	}
	await untilMemoryIsFree(text, signal);
	rmSync(pidFile, { force: true });
}

/** Makes the data folder ready to be served; answers whether it was created now. */
export async function prepareDataFolder(options: ClusterFolder): Promise<{ wasCreated: boolean }> {
	mkdirSync(dirname(options.folder), { recursive: true });
	removeDrafts(options.folder);
	if (existsSync(options.folder) && !isComplete(options.folder)) {
		rmSync(options.folder, { recursive: true, force: true });
	}
	if (!existsSync(options.folder)) {
		await initialise(options);
		return { wasCreated: true };
	}
	const version = Number.parseInt(readFileSync(join(options.folder, 'PG_VERSION'), 'utf8'), 10);
	if (version !== options.binaries.majorVersion) {
		throw new StackFailure(
			`${options.folder} was written by PostgreSQL ${version}, and this is PostgreSQL ${options.binaries.majorVersion}; move that folder away to start with an empty database`,
		);
	}
	await removeStalePidFile(options.folder, options.signal);
	return { wasCreated: false };
}
