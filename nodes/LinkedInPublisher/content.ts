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
		displayName:
			'LinkedIn lets nobody read a member’s posts. If the answer to a post is lost, nothing is sent again: the node tells a person where to look.',
		name: 'memberNotice',
		type: 'notice',
		default: '',
		displayOptions: { ...contentShown, show: { ...contentShown.show, postAs: ['member'] } },
	},
	{
		displayName: 'Organization Name or ID',
		name: 'organizationId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getOrganizations' },
		default: '',
		required: true,
		description:
			'The page to post as. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
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
			displayName: 'Article Description',
			name: 'description',
			type: 'string',
			default: '',
			description: 'Shown on the card of the Article URL',
		},
		{
			displayName: 'Article URL',
			name: 'articleUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/story',
			description:
				'A link with a card below the text. Needs a title; one picture as media becomes its thumbnail. LinkedIn does not look for links in the text.',
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
			description: 'Of the video, the picture, the document or the article. Several pictures have none.',
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
			description: 'Who can see the post',
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
		hint: 'With it goes one video (MP4), one document (PDF, PPT, PPTX, DOC, DOCX) or up to 20 pictures.',
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
