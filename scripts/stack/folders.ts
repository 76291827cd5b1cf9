import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isReachableBy, postgresAccount } from './postgres/os-account';
import { StackFailure } from './stack-failure';

export interface StackFolders {
	readonly data: string;
	readonly logs: string;
	/** The one folder below which n8n's nodes may read and write files. */
	readonly media: string;
	readonly nats: string;
	readonly sandbox: string;
	/** n8n's user folder; its own files lie in `.n8n` below. */
	readonly n8n: string;
	readonly postgres: string;
	/** Where PostgreSQL's programs are copied to when their account cannot reach the checkout. */
	readonly postgresPrograms: string;
	/** Set when the database had to be put outside of the data folder. */
	readonly postgresIsElsewhere: boolean;
}

/** Where the database's account can certainly go, in the order of how long things live there. */
function reachableBase(dataFolder: string): string {
	const account = postgresAccount();
	for (const base of ['/var/lib/stackkraft', join(tmpdir(), 'stackkraft-postgres')]) {
		try {
			mkdirSync(base, { recursive: true, mode: 0o755 });
		} catch {
			continue;
		}
		if (isReachableBy(account, base)) return base;
	}
	throw new StackFailure(
		`PostgreSQL cannot run as root, and its own user can reach neither ${dataFolder} nor /var/lib; run this as a normal user, or set STACKKRAFT_DATA_FOLDER`,
	);
}

export function layOutFolders(data: string): StackFolders {
	const isReachable = isReachableBy(postgresAccount(), data);
	const base = isReachable ? data : reachableBase(data);
	// One data folder, one database: two checkouts below /root must not meet in /var/lib.
	const own = isReachable ? base : join(base, createHash('sha256').update(data).digest('hex').slice(0, 12));
	const folders: StackFolders = {
		data,
		logs: join(data, 'logs'),
		media: join(data, 'media'),
		nats: join(data, 'nats'),
		sandbox: join(data, 'sandbox'),
		n8n: join(data, 'n8n'),
		postgres: join(own, 'postgres'),
		postgresPrograms: join(base, 'programs'),
		postgresIsElsewhere: !isReachable,
	};
	for (const folder of [folders.logs, folders.media, folders.nats, folders.sandbox, folders.n8n]) {
		mkdirSync(folder, { recursive: true });
	}
	mkdirSync(own, { recursive: true });
	return folders;
}

/** Where n8n looks for community nodes. */
export function nodesFolder({ n8n }: StackFolders): string {
	return join(n8n, '.n8n', 'nodes');
}

/**
 * What was made and posted goes; what was downloaded or installed, and the secrets, stay. Below the media
 * folder only the demo's own part goes: people are told to put their videos there.
 */
export function forgetWorld({ postgres, nats, sandbox, media }: StackFolders): void {
	for (const folder of [postgres, nats, sandbox, join(media, 'demo'), join(media, 'clips')]) {
		rmSync(folder, { recursive: true, force: true });
	}
}

/**
 * Who deletes the data folder to start anew does not see the database that had to be put elsewhere, and
 * without its password it is of no use to the new folder. It is kept, for whoever deleted by mistake;
 * answers where it is now.
 */
export function setAsideOrphanedDatabase(folders: StackFolders): string | undefined {
	const isNewDataFolder = ['secrets.json', 'state.json'].every(
		(name) => !existsSync(join(folders.data, name)),
	);
	if (!isNewDataFolder || !existsSync(folders.postgres)) return undefined;
	const aside = `${folders.postgres}.${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`;
	renameSync(folders.postgres, aside);
	return aside;
}
