// How many outputs a node has with its present parameters: a connection from an output that does not exist
// is accepted by n8n and simply never carries anything.
import { Workflow as N8nWorkflow, type INode, type INodeTypeDescription } from 'n8n-workflow';
import { z } from 'zod';
import type { NodeDescription } from './node-description';
import { WorkflowFileError, type WorkflowNode } from './workflow-file';

/** Main outputs, the error output (always the last one) included; undefined when it cannot be known. */
export function countOutputs(node: WorkflowNode, description: NodeDescription): number | undefined {
	const regular = Array.isArray(description.outputs)
		? description.outputs.length
		: description.outputs === 'dynamic'
			? countBuiltIn(node)
			: evaluate(node, description);
	if (regular === undefined) return undefined;
	return node.onError === 'continueErrorOutput' ? regular + 1 : regular;
}

const switchSchema = z.looseObject({
	mode: z.string().optional(),
	numberOutputs: z.number().optional(),
	rules: z.looseObject({ values: z.array(z.unknown()) }).optional(),
	options: z.looseObject({ fallbackOutput: z.unknown().optional() }).optional(),
});

/** Our reading of the built-in nodes whose outputs follow their parameters. */
function countBuiltIn(node: WorkflowNode): number | undefined {
	if (node.type !== 'n8n-nodes-base.switch') return undefined;
	const parameters = switchSchema.parse(node.parameters);
	if (parameters.mode === 'expression') return parameters.numberOutputs ?? 4;
	const rules = parameters.rules?.values.length ?? 0;
	return parameters.options?.fallbackOutput === 'extra' ? rules + 1 : rules;
}

/** As n8n does it, except that n8n hides a failure and then shows a node without outputs. */
function evaluate(node: WorkflowNode, description: NodeDescription): number {
	const type = {
		description: { ...description, version: description.versions } as unknown as INodeTypeDescription,
	};
	// n8n fills in defaults and drops unknown parameters on the node that it is given: only ever a copy.
	const copy = structuredClone(node) as unknown as INode;
	const workflow = new N8nWorkflow({
		nodes: [copy],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => type,
			getByNameAndVersion: () => type,
			getKnownTypes: () => ({}),
		},
	});
	const placed = workflow.getNode(node.name) ?? copy;
	const outputs = String(description.outputs);
	try {
		const value: unknown = workflow.expression.getSimpleParameterValue(placed, outputs, 'internal', {});
		return z.array(z.unknown()).min(1).parse(value).length;
	} catch (error) {
		const reason = error instanceof Error ? error.message : 'unknown reason';
		throw new WorkflowFileError(`${node.type}: n8n cannot evaluate the outputs of this node: ${reason}`);
	}
}
