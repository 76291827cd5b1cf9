// The normal form: one workflow, one text. Without it every export from the editor is a diff of hundreds
// of lines in which a changed parameter cannot be seen.
import { nodeId } from './node-id';
import type { Workflow, WorkflowConnection, WorkflowNode } from './workflow-file';

const gridPx = 20;
const nodeKeys = [
	'id',
	'name',
	'type',
	'typeVersion',
	'position',
	'disabled',
	'parameters',
	'credentials',
	'onError',
	'retryOnFail',
	'maxTries',
	'waitBetweenTries',
	'executeOnce',
	'alwaysOutputData',
	'webhookId',
	'notes',
	'notesInFlow',
] as const satisfies ReadonlyArray<keyof WorkflowNode>;

/** Read first in a node's panel, so read first in the file. */
const leadingParameters = ['resource', 'operation', 'mode'];

export function normalizeWorkflow(workflow: Workflow, slug: string): Workflow {
	const nodes = workflow.nodes.map((node) => normalizeNode(node, slug)).sort(byPlace);
	return {
		name: workflow.name,
		nodes,
		connections: normalizeConnections(workflow.connections, nodes),
		settings: sortKeys(workflow.settings) as Workflow['settings'],
	};
}

/** The text that is committed: two spaces, LF, newline at the end. */
export function serializeWorkflow(workflow: Workflow): string {
	return `${JSON.stringify(workflow, null, 2)}\n`;
}

function normalizeNode(node: WorkflowNode, slug: string): WorkflowNode {
	const full: WorkflowNode = {
		...node,
		id: nodeId(slug, node.name),
		position: [snap(node.position[0]), snap(node.position[1])],
		parameters: sortKeys(node.parameters) as WorkflowNode['parameters'],
	};
	if (node.credentials !== undefined) full.credentials = withoutIds(node.credentials);
	const ordered = nodeKeys.flatMap((key) =>
		full[key] === undefined || isDefault(key, full[key]) ? [] : [[key, full[key]]],
	);
	return Object.fromEntries(ordered) as WorkflowNode;
}

/** What the editor writes out although it means "as always". */
function isDefault(key: keyof WorkflowNode, value: unknown): boolean {
	if (key === 'onError') return value === 'stopWorkflow';
	if (key === 'credentials') return Object.keys(value as object).length === 0;
	return value === false && key !== 'parameters';
}

function withoutIds(credentials: NonNullable<WorkflowNode['credentials']>): WorkflowNode['credentials'] {
	const names = Object.entries(credentials)
		.sort(([a], [b]) => compareText(a, b))
		.map(([type, reference]) => [type, { name: reference.name }]);
	return Object.fromEntries(names) as WorkflowNode['credentials'];
}

function normalizeConnections(
	connections: Workflow['connections'],
	nodes: readonly WorkflowNode[],
): Workflow['connections'] {
	const rank = new Map(nodes.map((node, index) => [node.name, index]));
	const sources = Object.entries(connections)
		.map(([source, byType]) => [source, normalizeOutputs(byType)] as const)
		.filter(([, byType]) => Object.keys(byType).length > 0)
		.sort(([a], [b]) => (rank.get(a) ?? nodes.length) - (rank.get(b) ?? nodes.length) || compareText(a, b));
	return Object.fromEntries(sources);
}

function normalizeOutputs(
	byType: Record<string, Array<WorkflowConnection[] | null>>,
): Record<string, WorkflowConnection[][]> {
	const types = Object.entries(byType)
		.sort(([a], [b]) => compareText(a, b))
		.map(([type, outputs]) => [type, trimEnd(outputs.map((targets) => [...(targets ?? [])].sort(byTarget)))])
		.filter(([, outputs]) => outputs !== undefined && outputs.length > 0);
	return Object.fromEntries(types) as Record<string, WorkflowConnection[][]>;
}

function trimEnd(outputs: WorkflowConnection[][]): WorkflowConnection[][] {
	const last = outputs.findLastIndex((targets) => targets.length > 0);
	return outputs.slice(0, last + 1);
}

function byTarget(a: WorkflowConnection, b: WorkflowConnection): number {
	return compareText(a.node, b.node) || a.index - b.index;
}

function byPlace(a: WorkflowNode, b: WorkflowNode): number {
	return a.position[0] - b.position[0] || a.position[1] - b.position[1] || compareText(a.name, b.name);
}

function snap(px: number): number {
	// `+ 0` turns -0 into 0: they are one place but two texts.
	return Math.round(px / gridPx) * gridPx + 0;
}

function sortKeys(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sortKeys);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).sort(([a], [b]) => rankOf(a) - rankOf(b) || compareText(a, b));
	return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

function rankOf(key: string): number {
	const index = leadingParameters.indexOf(key);
	return index === -1 ? leadingParameters.length : index;
}

/** By code unit: the order must not depend on the locale of the machine. */
function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
