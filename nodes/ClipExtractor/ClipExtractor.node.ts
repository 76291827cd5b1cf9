import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import * as extract from './actions/clip/extract.operation';
import { router } from './router';

export class ClipExtractor implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Clip Extractor',
		name: 'clipExtractor',
		icon: { light: 'file:clip-extractor.svg', dark: 'file:clip-extractor.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Turns a long video into short upright clips with captions',
		defaults: { name: 'Clip Extractor' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'transcriptionServiceApi',
				required: true,
				displayOptions: { show: { transcriptionMethod: ['openai-compatible'] } },
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [{ name: 'Clip', value: 'clip' }],
				default: 'clip',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['clip'] } },
				options: [
					{
						name: 'Extract Clips',
						value: 'extract',
						action: 'Extract clips from a video',
						description: 'Find the best moments of a video and render each as an upright clip',
					},
				],
				default: 'extract',
			},
			...extract.description,
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
