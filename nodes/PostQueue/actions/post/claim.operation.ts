import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { claimPost, defaultLeaseMs } from '../../../../lib/database';
import { shownFor, toItemJson, type PostgresOperation } from '../../../shared/postgres-operations';
import { postIdField, readPostId } from '../../../shared/postgres-fields';
import { claimedJson } from '../post-json';

const fields: INodeProperties[] = [
	postIdField,
	{
		displayName: 'Lease (Seconds)',
		name: 'leaseSec',
		type: 'number',
		typeOptions: { minValue: 10, maxValue: 3600 },
		default: defaultLeaseMs / 1_000,
		description:
			'How long the post is yours without a sign of life. The publisher node extends it while it works; after it another worker may take over.',
	},
];

const leaseSchema = z.coerce.number().min(10).max(3_600);

export const claim: PostgresOperation = {
	description: shownFor({ resource: ['post'], operation: ['claim'] }, fields),
	outputs: 2,

	async execute({ context, pool, itemIndex }) {
		const postId = readPostId(context, itemIndex);
		const leaseSec = leaseSchema.parse(context.getNodeParameter('leaseSec', itemIndex));
		const result = await claimPost({ pool, postId, leaseMs: leaseSec * 1_000 });
		if (result.claimed) return [{ json: { claimed: true, ...claimedJson(result.post) } }];
		const { live, ...why } = result;
		const found = { platformPostId: live?.platformPostId ?? null, url: live?.url ?? null };
		return [{ json: toItemJson({ postId, ...why, ...found }), output: 1 }];
	},
};
