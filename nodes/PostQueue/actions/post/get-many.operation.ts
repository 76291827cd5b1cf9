import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { listPosts } from '../../../../lib/database';
import { platformSchema } from '../../../../lib/publishing/platform';
import { postStateSchema } from '../../../../lib/publishing/post';
import { shownFor, type PostgresOperation } from '../../../shared/postgres-operations';
import { platformOptions } from '../../../shared/postgres-fields';
import { postJson } from '../post-json';

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
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: [
			{ displayName: 'Account ID', name: 'accountId', type: 'string', default: '' },
			{
				displayName: 'Networks',
				name: 'platforms',
				type: 'multiOptions',
				default: [],
				options: platformOptions,
			},
			{
				displayName: 'Request ID',
				name: 'requestId',
				type: 'string',
				default: '',
				description: 'The posts whose clips came from this request',
			},
			{
				displayName: 'States',
				name: 'states',
				type: 'multiOptions',
				default: [],
				options: postStateSchema.options.map((value) => ({
					name: value[0]?.toUpperCase() + value.slice(1),
					value,
				})),
			},
		],
	},
];

const filtersSchema = z.object({
	accountId: z.string().optional(),
	platforms: z.array(platformSchema).optional(),
	requestId: z.string().optional(),
	states: z.array(postStateSchema).optional(),
});

export const getMany: PostgresOperation = {
	description: shownFor({ resource: ['post'], operation: ['getMany'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const filters = filtersSchema.parse(context.getNodeParameter('filters', itemIndex, {}));
		const posts = await listPosts(pool, {
			limit: z.coerce.number().int().min(1).max(10_000).parse(context.getNodeParameter('limit', itemIndex)),
			...(filters.accountId && { accountId: filters.accountId }),
			...(filters.requestId && { requestId: filters.requestId }),
			...(filters.platforms && { platforms: filters.platforms }),
			...(filters.states && { states: filters.states }),
		});
		return posts.map((post) => ({ json: postJson(post) }));
	},
};
