import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { linkedInAdapter } from '../../lib/platforms/linkedin/adapter';
import { administeredOrganizations } from '../../lib/platforms/linkedin/organizations';
import { postgresCredentialWhenNeeded } from '../shared/publisher/delivery-properties';
import { optionList } from '../shared/publisher/load-options';
import { publisherProperties } from '../shared/publisher/properties';
import { runPublisher } from '../shared/publisher/router';
import type { PublisherWiring } from '../shared/publisher/wiring';
import { readLinkedInContent, linkedInContentProperties } from './content';

const wiring: PublisherWiring = {
	adapter: linkedInAdapter,
	credentialType: 'stackKraftLinkedInOAuth2Api',
	contentProperties: linkedInContentProperties,
	readContent: readLinkedInContent,
};

export class LinkedInPublisher implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'LinkedIn Publisher',
		name: 'linkedInPublisher',
		icon: { light: 'file:linkedin-publisher.svg', dark: 'file:linkedin-publisher.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description:
			'Publish videos, pictures, documents, articles and text to LinkedIn without ever posting twice',
		defaults: { name: 'LinkedIn Publisher' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'stackKraftLinkedInOAuth2Api',
				required: true,
				displayOptions: { show: { operation: ['publish', 'getStatus', 'getMetrics'] } },
			},
			postgresCredentialWhenNeeded,
		],
		properties: publisherProperties(wiring),
	};

	methods = {
		loadOptions: {
			getOrganizations: optionList(wiring, async (surroundings) => {
				const ids = await administeredOrganizations(surroundings);
				return ids.map((id) => ({ name: `Page ${id}`, value: id }));
			}),
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runPublisher(this, wiring);
	}
}
