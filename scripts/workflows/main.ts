// `npm run workflows:check` and `npm run workflows:normalize`.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { readBuiltIns } from './built-ins';
import { renderWorkflowsPage } from './diagram';
import { readManifest, type Manifest } from './manifest';
import { NodeCatalog } from './node-description';
import { normalizeWorkflow, serializeWorkflow } from './normalize';
import { readOurNodes } from './our-nodes';
import { describeProblem, validateWorkflows } from './validate';
import { parseWorkflow, workflowsFolder, WorkflowFileError, type Workflow } from './workflow-file';

const diagramFile = path.resolve(workflowsFolder, '../docs/workflows.md');

interface Loaded {
	readonly manifest: Manifest;
	readonly texts: ReadonlyMap<string, string>;
	readonly workflows: ReadonlyMap<string, Workflow>;
	readonly catalog: NodeCatalog;
}

async function load(): Promise<Loaded> {
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
function normalTexts({ manifest, workflows, catalog }: Loaded): Map<string, string> {
	const inputs = manifest.workflows.flatMap((entry) => {
		const workflow = workflows.get(entry.file);
		return workflow ? [{ entry, workflow: normalizeWorkflow(workflow, entry.slug) }] : [];
	});
	const texts = inputs.map(
		({ entry, workflow }) => [path.join(workflowsFolder, entry.file), serializeWorkflow(workflow)] as const,
	);
	return new Map([...texts, [diagramFile, renderWorkflowsPage(inputs, catalog)]]);
}

async function staleFiles(loaded: Loaded): Promise<Array<{ file: string; text: string }>> {
	const stale = [];
	for (const [file, text] of normalTexts(loaded)) {
		const current = await readFile(file, 'utf8').catch(() => '');
		if (current !== text) stale.push({ file, text });
	}
	return stale;
}

async function normalize(options: { check?: boolean }): Promise<number> {
	const stale = await staleFiles(await load());
	for (const { file, text } of stale) {
		if (!options.check) await writeFile(file, text);
		const shown = path.relative(process.cwd(), file);
		console.log(
			options.check ? `${shown}: not in normal form; run npm run workflows:normalize` : `wrote ${shown}`,
		);
	}
	return options.check && stale.length > 0 ? 1 : 0;
}

async function check(): Promise<number> {
	const loaded = await load();
	const problems = validateWorkflows(loaded).map(describeProblem);
	for (const problem of problems) console.error(problem);
	const form = await normalize({ check: true });
	if (problems.length > 0) console.error(`${problems.length} problems in workflows/`);
	else if (form === 0) console.log(`${loaded.workflows.size} workflows are valid and in normal form`);
	return problems.length > 0 ? 1 : form;
}

async function run(action: () => Promise<number>): Promise<void> {
	try {
		process.exitCode = await action();
	} catch (error) {
		if (!(error instanceof WorkflowFileError)) throw error;
		console.error(error.message);
		process.exitCode = 1;
	}
}

const program = new Command('workflows').description('Keeps workflows/*.json correct and in one form');
program
	.command('normalize')
	.description('write the normal form and docs/workflows.md')
	.option('--check', 'only say what is not in normal form')
	.action(async (options: { check?: boolean }) => await run(async () => await normalize(options)));
program
	.command('check')
	.description('validate every workflow and its form')
	.action(async () => await run(check));
void program.parseAsync();
