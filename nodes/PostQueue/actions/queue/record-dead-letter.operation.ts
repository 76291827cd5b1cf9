import type { INodeProperties } from 'n8n-workflow';
import { recordDeadLetter } from '../../../../lib/database';
import { deadLetterSchema } from '../../../../lib/queue/messages';
import { shownFor, type PostgresOperation } from '../../../shared/postgres-operations';
import { parsedJson } from '../../../shared/postgres-fields';
import { postJson } from '../post-json';

const fields: INodeProperties[] = [
	{
		displayName: 'Dead Letter',
		name: 'deadLetter',
		type: 'json',
		default: '={{ $json.message }}',
		required: true,
		description: 'The message of a trigger on the stream Content Dead',
	},
];

export const recordDead: PostgresOperation = {
	description: shownFor({ resource: ['queue'], operation: ['recordDeadLetter'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const letter = deadLetterSchema.parse(
			parsedJson(context.getNodeParameter('deadLetter', itemIndex), 'Dead Letter'),
		);
		const { isNew, post } = await recordDeadLetter(pool, letter);
		return [{ json: { ...letter, isNew, post: post && postJson(post) } }];
	},
};
