import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { testNatsCredential } from '../shared/nats';
import { testPostgresCredential } from '../shared/postgres';
import { clipDescription } from './actions/clip';
import { postDescription } from './actions/post';
import { queueDescription } from './actions/queue';
import { router } from './router';

/** Evaluated by n8n in the editor, so it is text: Claim is the one operation with two ends. */
const outputs =
	"={{ ((parameters) => parameters.resource === 'post' && parameters.operation === 'claim' ? [{ type: 'main', displayName: 'Claimed' }, { type: 'main', displayName: 'Not Claimed' }] : [{ type: 'main' }])($parameter) }}" as const;

export class PostQueue implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Post Queue',
		name: 'postQueue',
		icon: { light: 'file:post-queue.svg', dark: 'file:post-queue.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Plan, claim and follow posts so that none is lost and none is sent twice',
		defaults: { name: 'Post Queue' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs,
		credentials: [
			{ name: 'stackKraftPostgresApi', required: true, testedBy: 'testPostgresCredential' },
			{
				name: 'stackKraftNatsApi',
				required: true,
				testedBy: 'testNats',
				displayOptions: { show: { resource: ['queue'], operation: ['dispatchDue'] } },
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'post',
				options: [
					{ name: 'Clip', value: 'clip' },
					{ name: 'Post', value: 'post' },
					{ name: 'Queue', value: 'queue' },
				],
			},
			...clipDescription,
			...postDescription,
			...queueDescription,
		],
	};

	methods = { credentialTest: { testPostgresCredential, testNats: testNatsCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return router(this);
	}
}
