import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { testPostgresCredential } from '../shared/postgres';
import { operations, router } from './router';

/** Evaluated by n8n in the editor, so it is text: Reserve is the one operation with two ends. */
const outputs =
	"={{ ((parameters) => parameters.operation === 'reserve' ? [{ type: 'main', displayName: 'Allowed' }, { type: 'main', displayName: 'Wait' }] : [{ type: 'main' }])($parameter) }}" as const;

export class RateLimit implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Rate Limit',
		name: 'rateLimit',
		icon: { light: 'file:rate-limit.svg', dark: 'file:rate-limit.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + ($parameter["platform"] || "") }}',
		description: 'Take a call from a network’s budget before making it, or learn when there is room again',
		defaults: { name: 'Rate Limit' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs,
		credentials: [{ name: 'stackKraftPostgresApi', required: true, testedBy: 'testPostgresCredential' }],
		hints: [
			{
				message:
					'Items on <b>Wait</b> carry <code>until</code>. Give it to Post Queue → Defer, or to a Wait node that resumes at that time, and reserve again. Failed items are on Wait too, never on Allowed.',
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
				displayCondition: '={{ $parameter["operation"] === "reserve" }}',
			},
		],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'reserve',
				options: [
					{
						name: 'Get Status',
						value: 'getStatus',
						action: 'Get how full the windows are',
						description: 'See what is left in each window, without taking anything',
					},
					{
						name: 'Learn',
						value: 'learn',
						action: 'Learn from an answer of the network',
						description: 'Read what the headers of an answer say is left, and wait when they say so',
					},
					{
						name: 'Release',
						value: 'release',
						action: 'Release a reservation',
						description: 'Give back what was reserved for a call that was not made',
					},
					{
						name: 'Reserve',
						value: 'reserve',
						action: 'Reserve a call',
						description: 'Take the call from every window it counts in, or from none',
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
