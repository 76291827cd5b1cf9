import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { testPostgresCredential } from '../shared/postgres';
import { operations, router } from './router';

export class SocialAnalytics implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Social Analytics',
		name: 'socialAnalytics',
		icon: { light: 'file:social-analytics.svg', dark: 'file:social-analytics.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Keep the numbers of your posts over time, in one shape for all networks',
		defaults: { name: 'Social Analytics' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'stackKraftPostgresApi', required: true, testedBy: 'testPostgresCredential' }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'getDuePosts',
				options: [
					{
						name: 'Get Due Posts',
						value: 'getDuePosts',
						action: 'Get posts due for metrics',
						description: 'Young posts hourly, older ones less often; one item per call to a network',
					},
					{
						name: 'Get Many',
						value: 'getMany',
						action: 'Get many snapshots',
						description: 'Get saved numbers, newest first',
					},
					{
						name: 'Save Metrics',
						value: 'saveMetrics',
						action: 'Save the metrics of a post',
						description: 'Keep one snapshot per post and hour; saving again in the hour corrects it',
					},
				],
			},
			...Object.values(operations).flatMap(({ description }) => description),
		],
	};

	methods = { credentialTest: { testPostgresCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return router(this);
	}
}
