import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { createPosts, newClipSchema, type OpenedPost, type PostTarget } from '../../../../lib/database';
import { adapterFor } from '../../../../lib/platforms/registry';
import { targetSchema } from '../../../../lib/queue/messages';
import { shownFor, type PostgresOperation } from '../../../shared/postgres-operations';
import { parsedJson, platformOptions, readText, toDate } from '../../../shared/postgres-fields';
import { postJson } from '../post-json';

const fields: INodeProperties[] = [
	{
		displayName: 'Request ID',
		name: 'requestId',
		type: 'string',
		default: '={{ $json.requestId }}',
		required: true,
		description: 'The same request twice gives the same posts. All items with one ID are planned together.',
	},
	{
		displayName: 'Clip',
		name: 'clip',
		type: 'json',
		default: '={{ $json }}',
		required: true,
		description: 'A clip as the Clip Extractor gives it: clipId, path, startSec, endSec, title, suggestions…',
	},
	{
		displayName: 'Targets',
		name: 'targetsMode',
		type: 'options',
		default: 'fields',
		options: [
			{ name: 'Choose Here', value: 'fields' },
			{ name: 'From JSON', value: 'json', description: 'As a request on content.extract.> carries them' },
		],
	},
	{
		displayName: 'Accounts',
		name: 'targets',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add account',
		default: {},
		displayOptions: { show: { targetsMode: ['fields'] } },
		options: [
			{
				displayName: 'Account',
				name: 'account',
				values: [
					{
						displayName: 'Network',
						name: 'platform',
						type: 'options',
						default: 'youtube',
						options: platformOptions,
					},
					{
						displayName: 'Account ID',
						name: 'accountId',
						type: 'string',
						default: 'main',
						description: 'Your own name for the account: letters, digits, _ and -',
					},
				],
			},
		],
	},
	{
		displayName: 'Targets (JSON)',
		name: 'targetsJson',
		type: 'json',
		default: '={{ $json.targets }}',
		displayOptions: { show: { targetsMode: ['json'] } },
		description: 'List of {platform, accountId, options?}',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Slot',
				name: 'slot',
				type: 'string',
				default: '',
				description:
					'A clip goes to an account once per slot. Name another slot to post it again on purpose.',
			},
			{
				displayName: 'Spacing (Minutes)',
				name: 'spacingMinutes',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 10080 },
				default: 0,
				description: 'Minutes between two clips on the same account',
			},
			{
				displayName: 'Start At',
				name: 'startAt',
				type: 'dateTime',
				default: '',
				description: 'When the first clip goes out; now when empty',
			},
		],
	},
];

const optionsSchema = z.object({
	slot: z.string().max(64).nullish(),
	spacingMinutes: z.coerce.number().min(0).max(10_080).nullish(),
	startAt: z.unknown().optional(),
});

export const addClips: PostgresOperation = {
	description: shownFor({ resource: ['clip'], operation: ['add'] }, fields),

	groups(context) {
		const byRequest = new Map<string, number[]>();
		context.getInputData().forEach((_item, index) => {
			const requestId = readText(context, 'requestId', index);
			byRequest.set(requestId, [...(byRequest.get(requestId) ?? []), index]);
		});
		return [...byRequest.values()];
	},

	async execute({ context, pool, itemIndex }, items) {
		const requestId = z
			.string()
			.min(1, 'the Request ID is missing')
			.parse(readText(context, 'requestId', itemIndex));
		const options = optionsSchema.parse(context.getNodeParameter('options', itemIndex, {}));
		const clips = items.map((index) =>
			newClipSchema.parse(parsedJson(context.getNodeParameter('clip', index), 'Clip')),
		);
		const { posts } = await createPosts({
			pool,
			requestId,
			clips,
			targets: readTargets(context, itemIndex),
			spacingMinutes: options.spacingMinutes ?? 0,
			slot: options.slot ?? '',
			...(options.startAt ? { startAt: toDate(context, options.startAt, 'Start At') } : {}),
		});
		return posts.map((opened) => ({
			json: openedJson(opened),
			itemIndex: items[clips.findIndex(({ clipId }) => clipId === opened.post.clipId)] ?? itemIndex,
		}));
	},
};

function openedJson({ post, isNew }: OpenedPost): IDataObject {
	return { ...postJson(post), isNew };
}

function readTargets(context: IExecuteFunctions, itemIndex: number): PostTarget[] {
	const isJson = context.getNodeParameter('targetsMode', itemIndex, 'fields') === 'json';
	const found = isJson
		? parsedJson(context.getNodeParameter('targetsJson', itemIndex), 'Targets (JSON)')
		: context.getNodeParameter('targets.account', itemIndex, []);
	const targets = z.array(targetSchema).min(1, 'add at least one account').parse(found);
	return targets.map((target) => ({
		...target,
		isWordless: adapterFor(target.platform).isWordless?.(target.options ?? {}) ?? false,
	}));
}
