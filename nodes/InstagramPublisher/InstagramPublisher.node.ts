import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { instagramAdapter } from '../../lib/platforms/instagram/adapter';
import { instagramLastingToken } from '../../lib/platforms/instagram/lasting-token';
import { LastingAuthorizer } from '../shared/lasting-authorizer';
import { postgresCredentialWhenNeeded } from '../shared/publisher/delivery-properties';
import { publisherProperties } from '../shared/publisher/properties';
import { runPublisher } from '../shared/publisher/router';
import type { PublisherWiring } from '../shared/publisher/wiring';
import { storageCredential, testS3Credential } from '../shared/s3';
import { instagramContentProperties, readInstagramContent } from './content';

const credentialType = 'stackKraftInstagramOAuth2Api';

const wiring: PublisherWiring = {
	adapter: instagramAdapter,
	credentialType,
	authorizerOf: (context, itemIndex) =>
		new LastingAuthorizer(context, { type: credentialType, itemIndex }, instagramLastingToken),
	contentProperties: instagramContentProperties,
	readContent: readInstagramContent,
};

export class InstagramPublisher implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Instagram Publisher',
		name: 'instagramPublisher',
		icon: { light: 'file:instagram-publisher.svg', dark: 'file:instagram-publisher.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Publish reels, pictures, carousels and stories to Instagram without ever posting twice',
		defaults: { name: 'Instagram Publisher' },
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
