import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
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

/** What was made and posted goes; what was downloaded or installed, and the secrets, stay. */
export function forgetWorld({ postgres, nats, sandbox, media }: StackFolders): void {
	for (const folder of [postgres, nats, sandbox, media]) rmSync(folder, { recursive: true, force: true });
}
