import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { listRedrivable, redriveMany, redrivePost } from '../../../../lib/database';
import { shownFor, type PostgresOperation } from '../../../shared/postgres-operations';
import { postIdField, readPostId } from '../../../shared/postgres-fields';
import { postJson } from '../post-json';

const fields: INodeProperties[] = [
	{
		displayName: 'Which Posts',
		name: 'redriveMode',
		type: 'options',
		default: 'one',
		options: [
			{ name: 'All Failed', value: 'all' },
			{ name: 'All Failed of One Error Class', value: 'class' },
			{ name: 'One', value: 'one' },
		],
	},
	{ ...postIdField, displayOptions: { show: { redriveMode: ['one'] } } },
	{
		displayName: 'Error Class',
		name: 'errorClass',
		type: 'options',
		default: 'network',
		displayOptions: { show: { redriveMode: ['class'] } },
		options: [
			{ name: 'Authentication', value: 'auth', description: 'The account had to be reconnected' },
			{ name: 'Network', value: 'network' },
			{ name: 'Platform', value: 'platform', description: 'The network was unwell' },
			{ name: 'Rejected', value: 'rejected', description: 'The network refused for good' },
			{
				name: 'Unknown Outcome',
				value: 'unknown',
				description: 'Looked for again first, never sent blindly',
			},
			{ name: 'Validation', value: 'validation' },
		],
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10000 },
		default: 50,
		displayOptions: { show: { redriveMode: ['all', 'class'] } },
		description: 'Max number of results to return',
	},
];

const paramsSchema = z.object({
	mode: z.enum(['one', 'class', 'all']),
	errorClass: z.string(),
	limit: z.coerce.number().int().min(1).max(10_000),
});

export const redrive: PostgresOperation = {
	description: shownFor({ resource: ['post'], operation: ['redrive'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const { mode, errorClass, limit } = paramsSchema.parse({
			mode: context.getNodeParameter('redriveMode', itemIndex),
			errorClass: context.getNodeParameter('errorClass', itemIndex, ''),
			limit: context.getNodeParameter('limit', itemIndex, 1),
		});
		if (mode === 'one') return [{ json: postJson(await redrivePost(pool, readPostId(context, itemIndex))) }];
		const ids = await listRedrivable(pool, { limit, ...(mode === 'class' && { errorClass }) });
		const redriven = await redriveMany(pool, ids);
		return redriven.map((post) => ({ json: postJson(post) }));
	},
};
