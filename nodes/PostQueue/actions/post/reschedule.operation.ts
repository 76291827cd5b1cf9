import type { INodeProperties } from 'n8n-workflow';
import { reschedulePost } from '../../../../lib/database';
import { shownFor, type PostgresOperation } from '../../../shared/postgres-operations';
import { postIdField, readPostId, toDate } from '../../../shared/postgres-fields';
import { postJson } from '../post-json';

const fields: INodeProperties[] = [
	postIdField,
	{
		displayName: 'Scheduled At',
		name: 'scheduledAt',
		type: 'dateTime',
		default: '',
		required: true,
		description: 'The new time; a time that has passed means now',
	},
];

export const reschedule: PostgresOperation = {
	description: shownFor({ resource: ['post'], operation: ['reschedule'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const scheduledAt = toDate(context, context.getNodeParameter('scheduledAt', itemIndex), 'Scheduled At');
		return [{ json: postJson(await reschedulePost(pool, readPostId(context, itemIndex), scheduledAt)) }];
	},
};
