// Our own descriptions straight from the node classes: what the validator reads is what the editor shows.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { INodeProperties } from 'n8n-workflow';
import { nodeDescriptionSchema, ourPackage, type NodeDescription } from './node-description';

const root = path.resolve(__dirname, '../..');

const nodeClassSchema = z.custom<new () => { description: unknown }>((value) => typeof value === 'function');
const rawSchema = z.looseObject({
	name: z.string(),
	displayName: z.string(),
	version: z.union([z.number(), z.array(z.number())]),
});

export async function readOurNodes(): Promise<NodeDescription[]> {
	const files = await sourceFiles('nodes', '.node.ts');
	return files.map((file) => {
		const raw = rawSchema.parse(instantiate(file).description);
		return nodeDescriptionSchema.parse({
			...raw,
			type: `${ourPackage}.${raw.name}`,
			versions: [raw.version].flat(),
		});
	});
}

export interface OurCredential {
	readonly name: string;
	readonly displayName: string;
	readonly properties: readonly INodeProperties[];
}

const credentialSchema = z.looseObject({
	name: z.string(),
	displayName: z.string(),
	properties: z.custom<INodeProperties[]>((value) => Array.isArray(value)),
});

export async function readOurCredentials(): Promise<OurCredential[]> {
	const files = await sourceFiles('credentials', '.credentials.ts');
	return files.map((file) => credentialSchema.parse(instantiate(file)));
}

/** Paths below the repository's root, sorted, with forward slashes. */
export async function sourceFiles(folder: 'nodes' | 'credentials', ending: string): Promise<string[]> {
	const entries = await readdir(path.join(root, folder), { recursive: true }).catch(() => []);
	return entries
		.filter((entry) => entry.endsWith(ending))
		.map((entry) => path.posix.join(folder, entry.split(path.sep).join('/')))
		.sort();
}

/** n8n's rule: the class is named like the file, up to the first dot. */
export function classNameOf(file: string): string {
	return path.basename(file).replace(/\..*$/, '');
}

function instantiate(file: string): { description: unknown } {
	// A plain require keeps the .ts mapping of whoever runs us (tsx, ts-jest); import() under jest does not.
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const loaded: unknown = require(path.join(root, file));
	const NodeClass = z.record(z.string(), z.unknown()).parse(loaded)[classNameOf(file)];
	const Checked = nodeClassSchema.parse(NodeClass, {
		error: () => `${file} exports no ${classNameOf(file)}`,
	});
	return new Checked();
}
