import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { youtubeAdapter } from '../../lib/platforms/youtube/adapter';
import { postgresCredentialWhenNeeded } from '../shared/publisher/delivery-properties';
import { publisherProperties } from '../shared/publisher/properties';
import { runPublisher } from '../shared/publisher/router';
import type { PublisherWiring } from '../shared/publisher/wiring';
import { readYouTubeContent, youtubeContentProperties } from './content';
import { youtubeLists } from './lists';

const wiring: PublisherWiring = {
	adapter: youtubeAdapter,
	credentialType: 'stackKraftYouTubeOAuth2Api',
	contentProperties: youtubeContentProperties,
	readContent: readYouTubeContent,
};

export class YouTubePublisher implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'YouTube Publisher',
		name: 'youTubePublisher',
		icon: { light: 'file:youtube-publisher.svg', dark: 'file:youtube-publisher.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Publish videos to YouTube with resumable uploads that never make a second video',
		defaults: { name: 'YouTube Publisher' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'stackKraftYouTubeOAuth2Api',
				required: true,
				displayOptions: { show: { operation: ['publish', 'getStatus', 'getMetrics'] } },
			},
			postgresCredentialWhenNeeded,
		],
		properties: publisherProperties(wiring),
	};

	methods = youtubeLists(wiring);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runPublisher(this, wiring);
	}
}
