import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { queuePost } from '../../../../lib/database';
import { mediaRefSchema, postContentSchema } from '../../../../lib/publishing/post';
import { targetSchema } from '../../../../lib/queue/messages';
import { isWebAddress } from '../../../shared/publisher/remote-media';
import { shownFor, type OperationCall, type PostgresOperation } from '../../../shared/postgres-operations';
import { parsedJson, readText, toDate } from '../../../shared/postgres-fields';
import { postJson } from '../post-json';
import { createFields } from './create-fields';

const mediaSchema = z.array(
	mediaRefSchema.refine(({ ref }) => path.isAbsolute(ref) || isWebAddress(ref), {
		path: ['ref'],
		message: 'give an absolute path or a web address; binary data has to be written to a file first',
	}),
);

const additionalSchema = z.object({
	title: z.coerce.string().optional(),
	description: z.coerce.string().optional(),
	tags: z.coerce.string().default(''),
	options: z.unknown().optional(),
});

interface PostToBe {
	readonly content: z.infer<typeof postContentSchema>;
	readonly media: z.infer<typeof mediaSchema>;
}

/** Whether the network takes it is said by its own node: Validate before, or the post's story afterwards. */
export const create: PostgresOperation = {
	description: shownFor({ resource: ['post'], operation: ['create'] }, createFields),

	async execute(call) {
		const { context, pool, itemIndex } = call;
		const target = targetSchema.parse({
			platform: context.getNodeParameter('platform', itemIndex),
			accountId: readText(context, 'accountId', itemIndex).trim(),
		});
		const scheduledAt = context.getNodeParameter('scheduledAt', itemIndex, '') as unknown;
		const { post, isNew } = await queuePost({
			pool,
			idempotencyKey: z
				.string()
				.min(1, 'the Idempotency Key is missing')
				.parse(readText(context, 'idempotencyKey', itemIndex).trim()),
			...target,
			...readPost(call),
			...(scheduledAt ? { scheduledAt: toDate(context, scheduledAt, 'Scheduled At') } : {}),
		});
		return [{ json: { ...postJson(post), isNew } }];
	},
};

function readPost({ context, itemIndex }: OperationCall): PostToBe {
	const post =
		context.getNodeParameter('contentMode', itemIndex, 'fields') === 'json' ? fromJsonFields : fromFields;
	const found = post({ context, itemIndex });
	const { text, title, options = {} } = found.content;
	// A link or a poll can be a post too: what stands in the options is for the network to judge.
	const hasSomething = [text, title].some((words) => words?.trim()) || Object.keys(options).length > 0;
	if (hasSomething || found.media.length > 0) return found;
	throw Object.assign(new Error('The post has neither words nor media.'), {
		remedy: 'Fill in Text, or add Media.',
	});
}

type Place = Pick<OperationCall, 'context' | 'itemIndex'>;

function fromJsonFields({ context, itemIndex }: Place): PostToBe {
	const read = (name: string, label: string): unknown =>
		parsedJson(context.getNodeParameter(name, itemIndex), label);
	return {
		content: postContentSchema.parse(read('contentJson', 'Content (JSON)')),
		media: mediaSchema.parse(read('mediaJson', 'Media (JSON)') ?? []),
	};
}

function fromFields({ context, itemIndex }: Place): PostToBe {
	const { tags, options, ...words } = additionalSchema.parse(
		context.getNodeParameter('additionalFields', itemIndex, {}),
	);
	const text = readText(context, 'text', itemIndex);
	const listed = context.getNodeParameter('media.medium', itemIndex, []) as IDataObject[];
	const filled = Object.fromEntries(Object.entries({ ...words, text }).filter(([, word]) => word !== ''));
	const tagList = tags
		.split(',')
		.map((tag) => tag.trim())
		.filter((tag) => tag !== '');
	return {
		content: postContentSchema.parse({
			...filled,
			...(tagList.length > 0 && { tags: tagList }),
			...(options !== undefined && { options: parsedJson(options, 'Network Options (JSON)') }),
		}),
		media: mediaSchema.parse(
			listed.map(({ ref, altText }) => ({ ref: String(ref ?? '').trim(), ...(altText ? { altText } : {}) })),
		),
	};
}
