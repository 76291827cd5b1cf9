import type { INodeProperties } from 'n8n-workflow';
import { postgresCredential } from '../postgres';

const publishing = { resource: ['post'], operation: ['publish'] };

/** How much a crash may cost: nothing with the database, a look at the account without. */
export const deliveryProperties: INodeProperties[] = [
	{
		displayName: 'Exactly Once',
		name: 'exactlyOnce',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: publishing },
		options: [
			{
				name: 'By Claimed Post',
				value: 'claimedPost',
				description: 'The post comes from Post Queue → Claim, with its text and media. Needs PostgreSQL.',
			},
			{
				name: 'By Idempotency Key',
				value: 'idempotencyKey',
				description: 'The same key twice is the same post, also after a crash. Needs PostgreSQL.',
			},
			{
				name: 'Within This Execution',
				value: 'execution',
				description: 'No database: a crash or a second execution can publish again',
			},
		],
		default: 'execution',
	},
	{
		displayName: 'Post ID',
		name: 'postId',
		type: 'string',
		default: '={{ $json.postId }}',
		required: true,
		description: 'The ID of the claimed post',
		displayOptions: { show: { ...publishing, exactlyOnce: ['claimedPost'] } },
	},
	{
		displayName: 'Claim Epoch',
		name: 'claimEpoch',
		type: 'number',
		default: '={{ $json.claimEpoch }}',
		required: true,
		description: 'The number that the claim gave. A worker whose claim was taken over can no longer write.',
		displayOptions: { show: { ...publishing, exactlyOnce: ['claimedPost'] } },
	},
	{
		displayName: 'Idempotency Key',
		name: 'idempotencyKey',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. campaign-42/clip-3',
		description: 'Names this post for good. The same key with other content is refused.',
		displayOptions: { show: { ...publishing, exactlyOnce: ['idempotencyKey'] } },
	},
	{
		displayName: 'Account ID',
		name: 'accountId',
		type: 'string',
		default: 'main',
		required: true,
		description:
			'Your own name for the connected account, of letters, digits, _ and -; posts, limits and metrics are kept by it',
		displayOptions: { show: { ...publishing, exactlyOnce: ['idempotencyKey'] } },
	},
];

/**
 * Needed for a post that is published exactly once. Beside the readers it is a matter of choice: with it, the tokens of
 * an account are refreshed by one worker at a time.
 */
export const postgresCredentialWhenNeeded = {
	name: postgresCredential,
	required: false,
	displayOptions: {
		show: { operation: ['publish', 'getStatus', 'getMetrics'] },
		hide: { exactlyOnce: ['execution'] },
	},
};
