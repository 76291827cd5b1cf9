// The fields that say whose budget is meant, and how they become windows.
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { chooseWindows, type CountedWindow, type ReserveRequest } from '../../../lib/limits';
import { platformAdapters } from '../../../lib/platforms/registry';
import { platformSchema } from '../../../lib/publishing/platform';
import { platformOptions, readText } from '../../shared/postgres-fields';

const ownLimit: INodeProperties[] = [
	{
		displayName: 'Endpoint',
		name: 'endpoint',
		type: 'string',
		default: '',
		description: 'Your name for it. The name of a known window replaces that one.',
	},
	{
		displayName: 'Limit',
		name: 'limitTotal',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 100,
		description: 'How many calls the window holds',
	},
	{
		displayName: 'Shared By',
		name: 'scope',
		type: 'options',
		default: 'account',
		options: [
			{ name: 'All Accounts of the App', value: 'app' },
			{ name: 'One Account', value: 'account' },
		],
	},
	{
		displayName: 'Window',
		name: 'kind',
		type: 'options',
		default: 'rolling',
		options: [
			{ name: 'Calendar Day', value: 'calendar-day' },
			{ name: 'Rolling', value: 'rolling' },
		],
	},
	{
		displayName: 'Length (Minutes)',
		name: 'lengthMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 15,
		displayOptions: { show: { kind: ['rolling'] } },
	},
	{
		displayName: 'Time Zone',
		name: 'timeZone',
		type: 'string',
		default: 'UTC',
		placeholder: 'e.g. America/Los_Angeles',
		displayOptions: { show: { kind: ['calendar-day'] } },
		description: 'Where midnight is counted',
	},
];

export const windowFields: INodeProperties[] = [
	{
		displayName: 'Network',
		name: 'platform',
		type: 'options',
		default: 'youtube',
		required: true,
		options: platformOptions,
	},
	{
		displayName: 'Account ID',
		name: 'accountId',
		type: 'string',
		default: '={{ $json.accountId }}',
		required: true,
		description: 'Your own name for the account, as the post carries it',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'App ID',
				name: 'appId',
				type: 'string',
				default: '',
				description: 'Which developer app, if you use several: its windows are shared by its accounts',
			},
			{
				displayName: 'Cost',
				name: 'cost',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1,
				description: 'What the call takes from each window',
			},
			{
				displayName: 'Own Limits',
				name: 'ownLimits',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true },
				placeholder: 'Add limit',
				default: {},
				options: [{ displayName: 'Limit', name: 'limit', values: ownLimit }],
			},
		],
	},
];

const ownLimitSchema = z
	.object({
		endpoint: z.string().min(1, 'an own limit needs the name of an endpoint'),
		limitTotal: z.coerce.number().int().min(0),
		scope: z.enum(['account', 'app']).default('account'),
		kind: z.enum(['rolling', 'calendar-day']).default('rolling'),
		lengthMinutes: z.coerce.number().positive().default(15),
		timeZone: z.string().default('UTC'),
	})
	.transform(({ kind, lengthMinutes, timeZone, ...limit }): CountedWindow => ({
		...limit,
		window:
			kind === 'rolling'
				? { kind, lengthSec: Math.round(lengthMinutes * 60) }
				: { kind: 'calendar-day', timeZone },
		source: 'set in the node',
	}));

const optionsSchema = z.object({
	appId: z.string().optional(),
	cost: z.coerce.number().int().min(1).default(1),
	ownLimits: z.object({ limit: z.array(ownLimitSchema).default([]) }).default({ limit: [] }),
});

export function readRequest(context: IExecuteFunctions, itemIndex: number): ReserveRequest {
	const platform = platformSchema.parse(context.getNodeParameter('platform', itemIndex));
	const options = optionsSchema.parse(context.getNodeParameter('options', itemIndex, {}));
	const known = platformAdapters.get(platform)?.description.limits ?? [];
	const windows = chooseWindows(known, options.ownLimits.limit);
	return {
		platform,
		accountId: z
			.string()
			.min(1, 'the Account ID is missing')
			.parse(readText(context, 'accountId', itemIndex)),
		...(options.appId && { appId: options.appId }),
		cost: options.cost,
		windows,
	};
}
