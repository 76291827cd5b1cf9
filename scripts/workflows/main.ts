// `npm run workflows:check` and `npm run workflows:normalize`.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { builtInsFile, extractBuiltIns } from './built-ins';
import { loadWorkflows, staleFiles } from './load';
import { describeProblem, validateWorkflows } from './validate';
import { WorkflowFileError } from './workflow-file';

async function normalize(options: { check?: boolean }): Promise<number> {
	const stale = await staleFiles(await loadWorkflows());
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
	const loaded = await loadWorkflows();
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
program
	.command('built-ins <nodes.json>')
	.description('take the allowed built-in nodes anew from n8n-nodes-base/dist/types/nodes.json')
	.action(async (nodesFile: string) => {
		const extract = extractBuiltIns(JSON.parse(await readFile(nodesFile, 'utf8')));
		await writeFile(builtInsFile, `${JSON.stringify(extract, null, '\t')}\n`);
	});
void program.parseAsync();
