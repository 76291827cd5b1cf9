import type { INodeProperties } from 'n8n-workflow';
import { streams } from '../../lib/queue/messages';
import { optionDefaults } from './settings';

const options: INodeProperties[] = [
	{
		displayName: 'Ack Wait (Seconds)',
		name: 'ackWaitSec',
		type: 'number',
		typeOptions: { minValue: 5, maxValue: 3600 },
		default: optionDefaults.ackWaitSec,
		description:
			'How long after a crash of n8n a message comes back. Heartbeats keep running executions from being repeated, however long they take.',
	},
	{
		displayName: 'Check Messages',
		name: 'checkMessages',
		type: 'boolean',
		default: true,
		description:
			'Whether messages of the content streams must fit their schema. One that does not goes to the dead letters with the reason, without starting an execution.',
	},
	{
		displayName: 'Create Stream When Missing',
		name: 'createStream',
		type: 'boolean',
		default: true,
		description: 'Whether to create the stream, also when it disappears while the workflow is active',
	},
	{
		displayName: 'First Retry After (Seconds)',
		name: 'firstDelaySec',
		type: 'number',
		typeOptions: { minValue: 0.1, maxValue: 3600, numberPrecision: 1 },
		default: optionDefaults.firstDelaySec,
		description: 'The delay doubles with each attempt, with some chance in it, up to 30 minutes',
	},
	{
		displayName: 'Give Up Waiting After (Minutes)',
		name: 'giveUpMinutes',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10080 },
		default: optionDefaults.giveUpMinutes,
		description:
			'When n8n has not said by then how the execution ended, the message is tried again. Choose more than your longest execution takes. In queue mode n8n never says so when the time limit of the workflow ended it.',
	},
	{
		displayName: 'Max Attempts',
		name: 'maxAttempts',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100 },
		default: optionDefaults.maxAttempts,
		description: 'After this many failed executions the message goes to the dead letters',
	},
	{
		displayName: 'Parse JSON',
		name: 'parseJson',
		type: 'boolean',
		default: true,
		description:
			'Whether messages are JSON. One that is not goes to the dead letters. Switched off, the message is a text.',
	},
];

export const properties: INodeProperties[] = [
	{
		displayName:
			'A message is acknowledged after its execution succeeded, or when the execution reaches a Wait node. It is tried again when the execution fails. When a person stops the execution, it goes to the dead letters.',
		name: 'acknowledgementNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName:
			'A test in the editor shows the oldest waiting message and leaves it in the stream: the active workflow will still get it.',
		name: 'testNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Stream',
		name: 'stream',
		type: 'options',
		default: streams.extract.name,
		options: [
			{
				name: 'Content Dead',
				value: streams.dead.name,
				description: 'What could not be done: content.dead.>',
			},
			{
				name: 'Content Extract',
				value: streams.extract.name,
				description: 'Videos to make clips of: content.extract.>',
			},
			{
				name: 'Content Publish',
				value: streams.publish.name,
				description: 'Posts that are due: content.publish.<platform>.<account>',
			},
			{ name: 'Custom', value: 'custom', description: 'Any other JetStream stream' },
		],
	},
	{
		displayName: 'Stream Name',
		name: 'streamName',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. ORDERS',
		displayOptions: { show: { stream: ['custom'] } },
	},
	{
		displayName: 'Subject Filter',
		name: 'filterSubject',
		type: 'string',
		default: '',
		placeholder: 'e.g. content.publish.youtube.>',
		description: 'Only messages of these subjects: * stands for one word, > for all that follow. Empty: all.',
		hint: 'Two workflows on one content stream need filters that do not overlap',
	},
	{
		displayName: 'Durable Name',
		name: 'durable',
		type: 'string',
		default: 'n8n',
		required: true,
		description:
			'The server remembers under this name what was acknowledged. Triggers with the same name share the work.',
	},
	{
		displayName: 'Max Concurrent Executions',
		name: 'concurrency',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 200 },
		default: 5,
		description: 'How many messages this trigger works on at the same time',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	},
];
