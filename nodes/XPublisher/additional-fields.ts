import type { INodeProperties } from 'n8n-workflow';

const poll: INodeProperties = {
	displayName: 'Poll',
	name: 'poll',
	type: 'fixedCollection',
	default: {},
	description: 'A question with choices, instead of media',
	options: [
		{
			displayName: 'Poll',
			name: 'values',
			values: [
				{
					displayName: 'Choices',
					name: 'choices',
					type: 'string',
					typeOptions: { rows: 4 },
					default: '',
					description: 'Two to four, one per line, each with at most 25 characters',
				},
				{
					displayName: 'Duration (Minutes)',
					name: 'durationMinutes',
					type: 'number',
					typeOptions: { minValue: 5, maxValue: 10080 },
					default: 1440,
					description: 'How long people can vote: 5 minutes to 7 days',
				},
			],
		},
	],
};

/** In the order of the alphabet, as n8n's own nodes have it. */
export const additionalFields: INodeProperties[] = [
	{
		displayName: 'Account Has Premium',
		name: 'isPremium',
		type: 'boolean',
		default: false,
		description:
			'Whether texts of up to 25,000 and videos above 140 seconds or 512 MB are let through, which X takes from Premium accounts only',
	},
	{
		displayName: 'Community ID',
		name: 'communityId',
		type: 'string',
		default: '',
		description: 'The community that the post goes to',
	},
	{
		displayName: 'Exclude From Reply',
		name: 'excludeReplyUserIds',
		type: 'string',
		default: '',
		placeholder: 'e.g. 2244994945, 783214',
		description:
			'User IDs, separated by commas, that the reply does not mention although the other post does',
	},
	{
		displayName: 'Made With AI',
		name: 'madeWithAi',
		type: 'boolean',
		default: false,
		description: 'Whether the media was made with AI',
	},
	{
		displayName: 'Paid Partnership',
		name: 'paidPartnership',
		type: 'boolean',
		default: false,
		description: 'Whether the post is part of a paid partnership',
	},
	{
		displayName: 'Place ID',
		name: 'placeId',
		type: 'string',
		default: '',
		description: 'The place on X that the post is tagged with',
	},
	poll,
	{
		displayName: 'Quote Post',
		name: 'quotePostId',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://x.com/XDevelopers/status/1346889436626259968',
		description: 'ID or address of the post to quote. X allows it on Enterprise plans only.',
	},
	{
		displayName: 'Reply To Post',
		name: 'replyToPostId',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://x.com/XDevelopers/status/1346889436626259968',
		description:
			'ID or address of the post to reply to: one of your own, for example the platformPostId of an X Publisher before, or one whose author mentioned or quoted you',
	},
	{
		displayName: 'Share With Followers',
		name: 'shareWithFollowers',
		type: 'boolean',
		default: false,
		description: 'Whether followers see a community post as well',
	},
	{
		displayName: 'Super Followers Only',
		name: 'superFollowersOnly',
		type: 'boolean',
		default: false,
		description: 'Whether only super followers see the post',
	},
	{
		displayName: 'Tagged User IDs',
		name: 'taggedUserIds',
		type: 'string',
		default: '',
		placeholder: 'e.g. 2244994945, 783214',
		description: 'Up to ten people that the media is tagged with, separated by commas',
	},
	{
		displayName: 'Who Can Reply',
		name: 'replySettings',
		type: 'options',
		options: [
			{ name: 'Accounts You Follow', value: 'following' },
			{ name: 'Everyone', value: '' },
			{ name: 'Mentioned Accounts', value: 'mentionedUsers' },
			{ name: 'Subscribers', value: 'subscribers' },
			{ name: 'Verified Accounts', value: 'verified' },
		],
		default: '',
	},
];
