import type { INodeProperties } from 'n8n-workflow';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';

export const facebookContentProperties: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'At most 63,206 characters. May be empty when there is media or a link.',
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
				displayName: 'Link',
				name: 'link',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/article',
				description: 'Shown as a preview under the text. Only for posts without media.',
			},
			{
				displayName: 'Page ID',
				name: 'pageId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 102938475610293',
				description: 'The number of the page to post on. Not needed when the account manages one page only.',
			},
			{
				displayName: 'Title',
				name: 'title',
				type: 'string',
				default: '',
				description: 'Title of a reel or video',
			},
			{
				displayName: 'Video Type',
				name: 'videoType',
				type: 'options',
				options: [
					{ name: 'Reel', value: 'reel', description: 'Upright, 3 to 90 seconds' },
					{ name: 'Video', value: 'video', description: 'Any shape, up to 4 hours' },
				],
				default: 'reel',
				description: 'How a video is published',
			},
		],
	},
];

export function readFacebookContent(read: ReadParameter): PostContent {
	const { title, ...options } = filledIn(read('additionalFields', {}) as Record<string, unknown>);
	return {
		text: String(read('text', '') ?? ''),
		...(title !== undefined && { title: String(title) }),
		options: { ...options, ...(options['pageId'] !== undefined && { pageId: String(options['pageId']) }) },
	};
}
