import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import * as concatenate from './actions/file/concatenate.operation';
import { shownFor, sourceFields } from './actions/file/fields';
import * as probe from './actions/file/probe.operation';
import * as render from './actions/file/render.operation';
import * as thumbnail from './actions/file/thumbnail.operation';
import * as validate from './actions/file/validate.operation';
import { testS3Credential } from '../shared/s3';
import { storageField, whenStoredInS3 } from '../shared/stored-output';
import { router } from './router';

/** Those that make a file. */
const making = ['concatenate', 'render', 'thumbnail'] as const;

export class Media implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Media',
		name: 'media',
		icon: { light: 'file:media.svg', dark: 'file:media.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Reads, checks, converts and joins videos on the machine that runs n8n',
		defaults: { name: 'Media' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'stackKraftS3Api',
				required: true,
				displayOptions: whenStoredInS3(...making),
				testedBy: 'testS3Credential',
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [{ name: 'File', value: 'file' }],
				default: 'file',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['file'] } },
				options: [
					{
						name: 'Concatenate',
						value: 'concatenate',
						action: 'Concatenate videos',
						description: 'Join the videos of all items into one',
					},
					{
						name: 'Probe',
						value: 'probe',
						action: 'Probe a file',
						description: 'Get length, size, rate, codecs and loudness of a video or sound',
					},
					{
						name: 'Render for Platform',
						value: 'render',
						action: 'Render a video for platforms',
						description: 'Make a file of the shape, rate and size that each network takes',
					},
					{
						name: 'Thumbnail',
						value: 'thumbnail',
						action: 'Make a thumbnail of a video',
						description: 'Save the frame at a time, or the one that shows most',
					},
					{
						name: 'Validate for Platform',
						value: 'validate',
						action: 'Validate a file for platforms',
						description: 'Check a video or picture against the rules of networks',
					},
				],
				default: 'probe',
			},
			...sourceFields,
			storageField(shownFor(...making)),
			...probe.description,
			...validate.description,
			...render.description,
			...thumbnail.description,
			...concatenate.description,
		],
	};

	methods = { credentialTest: { testS3Credential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
