import type { INodeProperties } from 'n8n-workflow';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';

export const threadsContentProperties: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description:
			'At most 500 characters, an emoji counts as its bytes (4 or more), and at most 5 links. May be empty when there is media, of which 2 to 20 make a carousel.',
		hint: 'Threads fetches media itself: give a URL, choose an S3 credential, or fill in Public Base URL and Media Folder in the credential.',
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
				displayName: 'Hide Media as Spoiler',
				name: 'isSpoilerMedia',
				type: 'boolean',
				default: false,
				description: 'Whether the media is blurred until somebody taps it',
			},
			{
				displayName: 'Link Attachment',
				name: 'linkAttachment',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://example.com/article',
				description: 'The link shown as a card under a post without media',
			},
			{
				displayName: 'Poll Answers',
				name: 'poll',
				type: 'string',
				typeOptions: { rows: 3 },
				default: '',
				placeholder: 'e.g. Yes',
				description:
					'2 to 4 answers to the question in the text, one per line, at most 25 characters each. Only without media.',
			},
			{
				displayName: 'Quote Post ID',
				name: 'quotePostId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 17890455566620145',
				description: 'The number of the post that is shown inside of this one',
			},
			{
				displayName: 'Reply to Post ID',
				name: 'replyToId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 17890455566620145',
				description:
					'The number of the post that this one answers, for example the platformPostId of a Threads Publisher before: so a thread is one node per post. Replies count in a window of their own (1000 in 24 hours).',
			},
			{
				displayName: 'Topic Tag',
				name: 'topicTag',
				type: 'string',
				default: '',
				placeholder: 'e.g. Cooking',
				description: 'The one topic of the post, 1 to 50 characters without a dot and without &',
			},
			{
				displayName: 'Who Can Reply',
				name: 'replyControl',
				type: 'options',
				options: [
					{ name: 'Accounts You Follow', value: 'accounts_you_follow' },
					{ name: 'Everyone', value: 'everyone' },
					{ name: 'Followers', value: 'followers_only' },
					{ name: 'Mentioned Accounts', value: 'mentioned_only' },
					{ name: 'Only the Author of the Parent Post', value: 'parent_post_author_only' },
				],
				default: 'everyone',
			},
		],
	},
];

export function readThreadsContent(read: ReadParameter): PostContent {
	const { poll, ...fields } = filledIn(read('additionalFields', {}) as Record<string, unknown>);
	const answers = String(poll ?? '')
		.split('\n')
		.map((answer) => answer.trim())
		.filter((answer) => answer !== '');
	return {
		text: String(read('text', '') ?? ''),
		options: { ...fields, ...(answers.length > 0 && { poll: answers }) },
	};
}
