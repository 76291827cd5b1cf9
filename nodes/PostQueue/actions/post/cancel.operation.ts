import type { INodeProperties } from 'n8n-workflow';
import { cancelPost } from '../../../../lib/database';
import { shownFor, type PostgresOperation } from '../../../shared/postgres-operations';
import { postIdField, readPostId, readText } from '../../../shared/postgres-fields';
import { postJson } from '../post-json';

const fields: INodeProperties[] = [
	postIdField,
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		default: '',
		description: 'For the post’s story',
	},
];

export const cancel: PostgresOperation = {
	description: shownFor({ resource: ['post'], operation: ['cancel'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const reason = readText(context, 'reason', itemIndex);
		return [{ json: postJson(await cancelPost(pool, readPostId(context, itemIndex), reason)) }];
	},
};
