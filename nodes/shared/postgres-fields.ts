// What the operations read from their fields, checked once: an expression can put anything there.
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { platformSchema } from '../../lib/publishing/platform';
import { readInstant } from './instant';

const postIdSchema = z.uuid('the Post ID is not one of ours');

export function readPostId(context: IExecuteFunctions, itemIndex: number): string {
	return postIdSchema.parse(context.getNodeParameter('postId', itemIndex));
}

export function readText(context: IExecuteFunctions, name: string, itemIndex: number): string {
	return z.coerce.string().parse(context.getNodeParameter(name, itemIndex, ''));
}

export function toDate(context: Pick<IExecuteFunctions, 'getTimezone'>, value: unknown, name: string): Date {
	const date = readInstant(value, context.getTimezone());
	if (!date) throw new Error(`${name} is not a date: ${String(value).slice(0, 40)}`);
	return date;
}

export const postIdField: INodeProperties = {
	displayName: 'Post ID',
	name: 'postId',
	type: 'string',
	default: '={{ $json.postId }}',
	required: true,
	placeholder: 'e.g. 5f0c9e9a-6c1b-4d0f-9d57-0d7c2a5f1e11',
	description: 'The post, as Add Clips, Create or a queue message names it',
};

const platformNames: Record<z.infer<typeof platformSchema>, string> = {
	youtube: 'YouTube',
	tiktok: 'TikTok',
	instagram: 'Instagram',
	x: 'X',
	linkedin: 'LinkedIn',
	facebook: 'Facebook',
	threads: 'Threads',
};

export const platformOptions = platformSchema.options.map((value) => ({ name: platformNames[value], value }));

const jsonTextSchema = z.string().transform((text, check): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		check.addIssue({ code: 'custom', message: 'is not JSON' });
		return z.NEVER;
	}
});

/** A JSON field holds text when it was typed and an object when it came from an expression. */
export function parsedJson(value: unknown, name: string): unknown {
	if (typeof value !== 'string') return value;
	return z.object({ [name]: jsonTextSchema }).parse({ [name]: value })[name];
}
