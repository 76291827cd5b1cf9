import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { deferClaim } from '../../../../lib/database';
import { shownFor, type PostgresOperation } from '../../../shared/postgres-operations';
import { postIdField, readPostId, readText, toDate } from '../../../shared/postgres-fields';
import { postJson } from '../post-json';

const fields: INodeProperties[] = [
	postIdField,
	{
		displayName: 'Claim Epoch',
		name: 'claimEpoch',
		type: 'number',
		default: '={{ $json.claimEpoch }}',
		required: true,
		description: 'As Claim gave it: only the worker that holds the post may give it back',
	},
	{
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		default: '={{ $json.until }}',
		required: true,
		description: 'When the post wakes up again, as Rate Limit says on its Wait output',
	},
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		default: 'A rate limit is full.',
		description: 'For the post’s story',
	},
];

export const defer: PostgresOperation = {
	description: shownFor({ resource: ['post'], operation: ['defer'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const post = await deferClaim({
			pool,
			postId: readPostId(context, itemIndex),
			epoch: z.coerce.number().int().min(1).parse(context.getNodeParameter('claimEpoch', itemIndex)),
			until: toDate(context, context.getNodeParameter('until', itemIndex), 'Until'),
			reason: readText(context, 'reason', itemIndex),
		});
		return [{ json: postJson(post) }];
	},
};
