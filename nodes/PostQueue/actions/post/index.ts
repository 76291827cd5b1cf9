import type { INodeProperties } from 'n8n-workflow';
import type { PostgresOperation } from '../../../shared/postgres-operations';
import { cancel } from './cancel.operation';
import { claim } from './claim.operation';
import { create } from './create.operation';
import { defer } from './defer.operation';
import { get } from './get.operation';
import { getMany } from './get-many.operation';
import { getStory } from './get-story.operation';
import { redrive } from './redrive.operation';
import { reschedule } from './reschedule.operation';

export const postOperations: Readonly<Record<string, PostgresOperation>> = {
	cancel,
	claim,
	create,
	defer,
	get,
	getMany,
	getStory,
	redrive,
	reschedule,
};

export const postDescription: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['post'] } },
		default: 'claim',
		options: [
			{
				name: 'Cancel',
				value: 'cancel',
				action: 'Cancel a post',
				description: 'Take back a post that nobody works on yet',
			},
			{
				name: 'Claim',
				value: 'claim',
				action: 'Claim a post',
				description: 'Take a due post for publishing, so that no other worker can; or learn why not',
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create a post',
				description: 'Plan a post of words, pictures or videos; the same key twice plans nothing new',
			},
			{
				name: 'Defer',
				value: 'defer',
				action: 'Defer a post',
				description: 'Give a claimed post back until a time, for example when a rate limit is full',
			},
			{ name: 'Get', value: 'get', action: 'Get a post', description: 'Get one post as it stands' },
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many posts',
				description: 'Get posts by state, network, account or request, newest first',
			},
			{
				name: 'Get Story',
				value: 'getStory',
				action: 'Get the story of a post',
				description: 'Get everything that happened to a post, in order',
			},
			{
				name: 'Redrive',
				value: 'redrive',
				action: 'Redrive failed posts',
				description: 'Give failed posts a new set of attempts; an open outcome is looked up first',
			},
			{
				name: 'Reschedule',
				value: 'reschedule',
				action: 'Reschedule a post',
				description: 'Move a waiting post to another time',
			},
		],
	},
	...Object.values(postOperations).flatMap(({ description }) => description),
];
