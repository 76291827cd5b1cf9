import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import type { PostContent } from '../../lib/publishing/post';
import { contentShown } from '../shared/publisher/properties';
import { filledIn } from '../shared/publisher/read-content';
import type { ReadParameter } from '../shared/publisher/wiring';
import { additionalFields } from './additional-fields';

export const xContentProperties: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description:
			'At most 280 by the counting of X: a link is 23, an emoji 2. May be empty when there is media. X bills $0.015 for a post, and $0.20 for one with a link.',
		hint: 'With it goes one video, one GIF or up to 4 pictures. A thread is one node per post, each a reply to the one before.',
		displayOptions: contentShown,
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		displayOptions: contentShown,
		options: additionalFields,
	},
];

const fieldsSchema = z.looseObject({
	poll: z
		.object({ values: z.object({ choices: z.string(), durationMinutes: z.number() }).optional() })
		.optional(),
	replyToPostId: z.coerce.string().optional(),
	quotePostId: z.coerce.string().optional(),
	excludeReplyUserIds: z.coerce.string().optional(),
	taggedUserIds: z.coerce.string().optional(),
});

export function readXContent(read: ReadParameter): PostContent {
	const { poll, ...fields } = fieldsSchema.parse(filledIn(read('additionalFields', {}) as object as Fields));
	const choices = poll?.values && lines(poll.values.choices);
	return {
		text: String(read('text', '') ?? ''),
		options: filledIn({
			...fields,
			replyToPostId: fields.replyToPostId && idOf(fields.replyToPostId),
			quotePostId: fields.quotePostId && idOf(fields.quotePostId),
			excludeReplyUserIds: fields.excludeReplyUserIds && listed(fields.excludeReplyUserIds),
			taggedUserIds: fields.taggedUserIds && listed(fields.taggedUserIds),
			poll: choices && { options: choices, durationMinutes: poll?.values?.durationMinutes },
		}),
	};
}

type Fields = Readonly<Record<string, unknown>>;

/** People copy the address of a post; what X wants is the number in it. */
function idOf(idOrAddress: string): string {
	return /\/status\/(\d+)/.exec(idOrAddress)?.[1] ?? idOrAddress.trim();
}

function listed(ids: string): string[] {
	return ids
		.split(',')
		.map((id) => id.trim())
		.filter((id) => id !== '');
}

function lines(text: string): string[] {
	return text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
}
