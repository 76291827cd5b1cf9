import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { threadsAdapter } from '../../lib/platforms/threads/adapter';
import { threadsLastingToken } from '../../lib/platforms/threads/lasting-token';
import { LastingAuthorizer } from '../shared/lasting-authorizer';
import { postgresCredentialWhenNeeded } from '../shared/publisher/delivery-properties';
import { publisherProperties } from '../shared/publisher/properties';
import { runPublisher } from '../shared/publisher/router';
import type { PublisherWiring } from '../shared/publisher/wiring';
import { storageCredential, testS3Credential } from '../shared/s3';
import { readThreadsContent, threadsContentProperties } from './content';

const credentialType = 'stackKraftThreadsOAuth2Api';

const wiring: PublisherWiring = {
	adapter: threadsAdapter,
	credentialType,
	authorizerOf: (context, itemIndex) =>
		new LastingAuthorizer(context, { type: credentialType, itemIndex }, threadsLastingToken),
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
		description: 'Publish text, pictures, videos and carousels to Threads without ever posting twice',
		defaults: { name: 'Threads Publisher' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: credentialType,
				required: true,
				displayOptions: { show: { operation: ['publish', 'getStatus', 'getMetrics'] } },
			},
			postgresCredentialWhenNeeded,
			storageCredential,
		],
		properties: publisherProperties(wiring),
	};

	methods = { credentialTest: { testS3Credential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runPublisher(this, wiring);
	}
}
