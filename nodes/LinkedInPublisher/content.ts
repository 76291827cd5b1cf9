import type { INodeProperties } from 'n8n-workflow';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';

const authorProperties: INodeProperties[] = [
	{
		displayName: 'Post As',
		name: 'postAs',
		type: 'options',
		options: [
			{ name: 'Member', value: 'member', description: 'The person who connected the credential' },
			{
				name: 'Organization',
				value: 'organization',
				description:
					'A company page that this person administers. Needs Organization Access in the credential.',
			},
		],
		default: 'member',
		displayOptions: contentShown,
	},
	{
		displayName: 'Organization ID',
		name: 'organizationId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 2414183',
		description: 'The number in the address of the page when you administer it, or its whole URN',
		displayOptions: { ...contentShown, show: { ...contentShown.show, postAs: ['organization'] } },
	},
];

const additionalFields: INodeProperties = {
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
			description: 'What the picture shows, for those who cannot see it',
		},
		{
			displayName: 'Article Description',
			name: 'description',
			type: 'string',
			default: '',
		},
		{
			displayName: 'Article URL',
			name: 'articleUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/story',
			description:
				'A link with a card below the text. Needs a title, and cannot be together with media. LinkedIn does not look for links in the text.',
		},
		{
			displayName: 'Disable Reshare',
			name: 'disableReshare',
			type: 'boolean',
			default: false,
			description: 'Whether others are kept from sharing the post',
		},
		{
			displayName: 'Title',
			name: 'title',
			type: 'string',
			default: '',
			description: 'Of the video, the picture or the article',
		},
		{
			displayName: 'Visibility',
			name: 'visibility',
			type: 'options',
			options: [
				{ name: 'Connections', value: 'CONNECTIONS' },
				{ name: 'Everyone', value: 'PUBLIC' },
				{ name: 'Signed-in Members', value: 'LOGGED_IN' },
			],
			default: 'PUBLIC',
		},
	],
};

export const linkedInContentProperties: INodeProperties[] = [
	...authorProperties,
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description:
			'At most 3,000 characters. #hashtags work; @[Name](urn:li:organization:123) is a mention. May be empty when there is media or an article.',
		displayOptions: contentShown,
	},
	additionalFields,
];

export function readLinkedInContent(read: ReadParameter): PostContent {
	const { title, description, ...options } = filledIn(
		read('additionalFields', {}) as Record<string, unknown>,
	);
	const author =
		read('postAs', 'member') === 'organization' ? organizationUrn(read('organizationId')) : undefined;
	return {
		text: String(read('text', '') ?? ''),
		...(title !== undefined && { title: String(title) }),
		...(description !== undefined && { description: String(description) }),
		options: { ...options, ...(author !== undefined && { author }) },
	};
}

/** People have the number or the URN; whatever else it is, the rule about authors names it. */
function organizationUrn(given: unknown): string {
	const id = String(given ?? '').trim();
	return id.startsWith('urn:') ? id : `urn:li:organization:${id}`;
}
