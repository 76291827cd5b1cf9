// The gate of style 3.9: whatever n8n would accept in silence and do wrong is named here, with file, node
// and parameter.
import { checkGraph } from './check-graph';
import { checkLayout } from './check-layout';
import { checkParameters, credentialsShown } from './check-parameters';
import { checkTexts } from './check-texts';
import type { Manifest, ManifestEntry } from './manifest';
import type { NodeCatalog } from './node-description';
import type { Workflow, WorkflowNode } from './workflow-file';

export interface Problem {
	readonly file: string;
	readonly node?: string;
	readonly parameter?: string;
	readonly message: string;
}

export interface ValidationInput {
	readonly manifest: Manifest;
	readonly workflows: ReadonlyMap<string, Workflow>;
	readonly catalog: NodeCatalog;
}

export function describeProblem({ file, node, parameter, message }: Problem): string {
	const place = [file, node && `node "${node}"`, parameter && `parameter "${parameter}"`].filter(Boolean);
	return `${place.join(', ')}: ${message}`;
}

export function validateWorkflows({ manifest, workflows, catalog }: ValidationInput): Problem[] {
	const listed = new Set(manifest.workflows.map((entry) => entry.file));
	const unlisted = [...workflows.keys()]
		.filter((file) => !listed.has(file))
		.map((file) => ({ file, message: 'is not listed in manifest.json' }));
	const perEntry = manifest.workflows.flatMap((entry) => {
		const workflow = workflows.get(entry.file);
		if (!workflow) return [{ file: entry.file, message: 'is listed in manifest.json but does not exist' }];
		return validateWorkflow(workflow, entry, catalog);
	});
	return [...unlisted, ...checkManifest(manifest), ...perEntry];
}

export function validateWorkflow(workflow: Workflow, entry: ManifestEntry, catalog: NodeCatalog): Problem[] {
	const nodeNames = new Set(workflow.nodes.map((node) => node.name));
	const whole = [
		...checkGraph(workflow, catalog),
		...checkLayout(workflow),
		...checkSettings(workflow, entry),
		...checkCredentialList(workflow, entry),
	];
	const nodes = workflow.nodes.flatMap((node) =>
		validateNode(node, catalog, nodeNames).map((problem) => ({ node: node.name, ...problem })),
	);
	return [...whole, ...nodes].map((problem) => ({ file: entry.file, ...problem }));
}

function validateNode(
	node: WorkflowNode,
	catalog: NodeCatalog,
	nodeNames: ReadonlySet<string>,
): Array<Omit<Problem, 'file' | 'node'>> {
	const description = catalog.find(node.type, node.typeVersion);
	if (!description) {
		const known = catalog.versionsOf(node.type);
		const message = catalog.has(node.type)
			? `type version ${node.typeVersion} is not allowed (allowed: ${known.join(', ')})`
			: `type "${node.type}" is neither ours nor on the list of allowed built-in nodes`;
		return [{ message }];
	}
	const once =
		node.type === 'n8n-nodes-base.executeWorkflow' && node.parameters['mode'] === 'each'
			? [{ parameter: 'mode', message: 'n8n 3.0 runs sub-workflows with all items only' }]
			: [];
	return [
		...checkParameters(node, description),
		...checkTexts(node, nodeNames),
		...checkNodeCredentials(node, credentialsShown(node, description)),
		...once,
	];
}

function checkNodeCredentials(
	node: WorkflowNode,
	allowed: ReadonlyArray<{ name: string; isRequired: boolean }>,
): Array<Omit<Problem, 'file' | 'node'>> {
	const used = Object.entries(node.credentials ?? {});
	const unknown = used
		.filter(([type]) => !allowed.some((credential) => credential.name === type))
		.map(([type]) => ({ message: `the node takes no credential of this type here: "${type}"` }));
	const withId = used
		.filter(([, reference]) => reference.id !== undefined)
		.map(([type]) => ({ message: `credential "${type}" carries an id of some instance` }));
	const absent = allowed
		.filter(({ name, isRequired }) => isRequired && node.credentials?.[name] === undefined)
		.map(({ name }) => ({ message: `needs a credential of type "${name}"` }));
	return [...unknown, ...withId, ...absent];
}

function checkSettings(workflow: Workflow, entry: ManifestEntry): Array<Omit<Problem, 'file'>> {
	const { executionOrder, timezone, errorWorkflow } = workflow.settings;
	return [
		...(executionOrder === 'v1' ? [] : [{ message: 'settings.executionOrder must be "v1"' }]),
		...(timezone ? [] : [{ message: 'settings.timezone must be set' }]),
		...(errorWorkflow === entry.errorWorkflow
			? []
			: [{ message: `settings.errorWorkflow must be "${entry.errorWorkflow ?? ''}", as in manifest.json` }]),
		...(workflow.name === entry.name
			? []
			: [{ message: `its name is not "${entry.name}", as in manifest.json` }]),
	];
}

function checkCredentialList(workflow: Workflow, entry: ManifestEntry): Array<Omit<Problem, 'file'>> {
	const used = new Set(
		workflow.nodes.flatMap((node) =>
			Object.entries(node.credentials ?? {}).map(([type, reference]) => `${type} "${reference.name}"`),
		),
	);
	const listed = new Set(entry.credentials.map(({ type, name }) => `${type} "${name}"`));
	return [
		...[...used]
			.filter((need) => !listed.has(need))
			.map((need) => ({ message: `manifest.json does not list ${need}` })),
		...[...listed]
			.filter((need) => !used.has(need))
			.map((need) => ({ message: `no node uses ${need} of manifest.json` })),
	];
}

function checkManifest(manifest: Manifest): Problem[] {
	const file = 'manifest.json';
	const slugs = manifest.workflows.map((entry) => entry.slug);
	const names = manifest.workflows.map((entry) => entry.name);
	const twice = [...slugs, ...names].filter(
		(value) =>
			slugs.indexOf(value) !== slugs.lastIndexOf(value) || names.indexOf(value) !== names.lastIndexOf(value),
	);
	const handlers = new Set(manifest.workflows.flatMap((entry) => entry.errorWorkflow ?? []));
	return [
		...[...new Set(twice)].map((value) => ({ file, message: `"${value}" stands twice` })),
		...[...handlers]
			.filter((slug) => !slugs.includes(slug))
			.map((slug) => ({ file, message: `there is no error workflow "${slug}"` })),
		...manifest.workflows
			.filter((entry) => entry.errorWorkflow === undefined && !handlers.has(entry.slug))
			.map((entry) => ({ file, message: `"${entry.slug}" has no error workflow` })),
		...manifest.workflows
			.filter((entry) => !entry.tags.includes(manifest.tag))
			.map((entry) => ({ file, message: `"${entry.slug}" lacks the tag "${manifest.tag}"` })),
	];
}
