// Fields that several operations show.
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { aspects, extractDefaults } from '../../../../lib/clips';
import { platformAdapters } from '../../../../lib/platforms/registry';

export type Operation = 'concatenate' | 'probe' | 'render' | 'thumbnail' | 'validate';

export const shownFor = (...operation: Operation[]) => ({ resource: ['file'], operation });

export const sourceFields: INodeProperties[] = [
	{
		displayName: 'File From',
		name: 'videoFrom',
		type: 'options',
		options: [
			{ name: 'File Path', value: 'filePath', description: 'A file on the machine that runs n8n' },
			{ name: 'Binary Data', value: 'binary', description: 'A file that an earlier node put into the item' },
		],
		default: 'filePath',
		displayOptions: { show: { resource: ['file'] } },
	},
	{
		displayName: 'File Path',
		name: 'filePath',
		type: 'string',
		default: '={{ $json.path }}',
		required: true,
		placeholder: 'e.g. /home/node/.n8n-files/talk.mp4',
		description:
			'Path of the file. n8n allows files in ~/.n8n-files, or where N8N_RESTRICT_FILE_ACCESS_TO says.',
		displayOptions: { show: { resource: ['file'], videoFrom: ['filePath'] } },
	},
	{
		displayName: 'Input Data Field Name',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the input field that holds the file',
		displayOptions: { show: { resource: ['file'], videoFrom: ['binary'] } },
	},
];

const networks: INodePropertyOptions[] = [...platformAdapters.values()]
	.map(({ description }) => ({ name: description.displayName, value: description.platform }))
	.sort((left, right) => (left.name < right.name ? -1 : 1));

export function platformsField(operation: Operation): INodeProperties {
	return {
		displayName: 'Platforms',
		name: 'platforms',
		type: 'multiOptions',
		options: networks,
		default: networks.map(({ value }) => String(value)),
		required: true,
		displayOptions: { show: shownFor(operation) },
	};
}

export const aspectOptions: INodePropertyOptions[] = aspects.map((aspect) => ({
	name: aspect,
	value: aspect,
}));

/** Options of everything that writes a file. */
export const outputOptions: INodeProperties[] = [
	{
		displayName: 'Deadline (Minutes)',
		name: 'deadlineMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: extractDefaults.deadlineMs / 60_000,
		description: 'The work for one file is stopped after this time',
	},
	{
		displayName: 'FFmpeg Path',
		name: 'ffmpegPath',
		type: 'string',
		default: '',
		description: 'The FFmpeg to use instead of the one that is found by itself',
	},
	{
		displayName: 'Output Folder',
		name: 'outputFolder',
		type: 'string',
		default: '',
		placeholder: 'e.g. /home/node/.n8n-files/clips',
		description: 'Where files are written. Empty means “clips” in the folder that n8n allows.',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'outputField',
		type: 'string',
		default: '',
		placeholder: 'e.g. data',
		description:
			'Name of the binary field that gets the file as well. Empty leaves it on disk, which is best for videos: the item then has its path.',
	},
];

export const hardwareOption: INodeProperties = {
	displayName: 'Use Graphics Card',
	name: 'useHardware',
	type: 'boolean',
	default: false,
	description:
		'Whether to encode on the graphics card when there is one that can; the result says which encoder was used',
};

export function optionsField(operation: Operation, options: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: shownFor(operation) },
		options: [...options].sort((left, right) => (left.displayName < right.displayName ? -1 : 1)),
	};
}
