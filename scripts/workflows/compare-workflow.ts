// Is what n8n holds what we want it to hold? Only differences that change what runs or what people see count.
import type { RemoteWorkflow } from './n8n-api';
import { normalizeWorkflow } from './normalize';
import { workflowNodeSchema, connectionsSchema, type Workflow, type WorkflowNode } from './workflow-file';

type HeldWorkflow = Pick<RemoteWorkflow, 'nodes' | 'connections'> &
	Partial<Pick<RemoteWorkflow, 'name' | 'settings'>>;

/** Differences as lines for people; empty when there are none. `wanted` is already bound to the instance. */
export function compareWorkflow(wanted: Workflow, held: HeldWorkflow, slug: string): string[] {
	const heldNodes = held.nodes.map(readNode);
	const unreadable = heldNodes.some((node) => node === undefined);
	if (unreadable) return ['a node holds something that this version of the import does not know'];
	const connections = connectionsSchema.safeParse(held.connections);
	if (!connections.success) return ['the connections hold something unknown'];
	const nodes = heldNodes.filter((node) => node !== undefined);
	const left = comparable({ ...wanted, settings: {} }, slug);
	const right = comparable(
		{
			name: wanted.name,
			nodes: keepWantedWebhooks(nodes, wanted),
			connections: connections.data,
			settings: {},
		},
		slug,
	);
	return [
		...compareNodes(right.nodes, left.nodes),
		...differences('connections', right.connections, left.connections),
		...(held.settings ? compareSettings(held.settings, wanted.settings) : []),
	];
}

function readNode(raw: unknown): WorkflowNode | undefined {
	const known = Object.keys(workflowNodeSchema.shape);
	const picked = Object.fromEntries(Object.entries(raw ?? {}).filter(([key]) => known.includes(key)));
	const parsed = workflowNodeSchema.safeParse(withoutNulls({ parameters: {}, ...picked }));
	return parsed.success ? parsed.data : undefined;
}

function withoutNulls(record: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

/** n8n gives webhook nodes an id of their own; only one that a file fixes is compared. */
function keepWantedWebhooks(nodes: readonly WorkflowNode[], wanted: Workflow): WorkflowNode[] {
	const fixed = new Set(wanted.nodes.filter((node) => node.webhookId).map((node) => node.name));
	return nodes.map(({ webhookId, ...node }) =>
		webhookId !== undefined && fixed.has(node.name) ? { ...node, webhookId } : node,
	);
}

interface Comparable {
	readonly nodes: ReadonlyMap<string, unknown>;
	readonly connections: unknown;
}

function comparable(workflow: Workflow, slug: string): Comparable {
	const idsOf = new Map(workflow.nodes.map((node) => [node.name, credentialIds(node)]));
	const { nodes, connections } = normalizeWorkflow(workflow, slug);
	return {
		// The id decides which credential is used; its name may change in the instance at any time.
		nodes: new Map(nodes.map((node) => [node.name, { ...node, credentials: idsOf.get(node.name) }])),
		connections,
	};
}

function credentialIds(node: WorkflowNode): Record<string, string | undefined> {
	const entries = Object.entries(node.credentials ?? {});
	return Object.fromEntries(entries.map(([type, reference]) => [type, reference.id]));
}

function compareNodes(from: ReadonlyMap<string, unknown>, to: ReadonlyMap<string, unknown>): string[] {
	const removed = [...from.keys()].filter((name) => !to.has(name)).map((name) => `- node "${name}"`);
	const others = [...to].flatMap(([name, node]) =>
		from.has(name) ? differences(`node "${name}"`, from.get(name), node) : [`+ node "${name}"`],
	);
	return [...removed, ...others];
}

/** n8n merges settings and adds its own: only what we set can differ. */
function compareSettings(held: Readonly<Record<string, unknown>>, wanted: Workflow['settings']): string[] {
	return Object.entries(wanted).flatMap(([key, value]) => differences(`settings.${key}`, held[key], value));
}

function differences(place: string, from: unknown, to: unknown): string[] {
	if (isObject(from) && isObject(to) && Array.isArray(from) === Array.isArray(to)) {
		const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
		return keys.flatMap((key) => differences(`${place}.${key}`, from[key], to[key]));
	}
	return from === to ? [] : [`${place}: ${show(from)} → ${show(to)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

const shownCharacters = 120;

function show(value: unknown): string {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
