import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { z } from 'zod';

import { findFreePort, takePort } from './ports';
import { StackFailure } from './stack-failure';

const portsSchema = z.record(z.string(), z.number().int().min(1).max(65_535));

const secretsSchema = z.object({
	postgresPassword: z.string().min(1),
	n8nEncryptionKey: z.string().min(1),
	ownerPassword: z.string().min(1),
	ownerPasswordHash: z.string().min(1),
});
export type StackSecrets = z.infer<typeof secretsSchema>;

const PASSWORD_HASH_ROUNDS = 10;

/** In one step and readable by us alone: half a secret would lock the user out of the own database. */
export function writePrivateFile(path: string, content: string): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(`${path}.new`, content, { mode: 0o600 });
	renameSync(`${path}.new`, path);
}

function readJson(path: string): unknown {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		return undefined;
	}
}

/**
 * A port per name, the same as last time where it is still free: bookmarks, webhook addresses and the
 * credentials inside n8n hold these addresses.
 */
export async function choosePorts<Name extends string>(
	dataFolder: string,
	names: readonly Name[],
): Promise<Record<Name, number>> {
	const path = join(dataFolder, 'state.json');
	const known = portsSchema.safeParse(readJson(path)).data ?? {};
	const chosen: Record<string, number> = {};
	const taken = new Set<number>();
	for (const name of names) {
		const earlier = known[name];
		const isUsable = earlier !== undefined && !taken.has(earlier) && (await takePort(earlier));
		const port = isUsable ? earlier : await findFreePort(new Set([...taken, ...Object.values(known)]));
		chosen[name] = port;
		taken.add(port);
	}
	writePrivateFile(path, `${JSON.stringify({ ...known, ...chosen }, null, '\t')}\n`);
	return chosen;
}

function generateSecrets(): StackSecrets {
	// n8n asks for a digit and a capital letter; random characters alone would miss them now and then.
	const ownerPassword = `Sk1${randomBytes(12).toString('base64url')}`;
	return {
		postgresPassword: randomBytes(24).toString('hex'),
		n8nEncryptionKey: randomBytes(24).toString('base64url'),
		ownerPassword,
		ownerPasswordHash: hashSync(ownerPassword, PASSWORD_HASH_ROUNDS),
	};
}

/** Generated once per data folder: with another encryption key n8n could not read its credentials. */
export function loadSecrets(dataFolder: string, databaseFolder: string): StackSecrets {
	const path = join(dataFolder, 'secrets.json');
	const known = secretsSchema.safeParse(readJson(path));
	if (known.success) return known.data;
	if (existsSync(databaseFolder)) {
		throw new StackFailure(
			`${path} is missing or damaged, and without it the database in ${databaseFolder} cannot be opened; put the file back, or move both folders away to start empty`,
		);
	}
	const secrets = generateSecrets();
	writePrivateFile(path, `${JSON.stringify(secrets, null, '\t')}\n`);
	return secrets;
}
