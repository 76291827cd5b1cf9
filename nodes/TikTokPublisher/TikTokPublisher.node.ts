import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { tiktokAdapter } from '../../lib/platforms/tiktok/adapter';
import { postgresCredentialWhenNeeded } from '../shared/publisher/delivery-properties';
import { publisherProperties } from '../shared/publisher/properties';
import { runPublisher } from '../shared/publisher/router';
import type { PublisherWiring } from '../shared/publisher/wiring';
import { storageCredential, testS3Credential } from '../shared/s3';
import { TikTokAuthorizer } from './authorizer';
import { readTikTokContent, tiktokContentProperties } from './content';
import { getCreatorInfo, tiktokLists } from './creator-info';

const wiring: PublisherWiring = {
	adapter: tiktokAdapter,
	credentialType: 'stackKraftTikTokOAuth2Api',
	contentProperties: tiktokContentProperties,
	extraOperations: [getCreatorInfo],
	readContent: readTikTokContent,
	authorizerOf: (context, itemIndex) => new TikTokAuthorizer(context, 'stackKraftTikTokOAuth2Api', itemIndex),
};

const withAccount = { operation: ['publish', 'getStatus', 'getMetrics', getCreatorInfo.option.value] };

export class TikTokPublisher implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'TikTok Publisher',
		name: 'tikTokPublisher',
		icon: { light: 'file:tiktok-publisher.svg', dark: 'file:tiktok-publisher.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Publish videos and photos to TikTok, or leave them as drafts, without ever posting twice',
		defaults: { name: 'TikTok Publisher' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'stackKraftTikTokOAuth2Api',
				required: true,
				displayOptions: { show: withAccount },
			},
			{
				...postgresCredentialWhenNeeded,
				displayOptions: { ...postgresCredentialWhenNeeded.displayOptions, show: withAccount },
			},
			storageCredential,
		],
		properties: publisherProperties(wiring),
	};

	methods = { ...tiktokLists(wiring), credentialTest: { testS3Credential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runPublisher(this, wiring);
	}
}
