import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { testNatsCredential } from '../shared/nats';
import { operations, route } from './router';

export class NatsJetStream implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'NATS JetStream',
		name: 'natsJetStream',
		icon: { light: 'file:nats-jet-stream.svg', dark: 'file:nats-jet-stream.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Publish messages, set up the streams, see the lag and redrive dead letters',
		defaults: { name: 'NATS JetStream' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'stackKraftNatsApi', required: true, testedBy: 'testNats' }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'message',
				options: [
					{ name: 'Consumer', value: 'consumer' },
					{ name: 'Dead Letter', value: 'deadLetter' },
					{ name: 'Message', value: 'message' },
					{ name: 'Stream', value: 'stream' },
				],
			},
			operationOf('consumer', 'getInfo', 'Get Info', 'Get how far a consumer is behind'),
			deadLetterOperations,
			operationOf('message', 'publish', 'Publish', 'Publish a message and wait until it is stored'),
			operationOf('stream', 'setUp', 'Set Up Streams', 'Create the content streams when they are missing'),
			...Object.values(operations).flatMap(({ properties }) => properties),
		],
	};

	methods = { credentialTest: { testNats: testNatsCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this);
	}
}

const deadLetterOperations: INodeTypeDescription['properties'][number] = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['deadLetter'] } },
	options: [
		{
			name: 'Move to Dead Letters',
			value: 'move',
			action: 'Move a received message to the dead letters',
			description: 'Put a message that can never work aside, with the reason, instead of trying again',
		},
		{
			name: 'Redrive Dead Letters',
			value: 'redrive',
			action: 'Send dead letters back to where they came from',
			description: 'Send dead letters back to where they came from',
		},
	],
	default: 'redrive',
};

function operationOf(
	resource: string,
	value: string,
	name: string,
	action: string,
): INodeTypeDescription['properties'][number] {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: [{ name, value, action, description: action }],
		default: value,
	};
}
