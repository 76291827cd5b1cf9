import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import * as extract from './actions/clip/extract.operation';
import { shownFor, transcriptionField, wantedClipsField } from './actions/clip/fields';
import * as findHighlights from './actions/clip/find-highlights.operation';
import * as render from './actions/clip/render.operation';
import * as transcribe from './actions/clip/transcribe.operation';
import { testS3Credential } from '../shared/s3';
import { storageField, whenStoredInS3 } from '../shared/stored-output';
import { router } from './router';

const fields = [
	...extract.description,
	...findHighlights.description,
	...render.description,
	transcriptionField,
	wantedClipsField,
	storageField(shownFor('extract', 'render')),
	...transcribe.description,
];

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
		inputs: [
			NodeConnectionTypes.Main,
			{
				displayName: 'Model',
				type: NodeConnectionTypes.AiLanguageModel,
				required: false,
				maxConnections: 1,
			},
		],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'transcriptionServiceApi',
				required: true,
				displayOptions: {
					show: { operation: ['extract', 'transcribe'], transcriptionMethod: ['openai-compatible'] },
				},
			},
			{
				name: 'stackKraftS3Api',
				required: true,
				displayOptions: whenStoredInS3('extract', 'render'),
				testedBy: 'testS3Credential',
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
						description: 'Find the best moments of a video and render each as a clip',
					},
					{
						name: 'Find Highlights',
						value: 'findHighlights',
						action: 'Find highlights in a transcript',
						description: 'Choose the best moments of what is said; a connected model may propose them',
					},
					{
						name: 'Render Clip',
						value: 'render',
						action: 'Render a clip of a video',
						description: 'Make one clip of a span, with captions, sound level and shape',
					},
					{
						name: 'Transcribe',
						value: 'transcribe',
						action: 'Transcribe a video',
						description: 'Write down what is said, with the time of every word',
					},
				],
				default: 'extract',
			},
			...fields.filter(({ name }) => name !== 'options'),
			...fields.filter(({ name }) => name === 'options'),
		],
	};

	methods = { credentialTest: { testS3Credential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
