// The allow-list of n8n's own nodes, as a committed extract of their parameter names and option values: the
// validator must work where no n8n is installed. A node that n8n 3.0 removes must never get onto this list.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { nodeDescriptionSchema, type NodeDescription } from './node-description';

/** Name → versions that our workflows may use; they exist from n8n 1.x to 2.x. */
export const allowedBuiltIns: Readonly<Record<string, readonly number[]>> = {
	errorTrigger: [1],
	executeWorkflow: [1.2],
	filter: [2.2],
	httpRequest: [4.2],
	if: [2.2],
	noOp: [1],
	respondToWebhook: [1.1],
	scheduleTrigger: [1.2],
	set: [3.4],
	splitInBatches: [3],
	stickyNote: [1],
	stopAndError: [1],
	switch: [3.2],
	webhook: [2],
};

export const builtInsFile = path.join(__dirname, 'built-in-nodes.json');

export async function readBuiltIns(): Promise<NodeDescription[]> {
	const value: unknown = JSON.parse(await readFile(builtInsFile, 'utf8'));
	return z.array(nodeDescriptionSchema).parse(value);
}

const rawNodeSchema = z.looseObject({
	name: z.string(),
	displayName: z.string(),
	version: z.union([z.number(), z.array(z.number())]),
	group: z.array(z.string()),
	inputs: z.union([z.array(z.unknown()), z.string()]),
	outputs: z.union([z.array(z.unknown()), z.string()]),
	credentials: z.array(z.looseObject({ name: z.string() })).optional(),
	properties: z.array(z.unknown()),
});

/** Cuts what we need out of n8n-nodes-base's `dist/types/nodes.json`. */
export function extractBuiltIns(nodesJson: unknown): NodeDescription[] {
	return z
		.array(rawNodeSchema)
		.parse(nodesJson)
		.flatMap((raw) => {
			const known = [raw.version].flat();
			const versions = (allowedBuiltIns[raw.name] ?? []).filter((version) => known.includes(version));
			if (versions.length === 0) return [];
			return nodeDescriptionSchema.parse({
				type: `n8n-nodes-base.${raw.name}`,
				displayName: raw.displayName,
				// An expression there is n8n's code; node-outputs.ts has our own reading of it.
				versions,
				group: raw.group,
				inputs: Array.isArray(raw.inputs) ? raw.inputs : 'dynamic',
				outputs: Array.isArray(raw.outputs) ? raw.outputs : 'dynamic',
				...(raw.credentials ? { credentials: raw.credentials.map(({ name }) => ({ name })) } : {}),
				properties: slim(raw.properties),
			});
		})
		.sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** The facts that a workflow can get wrong; labels and texts for people stay with n8n. */
const factKeys = new Set([
	'name',
	'type',
	'default',
	'required',
	'value',
	'options',
	'values',
	'modes',
	'typeOptions',
	'multipleValues',
	'displayOptions',
]);
const opaqueKeys = new Set(['displayOptions', 'default']);

function slim(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(slim);
	if (typeof value !== 'object' || value === null) return value;
	const kept = Object.entries(value)
		.filter(([key]) => factKeys.has(key))
		.map(([key, inner]) => [key, opaqueKeys.has(key) ? inner : slim(inner)] as const)
		.filter(([, inner]) => JSON.stringify(inner) !== '{}');
	return Object.fromEntries(kept);
}
