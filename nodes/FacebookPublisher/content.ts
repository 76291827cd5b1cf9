import type { INodeProperties } from 'n8n-workflow';
import type { PostContent } from '../../lib/publishing/post';
import { readInstant } from '../shared/instant';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';

const inFeed = { ...contentShown, show: { ...contentShown.show, placement: ['feed'] } };

export const facebookContentProperties: INodeProperties[] = [
	{
		displayName: 'Page Name or ID',
		name: 'pageId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getPages' },
		default: '',
		description:
			'The page to post on. Not needed when the account manages one page only. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: contentShown,
	},
	{
		displayName: 'Placement',
		name: 'placement',
		type: 'options',
		options: [
			{ name: 'Feed', value: 'feed', description: 'Text, a link, photos, a reel or a video' },
			{ name: 'Story', value: 'story', description: 'One photo or video, gone after a day' },
		],
		default: 'feed',
		displayOptions: contentShown,
	},
	{
		displayName:
			'Facebook tells no program which stories it took. If the answer to one is lost, nothing is sent again: the node tells a person where to look.',
		name: 'storyNotice',
		type: 'notice',
		default: '',
		displayOptions: { ...contentShown, show: { ...contentShown.show, placement: ['story'] } },
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'At most 63,206 characters. May be empty when there is media or a link.',
		hint: 'With it goes one video or up to 10 photos (JPEG or PNG, 4 MB each).',
		displayOptions: inFeed,
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		displayOptions: inFeed,
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
				displayName: 'Scheduled Publish Time',
				name: 'scheduledPublishTime',
				type: 'dateTime',
				default: '',
				description:
					'Facebook keeps the post back until then: 10 minutes to 30 days from now. Leave out to publish at once.',
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
					{ name: 'Reel', value: 'reel', description: 'Upright, 3 to 90 seconds, at most 30 in 24 hours' },
					{ name: 'Video', value: 'video', description: 'Any shape, up to 4 hours' },
				],
				default: 'reel',
				description: 'How a video is published',
			},
		],
	},
];

export function readFacebookContent(read: ReadParameter, timeZone: string): PostContent {
	const { title, scheduledPublishTime, ...options } = filledIn(
		read('additionalFields', {}) as Record<string, unknown>,
	);
	const pageId = String(read('pageId', '') ?? '').trim();
	const placement = read('placement', 'feed');
	return {
		text: String(read('text', '') ?? ''),
		...(title !== undefined && { title: String(title) }),
		options: {
			...options,
			...(placement === 'story' && { placement }),
			...(pageId && { pageId }),
			...(scheduledPublishTime !== undefined && {
				// What cannot be read is left for Validate to name.
				scheduledPublishTime:
					readInstant(scheduledPublishTime, timeZone)?.toISOString() ?? String(scheduledPublishTime),
			}),
		},
	};
}
