import type { INodeProperties } from 'n8n-workflow';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';

export const instagramContentProperties: INodeProperties[] = [
	{
		displayName: 'Caption',
		name: 'caption',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'At most 2200 characters, 5 hashtags and 20 mentions. May be empty.',
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
				displayName: 'Alt Text',
				name: 'altText',
				type: 'string',
				default: '',
				description: 'What the picture shows, for people who do not see it. Pictures only.',
			},
			{
				displayName: 'Audio Name',
				name: 'audioName',
				type: 'string',
				default: '',
				description: 'What the sound of the reel is called',
			},
			{
				displayName: 'Collaborators',
				name: 'collaborators',
				type: 'string',
				default: '',
				placeholder: 'e.g. first.account, second.account',
				description: 'User names separated by commas, at most 3',
			},
			{
				displayName: 'Cover Moment (Milliseconds)',
				name: 'thumbOffsetMs',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description: 'The moment of the video that becomes its cover',
			},
			{
				displayName: 'Cover URL',
				name: 'coverUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/cover.jpg',
				description: 'Public address of a picture that becomes the cover; wins over Cover Moment',
			},
			{
				displayName: 'Image URL',
				name: 'imageUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/picture.jpg',
				description:
					'Public address of a JPEG to post. Choose None as Media. Instagram takes pictures only this way.',
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
				type: 'boolean',
				default: true,
				description: 'Whether the reel also stands in the feed of the profile',
			},
			{
				displayName: 'Video URL',
				name: 'videoUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/clip.mp4',
				description: 'Public address of a video that Instagram fetches by itself. Choose None as Media.',
			},
		],
	},
];

export function readInstagramContent(read: ReadParameter): PostContent {
	const { collaborators, ...fields } = filledIn(read('additionalFields', {}) as Record<string, unknown>);
	const names = String(collaborators ?? '')
		.split(',')
		.map((name) => name.trim().replace(/^@/, ''))
		.filter((name) => name !== '');
	return {
		text: String(read('caption', '') ?? ''),
		options: { ...fields, ...(names.length > 0 && { collaborators: names }) },
	};
}
