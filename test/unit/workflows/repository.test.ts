import { allowedBuiltIns } from '../../../scripts/workflows/built-ins';
import { loadWorkflows, staleFiles, type LoadedWorkflows } from '../../../scripts/workflows/load';
import { readOurCredentials } from '../../../scripts/workflows/our-nodes';
import { describeProblem, validateWorkflows } from '../../../scripts/workflows/validate';

let loaded: LoadedWorkflows;

beforeAll(async () => {
	loaded = await loadWorkflows();
});

it('has only workflows of which every node, parameter, option and connection exists', () => {
	expect(validateWorkflows(loaded).map(describeProblem)).toEqual([]);
});

it('keeps every workflow and its diagram in normal form', async () => {
	expect((await staleFiles(loaded)).map(({ file }) => file)).toEqual([]);
});

it('asks for credentials of ours only, so that the stack can fill them', async () => {
	const known = new Set((await readOurCredentials()).map(({ name }) => name));
	const asked = loaded.manifest.workflows.flatMap(({ credentials }) => credentials);
	expect(asked.filter(({ type }) => !known.has(type))).toEqual([]);
});

it('holds an extract of exactly the built-in nodes that are allowed', () => {
	const ofBuiltIns = loaded.catalog.types().filter((type) => type.startsWith('n8n-nodes-base.'));
	expect(ofBuiltIns.sort()).toEqual(
		Object.keys(allowedBuiltIns)
			.map((name) => `n8n-nodes-base.${name}`)
			.sort(),
	);
});

it('allows none of the nodes that n8n 3.0 removes, and none that runs commands or code', () => {
	const refused = [
		'cron',
		'interval',
		'function',
		'functionItem',
		'itemLists',
		'readBinaryFile',
		'readBinaryFiles',
		'writeBinaryFile',
		'workflowTrigger',
		'moveBinaryData',
		'spreadsheetFile',
		'htmlExtract',
		'executeCommand',
		'code',
	];
	expect(refused.filter((name) => name in allowedBuiltIns)).toEqual([]);
});

it('runs at most once what is ticked twice: no workflow begins with two triggers', () => {
	const triggers = [...loaded.workflows].map(([file, { nodes }]) => ({
		file,
		count: nodes.filter(({ type, typeVersion }) =>
			loaded.catalog.find(type, typeVersion)?.group.includes('trigger'),
		).length,
	}));
	expect(triggers.filter(({ count }) => count !== 1)).toEqual([]);
});
