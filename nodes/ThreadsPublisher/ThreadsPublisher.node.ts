import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { threadsAdapter } from '../../lib/platforms/threads/adapter';
import { threadsPaths, threadsUrl } from '../../lib/platforms/threads/constants';
import { postgresCredentialWhenNeeded } from '../shared/publisher/delivery-properties';
import { publisherProperties } from '../shared/publisher/properties';
import { runPublisher } from '../shared/publisher/router';
import type { PublisherWiring } from '../shared/publisher/wiring';
import { RenewingAuthorizer } from '../shared/renewing-authorizer';
import { readThreadsContent, threadsContentProperties } from './content';

const wiring: PublisherWiring = {
	adapter: threadsAdapter,
	credentialType: 'stackKraftThreadsApi',
	authorizerOf: (context, itemIndex) =>
		new RenewingAuthorizer(context, {
			type: 'stackKraftThreadsApi',
			itemIndex,
			probeUrl: (apiBaseUrl) => threadsUrl('api', threadsPaths.me, apiBaseUrl),
		}),
	contentProperties: threadsContentProperties,
	readContent: readThreadsContent,
};

export class ThreadsPublisher implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Threads Publisher',
		name: 'threadsPublisher',
		icon: { light: 'file:threads-publisher.svg', dark: 'file:threads-publisher.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Publish posts with video, image or text to Threads without ever posting twice',
		defaults: { name: 'Threads Publisher' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'stackKraftThreadsApi',
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
