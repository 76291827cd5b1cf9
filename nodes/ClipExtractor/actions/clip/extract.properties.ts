import type { INodeProperties } from 'n8n-workflow';

import { extractDefaults } from '../../../../lib/clips';

const show = { resource: ['clip'], operation: ['extract'] };

export const extractProperties: INodeProperties[] = [
	{
		displayName: 'Video From',
		name: 'videoFrom',
		type: 'options',
		options: [
			{ name: 'File Path', value: 'filePath', description: 'A file on the machine that runs n8n' },
			{ name: 'Binary Data', value: 'binary', description: 'A file that an earlier node put into the item' },
		],
		default: 'filePath',
		displayOptions: { show },
	},
	{
		displayName: 'File Path',
		name: 'filePath',
		type: 'string',
		default: '',
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
	{
		displayName: 'Number of Clips',
		name: 'wantedClips',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50 },
		default: extractDefaults.wantedClips,
		description: 'How many clips to make. Fewer come out when the video does not hold that many.',
		displayOptions: { show },
	},
	{
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
				description: 'A .srt or .vtt file, given below or lying beside the video',
			},
		],
		default: 'automatic',
		displayOptions: { show },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show },
		options: [
			{
				displayName: 'Burn In Captions',
				name: 'captions',
				type: 'boolean',
				default: true,
				description: 'Whether the spoken words are shown in the picture',
			},
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
				displayName: 'Language',
				name: 'language',
				type: 'string',
				default: '',
				placeholder: 'e.g. en',
				description: 'Two letters. Empty lets the transcription find out.',
			},
			{
				displayName: 'Longest Clip (Seconds)',
				name: 'maxSec',
				type: 'number',
				typeOptions: { minValue: 3, maxValue: 900 },
				default: extractDefaults.maxSec,
			},
			{
				displayName: 'Output Folder',
				name: 'outputFolder',
				type: 'string',
				default: '',
				placeholder: 'e.g. /home/node/.n8n-files/clips',
				description: 'Where the clips are written. Empty means “clips” in the folder that n8n allows.',
			},
			{
				displayName: 'Shortest Clip (Seconds)',
				name: 'minSec',
				type: 'number',
				typeOptions: { minValue: 3, maxValue: 900 },
				default: extractDefaults.minSec,
			},
			{
				displayName: 'Subtitle File',
				name: 'subtitlePath',
				type: 'string',
				default: '',
				description: 'Path of a .srt, .vtt or .json file with the words. Empty looks beside the video.',
			},
		],
	},
];
