import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importWorkflows, type ImportOptions } from '../../scripts/workflows/import-workflows';
import { readManifest, type Manifest } from '../../scripts/workflows/manifest';
import type { RemoteWorkflow } from '../../scripts/workflows/n8n-api';
import { workflowsFolder } from '../../scripts/workflows/workflow-file';
import { bootDeadlineMs, bootN8n, type TestStack } from '../support/n8n';

let test: TestStack;
let manifest: Manifest;
let copyFolder: string;

beforeAll(async () => {
	manifest = await readManifest();
	copyFolder = await mkdtemp(path.join(tmpdir(), 'stackkraft-import-'));
	test = await bootN8n();
}, bootDeadlineMs);

afterAll(async () => {
	await test?.stop();
	await rm(copyFolder, { recursive: true, force: true });
});

/** Every test begins with what this repository holds, whatever an earlier one did. */
beforeEach(async () => {
	await rm(copyFolder, { recursive: true, force: true });
	await cp(workflowsFolder, copyFolder, { recursive: true });
	await runImport();
});

async function runImport(options: Partial<ImportOptions> = {}): ReturnType<typeof importWorkflows> {
	const { url, apiKey } = test.stack.n8n;
	return await importWorkflows({ n8nUrl: url, apiKey, ...options });
}

async function held(name: string): Promise<RemoteWorkflow> {
	const found = await test.api.listWorkflows(name);
	expect(found).toHaveLength(1);
	return await test.api.getWorkflow(found[0]!.id);
}

async function allVersions(): Promise<Array<string | null | undefined>> {
	const workflows = await Promise.all(manifest.workflows.map(({ name }) => held(name)));
	return workflows.flatMap(({ id, versionId, activeVersionId }) => [id, versionId, activeVersionId]);
}

async function editDispatcher(from: string, to: string): Promise<void> {
	const file = path.join(copyFolder, 'dispatcher.json');
	const text = await readFile(file, 'utf8');
	expect(text).toContain(from);
	await writeFile(file, text.replace(from, to));
}

const names = () => manifest.workflows.map(({ name }) => name).sort();
const nameOf = (slug: string) => manifest.workflows.find((entry) => entry.slug === slug)!.name;

it('leaves every workflow active in its newest version, tagged, and with the error workflow of this instance', async () => {
	const errors = await held(nameOf('errors'));
	for (const { name, errorWorkflow } of manifest.workflows) {
		const workflow = await held(name);
		expect(workflow).toMatchObject({ active: true, activeVersionId: workflow.versionId });
		expect(workflow.tags?.map((tag) => tag.name)).toContain(manifest.tag);
		expect(workflow.settings?.['errorWorkflow']).toBe(errorWorkflow ? errors.id : undefined);
	}
});

it('changes nothing when it is done a second time', async () => {
	const before = await allVersions();
	const { unchanged, ...changed } = await runImport();
	expect([...unchanged].sort()).toEqual(names());
	expect(changed).toEqual({ created: [], updated: [], activated: [] });
	expect(await allVersions()).toEqual(before);
});

it('updates only the workflow that was edited, and that one goes live', async () => {
	await editDispatcher('"lookSec": 1', '"lookSec": 2');
	const report = await runImport({ folder: copyFolder });
	expect(report.updated).toEqual([nameOf('dispatcher')]);
	expect(report.created).toEqual([]);
	expect(report.unchanged).toHaveLength(names().length - 1);
	const { active, activeVersion } = await held(nameOf('dispatcher'));
	expect(active).toBe(true);
	expect(JSON.stringify(activeVersion?.nodes)).toContain('"lookSec":2');
});

it('puts back what was changed in n8n', async () => {
	await editDispatcher('"lookSec": 1', '"lookSec": 3');
	await runImport({ folder: copyFolder });
	const report = await runImport();
	expect(report.updated).toEqual([nameOf('dispatcher')]);
	expect(JSON.stringify((await held(nameOf('dispatcher'))).nodes)).toContain('"lookSec":1');
});

it('says in a dry run what would change, node and parameter named, and changes nothing', async () => {
	await editDispatcher('"lookSec": 1', '"lookSec": 2');
	const before = await allVersions();
	const lines: string[] = [];
	const report = await runImport({ folder: copyFolder, isDryRun: true, log: (line) => lines.push(line) });
	expect(report.updated).toEqual([nameOf('dispatcher')]);
	expect(lines.join('\n')).toMatch(/node ".+"\.parameters\.options\.lookSec: 1 → 2/);
	expect(await allVersions()).toEqual(before);
});

it('finds its own again when an earlier import died before it could tag', async () => {
	const { id } = await held(nameOf('dispatcher'));
	await test.api.setTags(id, []);
	const report = await runImport();
	expect(report.created).toEqual([]);
	const workflow = await held(nameOf('dispatcher'));
	expect(workflow.id).toBe(id);
	expect(workflow.tags?.map((tag) => tag.name)).toEqual([manifest.tag]);
});

it('keeps a tag that a person added', async () => {
	const { id, tags } = await held(nameOf('dispatcher'));
	const own =
		(await test.api.listTags()).find((tag) => tag.name === 'mine') ?? (await test.api.createTag('mine'));
	await test.api.setTags(id, [own.id]);
	await runImport();
	const after = await held(nameOf('dispatcher'));
	expect(after.tags?.map((tag) => tag.name).sort()).toEqual(
		[...new Set([...(tags ?? []).map((tag) => tag.name), 'mine'])].sort(),
	);
});

it('names every missing credential in one go and touches nothing', async () => {
	const before = await allVersions();
	const credentials = { 'StackKraft PostgreSQL': 'Not There', 'StackKraft NATS': 'Nor This' };
	await expect(runImport({ credentials })).rejects.toThrow(
		/no credential “Not There” of type stackKraftPostgresApi[^]*no credential “Nor This” of type stackKraftNatsApi/,
	);
	expect(await allVersions()).toEqual(before);
});

it('refuses a wrong API key in one sentence', async () => {
	await expect(runImport({ apiKey: 'wrong' })).rejects.toThrow(/^n8n refused the API key/);
});
