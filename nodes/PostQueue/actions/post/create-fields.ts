import type { INodeProperties } from 'n8n-workflow';
import { platformOptions } from '../../../shared/postgres-fields';

const filledIn = { show: { contentMode: ['fields'] } };
const fromJson = { show: { contentMode: ['json'] } };

const contentFields: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		displayOptions: filledIn,
		description:
			'What stands with the media, or alone: post, caption, commentary. YouTube has a title instead.',
	},
	{
		displayName: 'Media',
		name: 'media',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add media',
		default: {},
		displayOptions: filledIn,
		description:
			'In the order in which people see them; none for a post of words alone. On YouTube a picture beside the video is its thumbnail.',
		options: [
			{
				displayName: 'Medium',
				name: 'medium',
				values: [
					{
						displayName: 'Path or URL',
						name: 'ref',
						type: 'string',
						default: '',
						required: true,
						placeholder: 'e.g. /home/node/.n8n-files/picture.jpg',
						description:
							'Absolute path of a file that n8n may read, or web address. It has to be there still when the post is due.',
					},
					{
						displayName: 'Alt Text',
						name: 'altText',
						type: 'string',
						default: '',
						description: 'What the medium shows, for people who do not see it',
					},
				],
			},
		],
	},
	{
		displayName: 'Content (JSON)',
		name: 'contentJson',
		type: 'json',
		default: '={{ $json.content }}',
		required: true,
		displayOptions: fromJson,
		description: 'Object of {text?, title?, description?, tags?, options?}, as Claim and Get give it',
	},
	{
		displayName: 'Media (JSON)',
		name: 'mediaJson',
		type: 'json',
		default: '={{ $json.media ?? [] }}',
		displayOptions: fromJson,
		description: 'List of {ref, altText?}; ref is an absolute path or a web address. Empty for words alone.',
	},
];

const additionalFields: INodeProperties = {
	displayName: 'Additional Fields',
	name: 'additionalFields',
	type: 'collection',
	placeholder: 'Add field',
	default: {},
	displayOptions: filledIn,
	options: [
		{
			displayName: 'Description',
			name: 'description',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			description: 'Of the video on YouTube, or of the card of an article on LinkedIn',
		},
		{
			displayName: 'Network Options (JSON)',
			name: 'options',
			type: 'json',
			default: '{}',
			description:
				'What only this network has, for example {"privacyStatus": "public"} for YouTube, which is private without it. Their names stand in <a href="https://github.com/stackkraft/n8n-nodes-stackkraft/blob/main/docs/messages.md">the guide to messages</a>.',
		},
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'string',
			default: '',
			placeholder: 'e.g. podcast, interview',
			description: 'For YouTube, separated by commas',
		},
		{
			displayName: 'Title',
			name: 'title',
			type: 'string',
			default: '',
			description:
				'Needed on YouTube; also of photos on TikTok, of media on LinkedIn and of videos on Facebook',
		},
	],
};

export const createFields: INodeProperties[] = [
	{
		displayName: 'Idempotency Key',
		name: 'idempotencyKey',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. campaign-42/instagram',
		description:
			'Names this post for good: the same key twice is the same post, and with other content it is refused',
	},
	{
		displayName: 'Network',
		name: 'platform',
		type: 'options',
		default: 'youtube',
		options: platformOptions,
	},
	{
		displayName: 'Account ID',
		name: 'accountId',
		type: 'string',
		default: 'main',
		required: true,
		description: 'Your own name for the account: letters, digits, _ and -',
	},
	{
		displayName: 'Content',
		name: 'contentMode',
		type: 'options',
		default: 'fields',
		options: [
			{ name: 'Fill In Here', value: 'fields' },
			{ name: 'From JSON', value: 'json', description: 'As another node or a message made it' },
		],
	},
	...contentFields,
	{
		displayName: 'Scheduled At',
		name: 'scheduledAt',
		type: 'dateTime',
		default: '',
		description: 'When the post goes out; now when empty',
	},
	additionalFields,
];
