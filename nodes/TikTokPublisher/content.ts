import type { INodeProperties } from 'n8n-workflow';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';

const directOnly = { ...contentShown, show: { ...contentShown.show, delivery: ['direct'] } };

const switches: INodeProperties[] = [
	{
		displayName: 'AI-Generated',
		name: 'isAiGenerated',
		type: 'boolean',
		default: false,
		description: 'Whether the video was made with AI; TikTok labels it so',
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
		description: 'Whether a third party pays for the video. Not with the privacy Only Me.',
	},
	{
		displayName: 'Your Brand',
		name: 'brandOrganic',
		type: 'boolean',
		default: false,
		description: 'Whether the video promotes your own business',
	},
];

export const tiktokContentProperties: INodeProperties[] = [
	{
		displayName: 'Delivery',
		name: 'delivery',
		type: 'options',
		options: [
			{ name: 'Direct Post', value: 'direct', description: 'The video is posted at once' },
			{
				name: 'Draft in Inbox',
				value: 'inbox',
				description: 'The creator gets a message in the TikTok app and finishes the post there',
			},
		],
		default: 'direct',
		displayOptions: contentShown,
	},
	{
		displayName: 'Caption',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'At most 2200 characters with hashtags and mentions; most emoji count two',
		displayOptions: directOnly,
	},
	{
		displayName: 'Privacy',
		name: 'privacyLevel',
		type: 'options',
		options: [
			{ name: 'Everyone', value: 'PUBLIC_TO_EVERYONE', description: 'Not for private accounts' },
			{ name: 'Followers', value: 'FOLLOWER_OF_CREATOR', description: 'For private accounts' },
			{ name: 'Friends', value: 'MUTUAL_FOLLOW_FRIENDS', description: 'Followers that are followed back' },
			{ name: 'Only Me', value: 'SELF_ONLY', description: 'All that an app without audit may use' },
		],
		default: 'SELF_ONLY',
		description: 'TikTok is asked before each post which of them the creator may use',
		displayOptions: directOnly,
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		displayOptions: directOnly,
		options: switches,
	},
];

export function readTikTokContent(read: ReadParameter): PostContent {
	// A draft has neither words nor settings of its own: n8n gives the hidden fields no value.
	if (read('delivery', 'direct') === 'inbox') return { options: { delivery: 'inbox' } };
	return {
		text: String(read('text', '') ?? ''),
		options: {
			privacyLevel: read('privacyLevel', 'SELF_ONLY'),
			...filledIn(read('additionalFields', {}) as Record<string, unknown>),
		},
	};
}
