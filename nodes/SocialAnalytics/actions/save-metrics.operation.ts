import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { saveMetrics as saveSnapshot, type NewSnapshot } from '../../../lib/database';
import { platformSchema } from '../../../lib/publishing/platform';
import { parsedJson, platformOptions, readText } from '../../shared/postgres-fields';
import {
	shownFor,
	toItemJson,
	type OperationCall,
	type PostgresOperation,
} from '../../shared/postgres-operations';

const fields: INodeProperties[] = [
	{
		displayName: 'Find Post By',
		name: 'findBy',
		type: 'options',
		default: 'platformPostId',
		options: [
			{ name: 'ID at the Network', value: 'platformPostId' },
			{ name: 'Post ID', value: 'postId' },
		],
	},
	{
		displayName: 'Post ID',
		name: 'postId',
		type: 'string',
		default: '={{ $json.postId }}',
		required: true,
		displayOptions: { show: { findBy: ['postId'] } },
	},
	{
		displayName: 'Network',
		name: 'platform',
		type: 'options',
		default: 'youtube',
		required: true,
		options: platformOptions,
		displayOptions: { show: { findBy: ['platformPostId'] } },
	},
	{
		displayName: 'ID at the Network',
		name: 'platformPostId',
		type: 'string',
		default: '={{ $json.platformPostId }}',
		required: true,
		displayOptions: { show: { findBy: ['platformPostId'] } },
	},
	{
		displayName: 'Metrics',
		name: 'metrics',
		type: 'json',
		default: '={{ $json.metrics }}',
		required: true,
		description: 'As a publisher’s Get Metrics gives them; what a network does not say stays empty, never 0',
	},
	{
		displayName: 'Raw Answer',
		name: 'raw',
		type: 'json',
		default: '={{ $json.raw }}',
		description: 'What the network said, kept as it is',
	},
];

const count = z
	.number()
	.min(0)
	.nullish()
	.transform((value) => value ?? null);

const metricsSchema = z.object({
	views: count,
	likes: count,
	comments: count,
	shares: count,
	saves: count,
	clicks: count,
	watchTimeSeconds: count,
	reach: count,
	impressions: count,
});

export const saveMetrics: PostgresOperation = {
	description: shownFor({ operation: ['saveMetrics'] }, fields),

	async execute(call) {
		const { context, pool, itemIndex } = call;
		const raw: unknown = context.getNodeParameter('raw', itemIndex, {});
		const snapshot = await saveSnapshot(pool, {
			post: readPost(call),
			metrics: metricsSchema.parse(parsedJson(context.getNodeParameter('metrics', itemIndex), 'Metrics')),
			raw: raw === '' || raw == null ? {} : parsedJson(raw, 'Raw Answer'),
		});
		return [{ json: toItemJson(snapshot) }];
	},
};

function readPost({ context, itemIndex }: OperationCall): NewSnapshot['post'] {
	if (context.getNodeParameter('findBy', itemIndex) === 'postId') {
		return { postId: z.uuid('the Post ID is not one of ours').parse(readText(context, 'postId', itemIndex)) };
	}
	return {
		platform: platformSchema.parse(context.getNodeParameter('platform', itemIndex)),
		platformPostId: z
			.string()
			.min(1, 'the ID at the Network is missing')
			.parse(readText(context, 'platformPostId', itemIndex)),
	};
}
