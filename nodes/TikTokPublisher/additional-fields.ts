import type { INodeProperties } from 'n8n-workflow';

const photoTitle: INodeProperties = {
	displayName: 'Photo Title',
	name: 'photoTitle',
	type: 'string',
	default: '',
	description: 'For photos: at most 90 characters above the caption',
};

const photoCover: INodeProperties = {
	displayName: 'Photo Cover',
	name: 'coverIndex',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 34 },
	default: 0,
	description: 'For photos: which of them is the cover; the first is 0',
};

const videoTransfer: INodeProperties = {
	displayName: 'Video Transfer',
	name: 'transfer',
	type: 'options',
	options: [
		{
			name: 'TikTok Fetches It',
			value: 'pull',
			description:
				'From a public address below a domain that is verified in the developer portal. A lost answer can then need a person.',
		},
		{ name: 'Upload', value: 'upload', description: 'Resumable; a lost answer is found again by itself' },
	],
	default: 'upload',
	description: 'How TikTok gets a video; photos it always fetches',
};

/** In the order of the alphabet, as n8n's own nodes have it. */
export const directFields: INodeProperties[] = [
	{
		displayName: 'Add Music to Photos',
		name: 'autoAddMusic',
		type: 'boolean',
		default: true,
		description: 'Whether TikTok adds music to photos',
	},
	{
		displayName: 'AI-Generated',
		name: 'isAiGenerated',
		type: 'boolean',
		default: false,
		description: 'Whether the video was made with AI; TikTok labels it so. It has no such label for photos.',
	},
	{
		displayName: 'Cover Timestamp (Ms)',
		name: 'coverTimestampMs',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'The moment of the video that becomes its cover',
	},
	{
		displayName: 'Disable Comments',
		name: 'disableComment',
		type: 'boolean',
		default: false,
		description: 'Whether nobody may comment',
	},
	{
		displayName: 'Disable Duet',
		name: 'disableDuet',
		type: 'boolean',
		default: false,
		description: 'Whether nobody may make a duet with the video',
	},
	{
		displayName: 'Disable Stitch',
		name: 'disableStitch',
		type: 'boolean',
		default: false,
		description: 'Whether nobody may stitch the video',
	},
	{
		displayName: 'Paid Partnership',
		name: 'brandContent',
		type: 'boolean',
		default: false,
		description: 'Whether a third party pays for the post. Not with the privacy Only Me.',
	},
	photoCover,
	photoTitle,
	videoTransfer,
	{
		displayName: 'Your Brand',
		name: 'brandOrganic',
		type: 'boolean',
		default: false,
		description: 'Whether the post promotes your own business',
	},
];

/** The creator decides on everything else in the TikTok app. */
export const draftFields: INodeProperties[] = [
	photoCover,
	{
		displayName: 'Photo Description',
		name: 'photoDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'For photos: at most 4000 characters. A draft of a video has no words.',
	},
	photoTitle,
	videoTransfer,
];
