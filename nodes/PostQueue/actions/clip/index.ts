import type { INodeProperties } from 'n8n-workflow';
import type { PostgresOperation } from '../../../shared/postgres-operations';
import { addClips } from './add.operation';

export const clipOperations: Readonly<Record<string, PostgresOperation>> = { add: addClips };

export const clipDescription: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['clip'] } },
		default: 'add',
		options: [
			{
				name: 'Add Clips',
				value: 'add',
				action: 'Add clips',
				description: 'Plan a post of each clip on each account; the same request twice plans nothing new',
			},
		],
	},
	...addClips.description,
];
