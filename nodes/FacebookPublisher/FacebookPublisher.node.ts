import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { facebookAdapter } from '../../lib/platforms/facebook/adapter';
import { facebookLastingToken } from '../../lib/platforms/facebook/lasting-token';
import { listPages } from '../../lib/platforms/facebook/page-access';
import { LastingAuthorizer } from '../shared/lasting-authorizer';
import { postgresCredentialWhenNeeded } from '../shared/publisher/delivery-properties';
import { optionList } from '../shared/publisher/load-options';
import { publisherProperties } from '../shared/publisher/properties';
import { runPublisher } from '../shared/publisher/router';
import type { PublisherWiring } from '../shared/publisher/wiring';
import { facebookContentProperties, readFacebookContent } from './content';

const credentialType = 'stackKraftFacebookOAuth2Api';

const wiring: PublisherWiring = {
	adapter: facebookAdapter,
	credentialType,
	contentProperties: facebookContentProperties,
	readContent: readFacebookContent,
	authorizerOf: (context, itemIndex) =>
		new LastingAuthorizer(context, { type: credentialType, itemIndex }, facebookLastingToken),
};

export class FacebookPublisher implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Facebook Publisher',
		name: 'facebookPublisher',
		icon: { light: 'file:facebook-publisher.svg', dark: 'file:facebook-publisher.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description:
			'Publish reels, videos, photos, stories, links and text to Facebook pages without ever posting twice',
		defaults: { name: 'Facebook Publisher' },
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
		],
		properties: publisherProperties(wiring),
	};

	methods = {
		loadOptions: {
			getPages: optionList(wiring, async (surroundings) => {
				const pages = await listPages(surroundings);
				return pages.map(({ id, name }) => ({ name: name ?? id, value: id }));
			}),
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runPublisher(this, wiring);
	}
}
