// Everything that can be wrong about how nodes hang together.
import { isOurs, isTrigger, type NodeCatalog } from './node-description';
import { countOutputs } from './node-outputs';
import type { Workflow, WorkflowConnection, WorkflowNode } from './workflow-file';

export interface GraphProblem {
	readonly node?: string;
	readonly message: string;
}

const stickyNote = 'n8n-nodes-base.stickyNote';
const loopOverItems = 'n8n-nodes-base.splitInBatches';

export function checkGraph(workflow: Workflow, catalog: NodeCatalog): GraphProblem[] {
	return [
		...checkNames(workflow),
		...checkConnections(workflow, catalog),
		...checkErrorOutputs(workflow, catalog),
		...checkReachability(workflow, catalog),
		...checkLoops(workflow),
	];
}

function checkNames(workflow: Workflow): GraphProblem[] {
	const seen = new Set<string>();
	return workflow.nodes.flatMap(({ name }) => {
		if (!seen.has(name)) {
			seen.add(name);
			return [];
		}
		return [{ node: name, message: 'the name stands twice; connections and expressions find nodes by name' }];
	});
}

function checkConnections(workflow: Workflow, catalog: NodeCatalog): GraphProblem[] {
	const byName = new Map(workflow.nodes.map((node) => [node.name, node]));
	return Object.entries(workflow.connections).flatMap(([source, byType]) => {
		const node = byName.get(source);
		if (!node) return [{ node: source, message: 'has connections but is no node of this workflow' }];
		const count = outputsOf(node, catalog);
		return Object.entries(byType).flatMap(([type, outputs]) => {
			if (type !== 'main') return [{ node: source, message: `connection type "${type}" is not used here` }];
			const tooFar = outputs.length > (count ?? Infinity);
			const targets = outputs.flatMap((list) => list ?? []);
			return [
				...(tooFar
					? [{ node: source, message: `output ${outputs.length - 1} does not exist (it has ${count})` }]
					: []),
				...targets.flatMap((target) => checkTarget(source, target, byName)),
			];
		});
	});
}

function checkTarget(
	source: string,
	target: WorkflowConnection,
	byName: ReadonlyMap<string, WorkflowNode>,
): GraphProblem[] {
	if (!byName.has(target.node)) {
		return [{ node: source, message: `is connected to "${target.node}", which is no node of this workflow` }];
	}
	// None of the allowed nodes has a second input.
	if (target.index !== 0 || target.type !== 'main') {
		return [{ node: source, message: `is connected to input ${target.index} of "${target.node}"` }];
	}
	return [];
}

function outputsOf(node: WorkflowNode, catalog: NodeCatalog): number | undefined {
	const description = catalog.find(node.type, node.typeVersion);
	return description ? countOutputs(node, description) : undefined;
}

/** An error that goes nowhere is a post that nobody hears of. */
function checkErrorOutputs(workflow: Workflow, catalog: NodeCatalog): GraphProblem[] {
	return workflow.nodes.flatMap((node) => {
		const description = catalog.find(node.type, node.typeVersion);
		if (!description || !isOurs(node.type) || isTrigger(description)) return [];
		if (node.onError !== 'continueErrorOutput') {
			return [{ node: node.name, message: 'needs an error output ("onError": "continueErrorOutput")' }];
		}
		const count = countOutputs(node, description);
		if (count === undefined) return [];
		const wired = workflow.connections[node.name]?.['main']?.[count - 1] ?? [];
		return wired.length > 0 ? [] : [{ node: node.name, message: 'its error output leads nowhere' }];
	});
}

function checkReachability(workflow: Workflow, catalog: NodeCatalog): GraphProblem[] {
	const start = workflow.nodes.filter((node) => {
		const description = catalog.find(node.type, node.typeVersion);
		return description !== undefined && isTrigger(description);
	});
	if (start.length === 0) return [{ message: 'nothing starts this workflow: it has no trigger' }];
	const reached = new Set(start.map((node) => node.name));
	// A Set can grow while it is walked, and each name enters once: this ends.
	for (const name of reached) for (const target of targetsOf(workflow, name)) reached.add(target);
	return workflow.nodes
		.filter((node) => node.type !== stickyNote && !reached.has(node.name))
		.map((node) => ({ node: node.name, message: 'no trigger leads here' }));
}

/** A way back to where it came from must go through Loop Over Items, which ends. */
function checkLoops(workflow: Workflow): GraphProblem[] {
	const ends = new Set(workflow.nodes.filter((node) => node.type === loopOverItems).map((node) => node.name));
	return workflow.nodes
		.filter((node) => !ends.has(node.name) && reaches(workflow, node.name, ends))
		.map((node) => ({ node: node.name, message: 'is part of a loop that has no exit' }));
}

function reaches(workflow: Workflow, name: string, barrier: ReadonlySet<string>): boolean {
	const seen = new Set(targetsOf(workflow, name).filter((target) => !barrier.has(target)));
	for (const next of seen) {
		if (next === name) return true;
		for (const target of targetsOf(workflow, next)) if (!barrier.has(target)) seen.add(target);
	}
	return false;
}

function targetsOf(workflow: Workflow, name: string): string[] {
	const byType = workflow.connections[name] ?? {};
	return Object.values(byType).flatMap((outputs) =>
		outputs.flatMap((list) => (list ?? []).map((target) => target.node)),
	);
}
