// The fields that say whose budget is meant. read-request.ts makes windows of them.
import type { INodeProperties } from 'n8n-workflow';
import { platformOptions } from '../../shared/postgres-fields';

const timeZone: INodeProperties = {
	displayName: 'Time Zone',
	name: 'timeZone',
	type: 'string',
	default: 'UTC',
	placeholder: 'e.g. America/Los_Angeles',
	description: 'Where midnight is counted',
};

const ownLimit: INodeProperties[] = [
	{
		displayName: 'Cost',
		name: 'cost',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'What the call takes from this limit, such as quota units; 0 means the Cost of the call',
	},
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
			{ name: 'Calendar Month', value: 'calendar-month' },
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
	{ ...timeZone, displayOptions: { show: { kind: ['calendar-day', 'calendar-month'] } } },
];

const ownLimits: INodeProperties = {
	displayName: 'Own Limits',
	name: 'ownLimits',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add limit',
	default: {},
	options: [{ displayName: 'Limit', name: 'limit', values: ownLimit }],
};

const spendingLimit: INodeProperties[] = [
	{
		displayName: 'Amount (USD)',
		name: 'amountUsd',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 25,
		description: 'What all calls of the app may cost together',
	},
	{
		displayName: 'Per',
		name: 'per',
		type: 'options',
		default: 'month',
		options: [
			{ name: 'Day', value: 'day' },
			{ name: 'Month', value: 'month' },
		],
	},
	{
		displayName: 'Price of the Call (USD)',
		name: 'priceUsd',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 6 },
		default: 0,
		description:
			'What this call costs. 0 means what the network bills for the content of the item: on X a link makes a post thirteen times as dear.',
	},
	timeZone,
];

export const accountFields: INodeProperties[] = [
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
];

export const appIdOption: INodeProperties = {
	displayName: 'App ID',
	name: 'appId',
	type: 'string',
	default: '',
	description: 'Which developer app, if you use several: its windows are shared by its accounts',
};

export const learnOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		appIdOption,
		{
			displayName: 'Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. POST /2/tweets',
			description: 'Which window the headers are about, as Get Status names it. The first one when empty.',
		},
		ownLimits,
	],
};

export const windowFields: INodeProperties[] = [
	...accountFields,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			appIdOption,
			{
				displayName: 'Cost',
				name: 'cost',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1,
				description: 'What the call takes from each window',
			},
			{
				displayName: 'Count as a Post',
				name: 'countsAsPost',
				type: 'boolean',
				default: true,
				description:
					'Whether the call takes from the windows that the network has for posts. Turn it off for other calls and add their limits below.',
			},
			ownLimits,
			{
				displayName: 'Spending Limit',
				name: 'spending',
				type: 'fixedCollection',
				placeholder: 'Add spending limit',
				default: {},
				description: 'A budget in dollars, for networks that bill each post',
				options: [{ displayName: 'Budget', name: 'budget', values: spendingLimit }],
			},
		],
	},
];
