// The workflows of this repository with all that is needed to judge them.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readBuiltIns } from './built-ins';
import { renderWorkflowsPage } from './diagram';
import { readManifest, type Manifest } from './manifest';
import { NodeCatalog } from './node-description';
import { normalizeWorkflow, serializeWorkflow } from './normalize';
import { readOurNodes } from './our-nodes';
import { parseWorkflow, workflowsFolder, type Workflow } from './workflow-file';

const diagramFile = path.resolve(workflowsFolder, '../docs/workflows.md');

export interface LoadedWorkflows {
	readonly manifest: Manifest;
	readonly texts: ReadonlyMap<string, string>;
	readonly workflows: ReadonlyMap<string, Workflow>;
	readonly catalog: NodeCatalog;
}

export async function loadWorkflows(): Promise<LoadedWorkflows> {
	const manifest = await readManifest();
	const catalog = new NodeCatalog([...(await readBuiltIns()), ...(await readOurNodes())]);
	const files = (await readdir(workflowsFolder)).filter(
		(file) => file.endsWith('.json') && file !== 'manifest.json',
	);
	const texts = new Map<string, string>();
	const workflows = new Map<string, Workflow>();
	for (const file of files.sort()) {
		const text = await readFile(path.join(workflowsFolder, file), 'utf8');
		texts.set(file, text);
		workflows.set(file, parseWorkflow(text, file));
	}
	return { manifest, texts, workflows, catalog };
}

/** File path → the text that it should have. */
function normalTexts({ manifest, workflows, catalog }: LoadedWorkflows): Map<string, string> {
	const inputs = manifest.workflows.flatMap((entry) => {
		const workflow = workflows.get(entry.file);
		return workflow ? [{ entry, workflow: normalizeWorkflow(workflow, entry.slug) }] : [];
	});
	const texts = inputs.map(
		({ entry, workflow }) => [path.join(workflowsFolder, entry.file), serializeWorkflow(workflow)] as const,
	);
	return new Map([...texts, [diagramFile, renderWorkflowsPage(inputs, catalog)]]);
}

/** Files that are not as the normal form would write them, with the text that they should have. */
export async function staleFiles(loaded: LoadedWorkflows): Promise<Array<{ file: string; text: string }>> {
	const stale = [];
	for (const [file, text] of normalTexts(loaded)) {
		const current = await readFile(file, 'utf8').catch(() => '');
		if (current !== text) stale.push({ file, text });
	}
	return stale;
}
