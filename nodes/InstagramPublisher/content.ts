import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';

const userTags: INodeProperties = {
	displayName: 'User Tags',
	name: 'userTags',
	type: 'fixedCollection',
	placeholder: 'Add account',
	typeOptions: { multipleValues: true },
	default: {},
	description: 'Accounts that are marked in the pictures or named with the video, at most 20',
	options: [
		{
			displayName: 'Account',
			name: 'tag',
			values: [
				{
					displayName: 'Distance From Left',
					name: 'x',
					type: 'number',
					typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
					default: 0.5,
					description: 'Where the account is marked in a picture: 0 is the left edge, 1 the right one',
				},
				{
					displayName: 'Distance From Top',
					name: 'y',
					type: 'number',
					typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
					default: 0.5,
					description: 'Where the account is marked in a picture: 0 is the upper edge, 1 the lower one',
				},
				{
					displayName: 'Media Number',
					name: 'mediaNumber',
					type: 'number',
					typeOptions: { minValue: 1, maxValue: 10 },
					default: 1,
					description: 'Which picture or video of a carousel, counted from 1',
				},
				{
					displayName: 'User Name',
					name: 'username',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. some.account',
				},
			],
		},
	],
};

/** A story has no place for it. */
const notInStories = { hide: { '/placement': ['story'] } };

export const instagramContentProperties: INodeProperties[] = [
	{
		displayName: 'Placement',
		name: 'placement',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Feed',
				value: 'feed',
				description: 'One video becomes a reel, one picture a picture, 2 to 10 of them a carousel',
			},
			{
				name: 'Story',
				value: 'story',
				description: 'One picture or video that is seen for 24 hours, without a caption',
			},
		],
		default: 'feed',
		hint: 'Videos are sent. Pictures (JPEG) are fetched by Instagram: give a URL, choose an S3 credential, or fill in Public Base URL and Media Folder in the credential.',
		displayOptions: contentShown,
	},
	{
		displayName: 'Caption',
		name: 'caption',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'At most 2200 characters, 5 hashtags and 20 mentions. May be empty.',
		displayOptions: { ...contentShown, hide: { ...contentShown.hide, placement: ['story'] } },
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		displayOptions: contentShown,
		options: [
			{
				displayName: 'Audio Name',
				name: 'audioName',
				displayOptions: notInStories,
				type: 'string',
				default: '',
				description: 'What the sound of the reel is called',
			},
			{
				displayName: 'Collaborators',
				name: 'collaborators',
				displayOptions: notInStories,
				type: 'string',
				default: '',
				placeholder: 'e.g. first.account, second.account',
				description: 'User names separated by commas, at most 3',
			},
			{
				displayName: 'Cover Moment (Milliseconds)',
				name: 'thumbOffsetMs',
				displayOptions: notInStories,
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description: 'The moment of the reel that becomes its cover',
			},
			{
				displayName: 'Cover URL',
				name: 'coverUrl',
				displayOptions: notInStories,
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/cover.jpg',
				description: 'Public address of a picture that becomes the cover of the reel; wins over Cover Moment',
			},
			{
				displayName: 'First Comment',
				name: 'firstComment',
				displayOptions: notInStories,
				type: 'string',
				typeOptions: { rows: 2 },
				default: '',
				description:
					'Written under the post once it is live. Needs the permission instagram_business_manage_comments. The output says under followUps whether it worked.',
			},
			{
				displayName: 'Made With AI',
				name: 'isAiGenerated',
				type: 'boolean',
				default: false,
				description: 'Whether the media was made with AI',
			},
			{
				displayName: 'Share to Feed',
				name: 'shareToFeed',
				displayOptions: notInStories,
				type: 'boolean',
				default: true,
				description: 'Whether the reel also stands in the feed of the profile',
			},
			{
				displayName: 'Trial Reel',
				name: 'trialReel',
				displayOptions: notInStories,
				type: 'options',
				options: [
					{
						name: 'Becomes an Ordinary Reel by Hand',
						value: 'MANUAL',
						description: 'Someone decides in the app',
					},
					{
						name: 'Becomes an Ordinary Reel When It Does Well',
						value: 'SS_PERFORMANCE',
						description: 'Instagram decides by the numbers',
					},
				],
				default: 'MANUAL',
				description: 'Show the reel first only to people who do not follow. Not every account has it.',
			},
			userTags,
		],
	},
];

const tagsSchema = z
	.object({ tag: z.array(z.record(z.string(), z.unknown())).default([]) })
	.default({ tag: [] });

const plainName = (name: unknown): string =>
	String(name ?? '')
		.trim()
		.replace(/^@/, '');

export function readInstagramContent(read: ReadParameter): PostContent {
	const given = filledIn(read('additionalFields', {}) as Record<string, unknown>);
	const { collaborators, userTags: tagged, ...fields } = given;
	const names = String(collaborators ?? '')
		.split(',')
		.map(plainName)
		.filter((name) => name !== '');
	const { tag } = tagsSchema.parse(tagged);
	const tags = tag.map(({ username, ...where }) => ({ username: plainName(username), ...where }));
	return {
		text: String(read('caption', '') ?? ''),
		options: {
			...(read('placement', 'feed') === 'story' && { placement: 'story' }),
			...fields,
			...(names.length > 0 && { collaborators: names }),
			...(tags.length > 0 && { userTags: tags }),
		},
	};
}
