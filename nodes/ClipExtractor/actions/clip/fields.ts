// Fields that several operations show.
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { aspects, captionStyleNames, extractDefaults } from '../../../../lib/clips';
import { platformSchema } from '../../../../lib/publishing/platform';

type Field = INodeProperties;
export type Operation = 'extract' | 'transcribe' | 'findHighlights' | 'render';

export const shownFor = (...operation: Operation[]) => ({ resource: ['clip'], operation });

const fromEarlierStep = {
	name: 'Automatic',
	value: 'automatic',
	description: 'Where Transcribe had it from: the path that the item names, or the binary data it passed on',
};

/** @param fromItem whether an earlier step of ours usually says where the video is. */
export function videoFields(fromItem: boolean, ...operations: Operation[]): Field[] {
	const show = shownFor(...operations);
	return [
		{
			displayName: 'Video From',
			name: 'videoFrom',
			type: 'options',
			options: [
				...(fromItem ? [fromEarlierStep] : []),
				{ name: 'File Path', value: 'filePath', description: 'A file on the machine that runs n8n' },
				{
					name: 'Binary Data',
					value: 'binary',
					description: 'A file that an earlier node put into the item',
				},
			],
			default: fromItem ? fromEarlierStep.value : 'filePath',
			displayOptions: { show },
		},
		{
			displayName: 'File Path',
			name: 'filePath',
			type: 'string',
			default: fromItem ? '={{ $json.source }}' : '',
			required: true,
			placeholder: 'e.g. /home/node/.n8n-files/talk.mp4',
			description:
				'Path of the video. n8n allows files in ~/.n8n-files, or where N8N_RESTRICT_FILE_ACCESS_TO says.',
			displayOptions: { show: { ...show, videoFrom: ['filePath'] } },
		},
		{
			displayName: 'Input Data Field Name',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			hint: 'The name of the input field that holds the video',
			displayOptions: { show: { ...show, videoFrom: ['binary'] } },
		},
	];
}

export const transcriptionField: Field = {
	displayName: 'Transcription',
	name: 'transcriptionMethod',
	type: 'options',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description: 'A subtitle file when there is one, else the embedded model',
		},
		{
			name: 'Embedded Model',
			value: 'embedded-model',
			description: 'Offline and free of charge; understands English',
		},
		{
			name: 'OpenAI-Compatible Service',
			value: 'openai-compatible',
			description: 'Any language that the service understands',
		},
		{
			name: 'Subtitle File',
			value: 'subtitle-file',
			description: 'A .srt, .vtt or .json file with times, given below or lying beside the video',
		},
	],
	default: 'automatic',
	displayOptions: { show: shownFor('extract', 'transcribe') },
};

export const wantedClipsField: Field = {
	displayName: 'Number of Clips',
	name: 'wantedClips',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 50 },
	default: extractDefaults.wantedClips,
	description: 'How many clips to make. Fewer come out when the video does not hold that many.',
	displayOptions: { show: shownFor('extract', 'findHighlights') },
};

type Option = INodeProperties;

const titled = (name: string): string =>
	name.replace(/(^|-)(\p{L})/gu, (_, dash: string, letter: string) => (dash && ' ') + letter.toUpperCase());

export const workOptions: Option[] = [
	{
		displayName: 'Deadline (Minutes)',
		name: 'deadlineMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: extractDefaults.deadlineMs / 60_000,
		description: 'The work for one video is stopped after this time',
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
];

export const transcriptionOptions: Option[] = [
	{
		displayName: 'Language',
		name: 'language',
		type: 'string',
		default: '',
		placeholder: 'e.g. en',
		description: 'Two letters. Empty lets the transcription find out.',
	},
	{
		displayName: 'Subtitle File',
		name: 'subtitlePath',
		type: 'string',
		default: '',
		description: 'Path of a .srt, .vtt or .json file with the words. Empty looks beside the video.',
	},
];

export const lengthOptions: Option[] = [
	{
		displayName: 'Longest Clip (Seconds)',
		name: 'maxSec',
		type: 'number',
		typeOptions: { minValue: 3, maxValue: 900 },
		default: extractDefaults.maxSec,
	},
	{
		displayName: 'Shortest Clip (Seconds)',
		name: 'minSec',
		type: 'number',
		typeOptions: { minValue: 3, maxValue: 900 },
		default: extractDefaults.minSec,
	},
];

const platformNames: Readonly<Record<string, string>> = {
	youtube: 'YouTube',
	tiktok: 'TikTok',
	linkedin: 'LinkedIn',
};

export const lookOptions: Option[] = [
	{
		displayName: 'Aspect Ratio',
		name: 'aspect',
		type: 'options',
		options: aspects.map((aspect): INodePropertyOptions => ({ name: aspect, value: aspect })),
		default: '9:16',
		description: 'The shape of the clip. People in the picture are followed.',
	},
	{
		displayName: 'Burn In Captions',
		name: 'captions',
		type: 'boolean',
		default: true,
		description: 'Whether the spoken words are shown in the picture',
	},
	{
		displayName: 'Caption Style',
		name: 'captionStyle',
		type: 'options',
		options: captionStyleNames.map((style): INodePropertyOptions => ({ name: titled(style), value: style })),
		default: 'highlight',
	},
	{
		displayName: 'Encode For',
		name: 'platform',
		type: 'options',
		options: [
			{ name: 'All Networks', value: '' },
			...platformSchema.options.map((platform): INodePropertyOptions => ({
				name: platformNames[platform] ?? titled(platform),
				value: platform,
			})),
		],
		default: '',
		description: 'Size and bitrate for one network alone, or what all of them take',
	},
	{
		displayName: 'Remove Long Silences',
		name: 'removeSilences',
		type: 'boolean',
		default: false,
		description: 'Whether pauses that nobody needs are cut out',
	},
	{
		displayName: 'Subtitle Files',
		name: 'subtitles',
		type: 'multiOptions',
		options: [
			{ name: 'SubRip (.srt)', value: 'srt' },
			{ name: 'WebVTT (.vtt)', value: 'vtt' },
		],
		default: [],
		description: 'Files with the words to lay beside the clip',
	},
	{
		displayName: 'Use Hardware Encoder',
		name: 'useHardware',
		type: 'boolean',
		default: false,
		description: 'Whether the graphics card encodes, when it can; the item says what did it',
	},
];

export function optionsField(operation: Operation, options: readonly Option[]): Field {
	const sorted: (INodePropertyOptions | INodeProperties | INodePropertyCollection)[] = [...options].sort(
		(a, b) => a.displayName.localeCompare(b.displayName, 'en'),
	);
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: shownFor(operation) },
		options: sorted,
	};
}
