import type { INodeProperties } from 'n8n-workflow';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';

export const xContentProperties: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description:
			'At most 280 by the counting of X: a link is 23, an emoji 2. May be empty when there is media.',
		displayOptions: contentShown,
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
		],
	},
];

export function readXContent(read: ReadParameter): PostContent {
	return {
		text: String(read('text', '') ?? ''),
		options: filledIn(read('additionalFields', {}) as Record<string, unknown>),
	};
}
