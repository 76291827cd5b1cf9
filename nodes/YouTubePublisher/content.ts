import type { INodeProperties } from 'n8n-workflow';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';

export const youtubeContentProperties: INodeProperties[] = [
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
		required: true,
		description: 'At most 100 characters, without angle brackets',
		displayOptions: contentShown,
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'At most 5000 bytes; an emoji counts four or more',
		displayOptions: contentShown,
	},
	{
		displayName: 'Privacy',
		name: 'privacyStatus',
		type: 'options',
		options: [
			{ name: 'Private', value: 'private', description: 'Only you see it' },
			{ name: 'Public', value: 'public', description: 'Everybody sees it' },
			{ name: 'Unlisted', value: 'unlisted', description: 'Whoever has the link sees it' },
		],
		default: 'private',
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
				displayName: 'Category ID',
				name: 'categoryId',
				type: 'string',
				default: '22',
				description: 'Number of a YouTube category; 22 is People & Blogs',
			},
			{
				displayName: 'Contains Synthetic Media',
				name: 'containsSyntheticMedia',
				type: 'boolean',
				default: false,
				description: 'Whether the video shows realistic content that was altered or generated',
			},
			{
				displayName: 'Made for Kids',
				name: 'madeForKids',
				type: 'boolean',
				default: false,
				description: 'Whether the video is made for children',
			},
			{
				displayName: 'Notify Subscribers',
				name: 'notifySubscribers',
				type: 'boolean',
				default: true,
				description: 'Whether subscribers are told of the new video',
			},
			{
				displayName: 'Publish At',
				name: 'publishAt',
				type: 'dateTime',
				default: '',
				description: 'When YouTube makes the video public by itself. Only with the privacy Private.',
			},
			{
				displayName: 'Tags',
				name: 'tags',
				type: 'string',
				default: '',
				placeholder: 'e.g. podcast, interview',
				description: 'Separated by commas, at most 500 characters in all',
			},
		],
	},
];

export function readYouTubeContent(read: ReadParameter): PostContent {
	const { tags, publishAt, ...fields } = filledIn(read('additionalFields', {}) as Record<string, unknown>);
	const description = String(read('description', '') ?? '');
	return {
		title: String(read('title', '') ?? ''),
		...(description && { description }),
		tags: readTags(tags),
		options: {
			privacyStatus: read('privacyStatus', 'private'),
			...fields,
			...(publishAt !== undefined && { publishAt: asInstant(publishAt) }),
		},
	};
}

function readTags(tags: unknown): string[] {
	const list = Array.isArray(tags) ? tags.map(String) : String(tags ?? '').split(',');
	return list.map((tag) => tag.trim()).filter((tag) => tag !== '');
}

/** The editor's date field gives a time without a zone; what cannot be read is left for Validate to name. */
function asInstant(value: unknown): unknown {
	const at = new Date(String(value));
	return Number.isNaN(at.getTime()) ? value : at.toISOString();
}
