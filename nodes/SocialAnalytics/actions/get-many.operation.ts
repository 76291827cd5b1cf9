import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { listSnapshots } from '../../../lib/database';
import { readText } from '../../shared/postgres-fields';
import { shownFor, toItemJson, type PostgresOperation } from '../../shared/postgres-operations';

const fields: INodeProperties[] = [
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10000 },
		default: 50,
		description: 'Max number of results to return',
	},
	{
		displayName: 'Post ID',
		name: 'filterPostId',
		type: 'string',
		default: '',
		description: 'The snapshots of this post; of all posts when empty',
	},
];

export const getMany: PostgresOperation = {
	description: shownFor({ operation: ['getMany'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const postId = readText(context, 'filterPostId', itemIndex);
		const snapshots = await listSnapshots(pool, {
			limit: z.coerce.number().int().min(1).max(10_000).parse(context.getNodeParameter('limit', itemIndex)),
			...(postId && { postId: z.uuid('the Post ID is not one of ours').parse(postId) }),
		});
		return snapshots.map((snapshot) => ({ json: toItemJson(snapshot) }));
	},
};
