import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { postsDueForMetrics } from '../../../lib/database';
import { platformAdapters } from '../../../lib/platforms/registry';
import { platformSchema } from '../../../lib/publishing/platform';
import { platformOptions } from '../../shared/postgres-fields';
import { shownFor, toItemJson, type PostgresOperation } from '../../shared/postgres-operations';

const fields: INodeProperties[] = [
	{
		displayName: 'Networks',
		name: 'platforms',
		type: 'multiOptions',
		default: [],
		options: platformOptions,
		description: 'All networks when empty',
	},
];

/** One item per metrics call: the posts of one account, as many as the network takes at once. */
export const getDuePosts: PostgresOperation = {
	description: shownFor({ operation: ['getDuePosts'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const platforms = z.array(platformSchema).parse(context.getNodeParameter('platforms', itemIndex, []));
		const batches = await postsDueForMetrics(pool, {
			batchSizeOf: (platform) => platformAdapters.get(platform)?.description.metricsBatchSize ?? 1,
			platforms,
		});
		return batches.map((batch) => ({ json: toItemJson(batch) }));
	},
};
