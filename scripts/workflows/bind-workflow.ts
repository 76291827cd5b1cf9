// From a committed file to the body for one instance: names become that instance's ids.
import type { CredentialNeed, Manifest } from './manifest';
import type { RemoteCredential } from './n8n-api';
import type { Workflow, WorkflowNode } from './workflow-file';

/** Name in the manifest → id or name of a credential in this instance. */
export type CredentialMap = Readonly<Record<string, string>>;

/** What a person has to do before the import can go on. */
export class ImportError extends Error {
	override readonly name = 'ImportError';
}

/** Key of a need in the map of bound credentials. */
export function needKey({ type, name }: CredentialNeed): string {
	return `${type}/${name}`;
}

export function bindCredentials(
	manifest: Manifest,
	available: readonly RemoteCredential[] | undefined,
	wanted: CredentialMap,
): Map<string, { id: string; name: string }> {
	const needs = new Map(
		manifest.workflows.flatMap((entry) => entry.credentials.map((need) => [needKey(need), need] as const)),
	);
	const bound = new Map<string, { id: string; name: string }>();
	const complaints: string[] = [];
	for (const [key, need] of needs) {
		const found = findCredential(need, available, wanted[need.name]);
		if (typeof found === 'string') complaints.push(found);
		else bound.set(key, found);
	}
	if (complaints.length > 0) throw new ImportError(complaints.join('\n'));
	return bound;
}

function findCredential(
	need: CredentialNeed,
	available: readonly RemoteCredential[] | undefined,
	wanted: string | undefined,
): { id: string; name: string } | string {
	if (!available) {
		if (wanted !== undefined) return { id: wanted, name: need.name };
		return `This n8n does not list its credentials to this API key: give the id of “${need.name}” (type ${need.type}) with --credentials.`;
	}
	const ofType = available.filter((credential) => credential.type === need.type);
	const label = wanted ?? need.name;
	const byId = ofType.find((credential) => credential.id === wanted);
	const matches = byId ? [byId] : ofType.filter((credential) => credential.name === label);
	const [match] = matches;
	if (match && matches.length === 1) return { id: match.id, name: match.name };
	if (match) {
		return `There are ${matches.length} credentials named “${label}” of type ${need.type}: say which one by its id with --credentials.`;
	}
	const others = ofType.map((credential) => `“${credential.name}”`).join(', ');
	const offer = others ? ` Or point to one of these with --credentials: ${others}.` : '';
	return `There is no credential “${label}” of type ${need.type}: create it in n8n under Credentials.${offer}`;
}

export interface Binding {
	readonly credentials: ReadonlyMap<string, { id: string; name: string }>;
	/** Slug → workflow id in this instance. */
	readonly workflowIds: ReadonlyMap<string, string>;
}

export function bindWorkflow(workflow: Workflow, binding: Binding): Workflow {
	const settings = { ...workflow.settings };
	if (settings.errorWorkflow !== undefined) {
		settings.errorWorkflow = workflowIdOf(settings.errorWorkflow, binding);
	}
	return { ...workflow, settings, nodes: workflow.nodes.map((node) => bindNode(node, binding)) };
}

function bindNode(node: WorkflowNode, binding: Binding): WorkflowNode {
	const bound = { ...node, parameters: bindSubWorkflow(node, binding) };
	if (!node.credentials) return bound;
	const entries = Object.entries(node.credentials).map(([type, { name }]) => {
		const credential = binding.credentials.get(needKey({ type, name }));
		if (!credential)
			throw new ImportError(`Node “${node.name}”: manifest.json does not list “${name}” (${type}).`);
		return [type, credential] as const;
	});
	return { ...bound, credentials: Object.fromEntries(entries) };
}

/** A file names a sub-workflow by its slug, in the place where n8n keeps the id. */
function bindSubWorkflow(node: WorkflowNode, binding: Binding): WorkflowNode['parameters'] {
	const target = node.parameters['workflowId'];
	if (node.type !== 'n8n-nodes-base.executeWorkflow' || typeof target !== 'object' || target === null) {
		return node.parameters;
	}
	const slug = 'value' in target ? String(target.value) : '';
	return { ...node.parameters, workflowId: { ...target, value: workflowIdOf(slug, binding) } };
}

function workflowIdOf(slug: string, binding: Binding): string {
	const id = binding.workflowIds.get(slug);
	if (id === undefined) throw new ImportError(`Workflow “${slug}” is pointed to before it exists in n8n.`);
	return id;
}
