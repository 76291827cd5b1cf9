// What belongs to a workflow but not into its JSON: n8n's public API refuses unknown keys there.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { parseJson, workflowsFolder } from './workflow-file';

export const credentialNeedSchema = z.strictObject({
	type: z.string().min(1),
	name: z.string().min(1),
});

export type CredentialNeed = z.infer<typeof credentialNeedSchema>;

export const manifestEntrySchema = z.strictObject({
	slug: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower case, digits and dashes only'),
	file: z.string().regex(/^[a-z0-9-]+\.json$/),
	name: z.string().min(1),
	version: z.string().regex(/^\d+\.\d+\.\d+$/),
	summary: z.string().min(1),
	tags: z.array(z.string().min(1)),
	credentials: z.array(credentialNeedSchema),
	/** Slug of the workflow that is told about a failed run. Only that workflow itself has none. */
	errorWorkflow: z.string().optional(),
});

export type ManifestEntry = z.infer<typeof manifestEntrySchema>;

export const manifestSchema = z.strictObject({
	/** Together with the name this tag is how the import finds its own workflows again. */
	tag: z.string().min(1),
	minN8nVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
	workflows: z.array(manifestEntrySchema).min(1),
});

export type Manifest = z.infer<typeof manifestSchema>;

export async function readManifest(folder = workflowsFolder): Promise<Manifest> {
	const text = await readFile(path.join(folder, 'manifest.json'), 'utf8');
	return parseJson(text, 'manifest.json', manifestSchema);
}

/** Dependencies first, so that an id exists before somebody points at it. */
export function inImportOrder(manifest: Manifest): ManifestEntry[] {
	const targets = new Set(manifest.workflows.map((entry) => entry.errorWorkflow));
	const isTarget = (entry: ManifestEntry) => targets.has(entry.slug);
	return [...manifest.workflows.filter(isTarget), ...manifest.workflows.filter((entry) => !isTarget(entry))];
}
