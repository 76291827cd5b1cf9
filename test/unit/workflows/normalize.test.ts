import fc from 'fast-check';
import { nodeId } from '../../../scripts/workflows/node-id';
import { normalizeWorkflow, serializeWorkflow } from '../../../scripts/workflows/normalize';
import type { Workflow } from '../../../scripts/workflows/workflow-file';
import { sampleWorkflow } from './sample';

function textOf(workflow: Workflow): string {
	return serializeWorkflow(normalizeWorkflow(workflow, 'sample'));
}

/** The same workflow as another export could write it: other order, other ids, shifted by a few pixels. */
function exportedAnew(workflow: Workflow, seed: number): Workflow {
	const mix = <T>(list: readonly T[]) =>
		[...list]
			.map((value, index) => ({ value, rank: (index * 7919 + seed) % 101 }))
			.sort((a, b) => a.rank - b.rank)
			.map(({ value }) => value);
	const mixKeys = <T>(record: Record<string, T>) => Object.fromEntries(mix(Object.entries(record)));
	return {
		...workflow,
		nodes: mix(workflow.nodes).map((node) => ({
			...node,
			id: `export-${seed}-${node.name}`,
			position: [node.position[0] + (seed % 9) - 4, node.position[1] - (seed % 7)],
			parameters: mixKeys(node.parameters),
			...(node.credentials ? { credentials: { sampleApi: { id: `instance-${seed}`, name: 'Sample' } } } : {}),
		})),
		connections: mixKeys(workflow.connections),
	};
}

it('gives one text to every export of the same workflow', () => {
	const expected = textOf(sampleWorkflow());
	fc.assert(
		fc.property(fc.nat(10_000), (seed) => {
			expect(textOf(exportedAnew(sampleWorkflow(), seed))).toBe(expected);
		}),
	);
});

it('changes nothing when it is applied twice', () => {
	const once = normalizeWorkflow(sampleWorkflow(), 'sample');
	expect(serializeWorkflow(normalizeWorkflow(once, 'sample'))).toBe(serializeWorkflow(once));
});

it('keeps every parameter and connection', () => {
	const { nodes, connections } = normalizeWorkflow(sampleWorkflow(), 'sample');
	for (const node of sampleWorkflow().nodes) {
		expect(nodes.find(({ name }) => name === node.name)?.parameters).toEqual(node.parameters);
	}
	expect(connections).toEqual(sampleWorkflow().connections);
});

it('writes LF, two spaces and one newline at the end', () => {
	const text = textOf(sampleWorkflow());
	expect(text).toMatch(/^\{\n  "name": "Sample",\n/);
	expect(text.endsWith('}\n')).toBe(true);
	expect(text).not.toMatch(/\r|\t|\n\n/);
});

it('derives node ids that are valid uuids of version 5, equal for equal names and different otherwise', () => {
	const name = fc.string({ minLength: 1, maxLength: 30 });
	fc.assert(
		fc.property(name, name, (a, b) => {
			const id = nodeId('flow', a);
			expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
			expect(nodeId('flow', b) === id).toBe(a === b);
			expect(nodeId('other', a)).not.toBe(id);
		}),
	);
});
