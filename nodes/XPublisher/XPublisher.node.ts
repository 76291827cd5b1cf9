import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { xAdapter } from '../../lib/platforms/x/adapter';
import { postgresCredentialWhenNeeded } from '../shared/publisher/delivery-properties';
import { publisherProperties } from '../shared/publisher/properties';
import { runPublisher } from '../shared/publisher/router';
import type { PublisherWiring } from '../shared/publisher/wiring';
import { readXContent, xContentProperties } from './content';

const wiring: PublisherWiring = {
	adapter: xAdapter,
	credentialType: 'stackKraftXOAuth2Api',
	contentProperties: xContentProperties,
	readContent: readXContent,
};

export class XPublisher implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'X Publisher',
		name: 'xPublisher',
		icon: { light: 'file:x-publisher.svg', dark: 'file:x-publisher.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Publish text, pictures, GIFs, videos, polls and replies to X without ever posting twice',
		defaults: { name: 'X Publisher' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'stackKraftXOAuth2Api',
				required: true,
				displayOptions: { show: { operation: ['publish', 'getStatus', 'getMetrics'] } },
			},
			postgresCredentialWhenNeeded,
		],
		properties: publisherProperties(wiring),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runPublisher(this, wiring);
	}
}
