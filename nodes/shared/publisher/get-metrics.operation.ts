// Numbers for the posts of all items in as few calls as the network allows; one output item per post.
import { jsonParse, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import { failedItem } from '../errors';
import { asJson } from './json';
import { adapterContext } from './surroundings';
import type { PublisherWiring } from './wiring';

interface WantedPost {
	readonly platformPostId: string;
	readonly postId: string | undefined;
	readonly itemIndex: number;
}

const listSchema = z
	.union([
		z.array(z.union([z.string(), z.number()])).transform((ids) => ids.map(String)),
		z.string().transform((line) => line.split(',')),
		z.number().transform((id) => [String(id)]),
		z.null().transform(() => []),
		z.undefined().transform(() => []),
	])
	.transform((ids) => ids.map((id) => id.trim()).filter((id) => id !== ''));

/** One ID, several separated by commas, an array, or an array as JSON text. */
export function readIdList(value: unknown): string[] {
	const isJson = typeof value === 'string' && value.trim().startsWith('[');
	return listSchema.parse(
		isJson ? jsonParse(value, { errorMessage: 'The list of IDs is not valid JSON.' }) : value,
	);
}

export async function getMetrics(
	context: IExecuteFunctions,
	wiring: PublisherWiring,
): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	const wanted: WantedPost[] = [];
	const fail = (thrown: unknown, itemIndex: number): void => {
		output.push(failedItem(context, thrown, itemIndex));
	};
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			wanted.push(...readWanted(context, itemIndex));
		} catch (error) {
			fail(error, itemIndex);
		}
	}
	const { metricsBatchSize } = wiring.adapter.description;
	for (let start = 0; start < wanted.length; start += metricsBatchSize) {
		const batch = wanted.slice(start, start + metricsBatchSize);
		try {
			output.push(...(await readBatch(context, wiring, batch)));
		} catch (error) {
			for (const itemIndex of new Set(batch.map((post) => post.itemIndex))) fail(error, itemIndex);
		}
	}
	return output;
}

function readWanted(context: IExecuteFunctions, itemIndex: number): WantedPost[] {
	const platformPostIds = readIdList(context.getNodeParameter('platformPostIds', itemIndex));
	const postIds = readIdList(context.getNodeParameter('postIds', itemIndex, ''));
	if (platformPostIds.length === 0) {
		throw Object.assign(new Error('No post ID is given.'), {
			remedy: 'Give the ID that the network gave the post: platformPostId in the output of Publish.',
		});
	}
	if (postIds.length > 0 && postIds.length !== platformPostIds.length) {
		throw new Error(
			`${platformPostIds.length} posts have ${postIds.length} Post IDs; give one for each or none.`,
		);
	}
	return platformPostIds.map((platformPostId, index) => ({
		platformPostId,
		postId: postIds[index],
		itemIndex,
	}));
}

async function readBatch(
	context: IExecuteFunctions,
	{ adapter, credentialType, ...rest }: PublisherWiring,
	batch: readonly WantedPost[],
): Promise<INodeExecutionData[]> {
	const surroundings = await adapterContext(
		context,
		{ adapter, credentialType, ...rest },
		batch[0]?.itemIndex ?? 0,
	);
	const ids = [...new Set(batch.map(({ platformPostId }) => platformPostId))];
	const found = await adapter.metrics(surroundings, ids);
	const byId = new Map(found.map((metrics) => [metrics.platformPostId, metrics]));
	return batch.flatMap(({ platformPostId, postId, itemIndex }) => {
		const metrics = byId.get(platformPostId);
		// Deleted at the far side: there is nothing to save, and a made-up 0 would look like a drop.
		if (!metrics) return [];
		const json = asJson({ ...(postId && { postId }), platform: adapter.description.platform, ...metrics });
		return [{ json, pairedItem: { item: itemIndex } }];
	});
}
