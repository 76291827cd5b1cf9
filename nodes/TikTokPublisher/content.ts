import type { INodeProperties } from 'n8n-workflow';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';
import { directFields, draftFields } from './additional-fields';

const directOnly = { ...contentShown, show: { ...contentShown.show, delivery: ['direct'] } };
const draftOnly = { ...contentShown, show: { ...contentShown.show, delivery: ['inbox'] } };

export const tiktokContentProperties: INodeProperties[] = [
	{
		displayName: 'Delivery',
		name: 'delivery',
		type: 'options',
		options: [
			{ name: 'Direct Post', value: 'direct', description: 'The video or the photos are posted at once' },
			{
				name: 'Draft in Inbox',
				value: 'inbox',
				description: 'The creator gets a message in the TikTok app and finishes the post there',
			},
		],
		default: 'direct',
		hint: 'One video, or up to 35 photos (JPEG or WebP). Photos are fetched by TikTok from a domain that is verified in its developer portal: a URL, an S3 credential or Public Media.',
		displayOptions: contentShown,
	},
	{
		displayName: 'Caption',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description:
			'With a video at most 2200 characters, with photos 4000, hashtags and mentions included; most emoji count two',
		displayOptions: directOnly,
	},
	{
		displayName: 'Privacy Name or ID',
		name: 'privacyLevel',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getPrivacyLevels' },
		default: 'SELF_ONLY',
		description:
			'Who sees the post; an app without audit may use Only Me alone. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: directOnly,
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		displayOptions: directOnly,
		options: directFields,
	},
	{
		displayName: 'Draft Fields',
		name: 'draftFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		displayOptions: draftOnly,
		options: draftFields,
	},
];

export function readTikTokContent(read: ReadParameter): PostContent {
	// A draft has no settings of its own: n8n gives the hidden fields no value.
	const isDraft = read('delivery', 'direct') === 'inbox';
	const fields = filledIn(read(isDraft ? 'draftFields' : 'additionalFields', {}) as Record<string, unknown>);
	const { photoTitle, photoDescription, ...options } = fields;
	return {
		...(photoTitle !== undefined && { title: String(photoTitle) }),
		text: String((isDraft ? photoDescription : read('text', '')) ?? ''),
		options: isDraft
			? { delivery: 'inbox', ...options }
			: { privacyLevel: read('privacyLevel', 'SELF_ONLY'), ...options },
	};
}
