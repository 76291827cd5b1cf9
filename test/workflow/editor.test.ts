// What a person sees: the workflows and every panel of ours in a real n8n, in a real browser.
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../../scripts/screenshots/browser';
import { byTestId, Editor } from '../../scripts/screenshots/editor';
import { N8nSession } from '../../scripts/stack/n8n/session';
import { readManifest } from '../../scripts/workflows/manifest';
import { isOurs, ourPackage } from '../../scripts/workflows/node-description';
import { readOurCredentials, readOurNodes } from '../../scripts/workflows/our-nodes';
import { readWorkflow, type Workflow, type WorkflowNode } from '../../scripts/workflows/workflow-file';
import { bootDeadlineMs, bootN8n, type TestStack } from '../support/n8n';
import { credentialDialogs, panelOf, panels, type CredentialDialog } from './panels';

let test: TestStack;
let browser: Browser;
let editor: Editor;
/** A page of its own: to load n8n's pages anew takes ten times as long as to open the next dialog. */
let credentials: Editor;

const dialogs = Object.entries<CredentialDialog>(credentialDialogs);

jest.setTimeout(240_000);

beforeAll(async () => {
	browser = await launchBrowser();
	test = await bootN8n();
	// All before the list of credentials is opened.
	for (const [type, { name, data }] of dialogs) if (data) await createCredential(type, name, data);
	editor = await Editor.open({ browser, n8n: test.stack.n8n });
	credentials = await Editor.open({ browser, n8n: test.stack.n8n });
}, bootDeadlineMs);

afterAll(async () => {
	await browser?.close();
	await test?.stop();
});

/** The first line of each label: below it stand buttons and hints. */
async function labelsIn(place: Locator): Promise<string[]> {
	const texts = await place.locator('label').allInnerTexts();
	return texts.map((text) => (text.split('\n')[0] ?? '').replace(/\s*\*?\s*$/, ''));
}

/** Of the picture that a person sees: n8n leaves a broken image in its place. */
async function iconWidth(place: Locator): Promise<number> {
	const image = place.locator('img').first();
	return await image.evaluate(async (element: { decode(): Promise<void>; naturalWidth: number }) => {
		await element.decode();
		return element.naturalWidth;
	});
}

async function selectedCredentials(panel: Locator): Promise<string[]> {
	const selects = await byTestId(panel, 'node-credentials-select').locator('input').all();
	return await Promise.all(selects.map((select) => select.inputValue()));
}

/** A bucket is a matter of choice: the workflows name none, and the panels are given the one of this test. */
function isBucket(name: string): boolean {
	return name === '' || name === credentialDialogs.stackKraftS3Api.name;
}

async function expectPanel(node: Pick<WorkflowNode, 'name' | 'type' | 'parameters'>): Promise<void> {
	const expected = panelOf(node.type.slice(ourPackage.length + 1), node.parameters);
	const panel = await editor.openNode(node.name);
	const seen = {
		node: node.name,
		title: (await byTestId(panel, 'node-title-container').innerText()).trim(),
		labels: await labelsIn(byTestId(panel, 'node-parameters')),
		credentials: (await selectedCredentials(panel)).filter((name) => !isBucket(name)),
		hasIcon: (await iconWidth(panel)) > 0 && (await iconWidth(editor.node(node.name))) > 0,
	};
	expect(seen).toEqual({
		node: node.name,
		title: node.name,
		labels: expect.arrayContaining([...expected.labels]),
		credentials: expected.credentials,
		hasIcon: true,
	});
	await editor.closeNode();
}

async function expectNoTrouble(on = editor): Promise<void> {
	// Taken out: each trouble is one test's.
	expect({ troubles: on.troubles.splice(0), toasts: await on.toasts() }).toEqual({
		troubles: [],
		toasts: [],
	});
}

async function withWorkflow(nodes: WorkflowNode[], look: (id: string) => Promise<void>): Promise<void> {
	const workflow: Workflow = { name: 'Made by a test', nodes, connections: {}, settings: {} };
	const { id } = await test.api.createWorkflow(workflow);
	await look(id);
}

const slugs = ['content-extraction', 'dead-letters', 'dispatcher', 'errors', 'hourly-analytics', 'publisher'];

describe.each(slugs)('the workflow %s', (slug) => {
	it('opens without an unknown node, a missing credential or an issue, and each node of ours shows its fields', async () => {
		const entry = (await readManifest()).workflows.find((candidate) => candidate.slug === slug)!;
		const { nodes } = await readWorkflow(entry.file);
		const [held] = await test.api.listWorkflows(entry.name);
		const drawn = nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
		await editor.openWorkflow(held!.id, drawn.length);
		for (const node of drawn.filter(({ type }) => isOurs(type))) await expectPanel(node);
		// Only now: a sign that comes late has had its time.
		expect(await editor.unwellNodes()).toEqual([]);
		await expectNoTrouble();
	});
});

it('has looked at every workflow of the manifest', async () => {
	expect((await readManifest()).workflows.map(({ slug }) => slug).sort()).toEqual(slugs);
});

it('shows the main fields and the chosen credentials of every operation of every node', async () => {
	const held = (await test.api.listCredentials()) ?? [];
	const credentialsOf = new Map<string, WorkflowNode['credentials']>();
	for (const description of await readOurNodes()) {
		const ours = held.filter(({ type }) => description.credentials?.some(({ name }) => name === type));
		credentialsOf.set(
			description.type,
			Object.fromEntries(ours.map(({ id, name, type }) => [type, { id, name }])),
		);
	}
	const nodes = panels.map(({ node, when }, index): WorkflowNode => {
		const type = `${ourPackage}.${node}`;
		return {
			id: `panel-${index}`,
			name: [node, ...Object.values(when)].join(' '),
			type,
			typeVersion: 1,
			position: [(index % 8) * 260, Math.floor(index / 8) * 220],
			parameters: { ...when },
			credentials: credentialsOf.get(type) ?? {},
		};
	});
	await withWorkflow(nodes, async (id) => {
		await editor.openWorkflow(id, nodes.length);
		for (const node of nodes) await expectPanel(node);
		await expectNoTrouble();
	});
});

it('knows what every operation should show', async () => {
	const operations = (await readOurNodes()).flatMap(({ type, properties }) => {
		const fields = properties.filter(({ name }) => name === 'operation');
		const names = fields.flatMap(({ displayOptions, options }) =>
			(options ?? []).map((option) => [
				...(displayOptions?.show?.['resource'] ?? []),
				'value' in option ? option.value : '',
			]),
		);
		return (names.length > 0 ? names : [[]]).map((parts) => [type, ...parts].join(' '));
	});
	const expected = panels.map(({ node, when }) =>
		[`${ourPackage}.${node}`, when['resource'], when['operation']].filter(Boolean).join(' '),
	);
	expect([...new Set(expected)].sort()).toEqual(operations.sort());
});

describe.each(dialogs)('the credential dialog of %s', (_type, dialog) => {
	it('opens and shows its fields and that it works', async () => {
		const opened = await credentials.openCredential(dialog.name);
		expect(await labelsIn(opened)).toEqual(expect.arrayContaining([...dialog.labels]));
		expect(await iconWidth(opened)).toBeGreaterThan(0);
		if (dialog.verdict !== undefined) {
			await opened.getByText(dialog.verdict).waitFor();
		}
		await expectNoTrouble(credentials);
		await credentials.closeCredential();
	});
});

it('has looked at the dialog of every credential type', async () => {
	const types = (await readOurCredentials()).map(({ name }) => name);
	expect(Object.keys(credentialDialogs).sort()).toEqual(types.sort());
});

async function createCredential(type: string, name: string, data: object): Promise<void> {
	const { url: baseUrl, ownerEmail: email, ownerPassword: password } = test.stack.n8n;
	const session = await N8nSession.open({ baseUrl, email, password });
	expect((await session.send('POST', '/rest/credentials', { name, type, data })).status).toBe(200);
}

it('would notice an unknown node, a missing credential and an empty required field', async () => {
	const node = (name: string, type: string, parameters: WorkflowNode['parameters']): WorkflowNode => ({
		id: name,
		name,
		type: `${ourPackage}.${type}`,
		typeVersion: 1,
		position: [name.length * 60, 0],
		parameters,
	});
	const nodes = [
		node('Unknown', 'noSuchNode', {}),
		node('No Login', 'postQueue', { resource: 'post', operation: 'get', postId: 'x' }),
		node('Nothing Typed', 'clipExtractor', { resource: 'clip', operation: 'extract' }),
	];
	await withWorkflow(nodes, async (id) => {
		await editor.openWorkflow(id, nodes.length);
		await byTestId(editor.page, 'node-issues').nth(1).waitFor();
		expect(await editor.unwellNodes()).toEqual([
			'No Login: has an issue',
			'Nothing Typed: has an issue',
			'Unknown: is not installed',
		]);
	});
});
