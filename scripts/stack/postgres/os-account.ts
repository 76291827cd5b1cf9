import { execFileSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { StackFailure } from '../stack-failure';

/** The account that runs PostgreSQL when we are root, because PostgreSQL refuses to run as root. */
export interface OsAccount {
	readonly uid: number;
	readonly gid: number;
}

const ACCOUNT_NAME = 'postgres';

function lookUp(): OsAccount | undefined {
	try {
		const ask = (flag: string) =>
			Number(
				execFileSync('id', [flag, ACCOUNT_NAME], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
			);
		return { uid: ask('-u'), gid: ask('-g') };
	} catch {
		return undefined;
	}
}

/** `undefined` when this process is not root and PostgreSQL can run as the user that we are. */
export function postgresAccount(): OsAccount | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const existing = lookUp();
	if (existing !== undefined) return existing;
	try {
		execFileSync(
			'useradd',
			['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', ACCOUNT_NAME],
			{
				stdio: ['ignore', 'ignore', 'pipe'],
				timeout: 30_000,
			},
		);
	} catch (error) {
		throw new StackFailure(
			`PostgreSQL does not run as root, and the user "${ACCOUNT_NAME}" could not be created. Run this as a normal user, or type: useradd --system ${ACCOUNT_NAME}`,
			{ cause: error },
		);
	}
	const created = lookUp();
	if (created === undefined)
		throw new StackFailure(`the user "${ACCOUNT_NAME}" was created but is not to be found`);
	return created;
}

function mayEnter(folder: string, account: OsAccount): boolean {
	const { mode, uid, gid } = lstatSync(folder);
	if (uid === account.uid) return (mode & 0o100) !== 0;
	if (gid === account.gid) return (mode & 0o010) !== 0;
	return (mode & 0o001) !== 0;
}

/** Whether the account can walk down to `path`, which need not exist yet. */
export function isReachableBy(account: OsAccount | undefined, path: string): boolean {
	if (account === undefined) return true;
	for (let folder = resolve(path); ; folder = dirname(folder)) {
		try {
			if (lstatSync(folder).isDirectory() && !mayEnter(folder, account)) return false;
		} catch {
			// Not there yet: we will create it, so only what stands above it decides.
		}
		if (folder === dirname(folder)) return true;
	}
}
