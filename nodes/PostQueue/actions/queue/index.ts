import type { INodeProperties } from 'n8n-workflow';
import type { PostgresOperation } from '../../../shared/postgres-operations';
import { dispatchDue } from './dispatch-due.operation';
import { raise } from './raise-alert.operation';
import { recordDead } from './record-dead-letter.operation';
import { setUp } from './set-up.operation';

export const queueOperations: Readonly<Record<string, PostgresOperation>> = {
	dispatchDue,
	raiseAlert: raise,
	recordDeadLetter: recordDead,
	setUp,
};

export const queueDescription: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['queue'] } },
		default: 'dispatchDue',
		options: [
			{
				name: 'Dispatch Due Posts',
				value: 'dispatchDue',
				action: 'Dispatch due posts',
				description:
					'Send what is due to NATS JetStream and wake what was left behind; run it every few seconds',
			},
			{
				name: 'Raise Alert',
				value: 'raiseAlert',
				action: 'Raise an alert',
				description: 'Write down trouble once; the same trouble again is counted',
			},
			{
				name: 'Record Dead Letter',
				value: 'recordDeadLetter',
				action: 'Record a dead letter',
				description: 'Keep a message that was given up, and take its post out of the round',
			},
			{
				name: 'Set Up Database',
				value: 'setUp',
				action: 'Set up the database',
				description: 'Create or update the tables; safe to run again at any time',
			},
		],
	},
	...Object.values(queueOperations).flatMap(({ description }) => description),
];
