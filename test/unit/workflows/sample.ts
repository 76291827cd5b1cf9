// A small correct workflow and a catalogue of nodes to break in the tests, one thing at a time.
import type { INodeProperties } from 'n8n-workflow';
import type { ManifestEntry } from '../../../scripts/workflows/manifest';
import { NodeCatalog, type NodeDescription } from '../../../scripts/workflows/node-description';
import { readBuiltIns } from '../../../scripts/workflows/built-ins';
import type { Workflow, WorkflowNode } from '../../../scripts/workflows/workflow-file';

const queueProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		default: 'add',
		options: [
			{ name: 'Add', value: 'add' },
			{ name: 'Claim', value: 'claim' },
		],
	},
	{
		displayName: 'Post ID',
		name: 'postId',
		type: 'string',
		default: '',
		required: true,
		displayOptions: { show: { operation: ['claim'] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		default: {},
		options: [
			{ displayName: 'Lease Minutes', name: 'leaseMinutes', type: 'number', default: 5 },
			{
				displayName: 'Tags',
				name: 'tags',
				type: 'fixedCollection',
				default: {},
				options: [
					{
						displayName: 'Tag',
						name: 'tag',
						values: [{ displayName: 'Name', name: 'name', type: 'string', default: '' }],
					},
				],
			},
		],
	},
];

export const sampleQueue: NodeDescription = {
	type: 'n8n-nodes-stackkraft.sampleQueue',
	displayName: 'Sample Queue',
	versions: [1],
	group: ['transform'],
	inputs: ['main'],
	outputs: "={{ $parameter.operation === 'claim' ? ['main', 'main'] : ['main'] }}",
	credentials: [{ name: 'sampleApi', required: true }],
	properties: queueProperties,
};

export async function sampleCatalog(): Promise<NodeCatalog> {
	return new NodeCatalog([...(await readBuiltIns()), sampleQueue]);
}

const note = ['Purpose', 'Trigger', 'Inputs', 'Outputs', 'Switches']
	.map((topic) => `**${topic}** words`)
	.join('\n');

function nodeOf(name: string, type: string, position: [number, number]): WorkflowNode {
	return { id: name, name, type, typeVersion: 1, position, parameters: {} };
}

/** Schedule → Claim (Claimed, Not Claimed, error) → No Operation / Stop And Error. */
export function sampleWorkflow(): Workflow {
	const to = (node: string) => [{ node, type: 'main', index: 0 }];
	return {
		name: 'Sample',
		nodes: [
			{ ...nodeOf('Note', 'n8n-nodes-base.stickyNote', [0, -400]), parameters: { content: note } },
			{
				...nodeOf('Every Hour', 'n8n-nodes-base.scheduleTrigger', [0, 0]),
				typeVersion: 1.2,
				parameters: { rule: { interval: [{ field: 'hours', hoursInterval: 1 }] } },
			},
			{
				...nodeOf('Claim', 'n8n-nodes-stackkraft.sampleQueue', [200, 0]),
				parameters: { operation: 'claim', postId: "={{ $('Every Hour').item.json.postId }}" },
				credentials: { sampleApi: { name: 'Sample' } },
				onError: 'continueErrorOutput',
			},
			nodeOf('Claimed', 'n8n-nodes-base.noOp', [400, -160]),
			nodeOf('Taken', 'n8n-nodes-base.noOp', [400, 0]),
			{
				...nodeOf('Say Why', 'n8n-nodes-base.stopAndError', [400, 160]),
				parameters: { errorMessage: '={{ $json.error }}' },
			},
		],
		connections: {
			'Every Hour': { main: [to('Claim')] },
			Claim: { main: [to('Claimed'), to('Taken'), to('Say Why')] },
		},
		settings: { executionOrder: 'v1', timezone: 'Etc/UTC', errorWorkflow: 'errors' },
	};
}

export const sampleEntry: ManifestEntry = {
	slug: 'sample',
	file: 'sample.json',
	name: 'Sample',
	version: '1.0.0',
	summary: 'For tests.',
	tags: ['stackkraft'],
	credentials: [{ type: 'sampleApi', name: 'Sample' }],
	errorWorkflow: 'errors',
};
