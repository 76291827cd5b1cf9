import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { release as releaseLimits } from '../../../lib/limits';
import { shownFor, type PostgresOperation } from '../../shared/postgres-operations';

const fields: INodeProperties[] = [
	{
		displayName: 'Reservation ID',
		name: 'reservationId',
		type: 'string',
		default: '={{ $json.rateLimit.reservationId }}',
		required: true,
		description:
			'As Reserve gave it. Only for a call that was not made: one that failed has been counted there.',
	},
];

export const release: PostgresOperation = {
	description: shownFor({ operation: ['release'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const item = context.getInputData()[itemIndex]?.json ?? {};
		const reservationId = z
			.uuid('the Reservation ID is not one of ours')
			.parse(context.getNodeParameter('reservationId', itemIndex));
		return [{ json: { ...item, ...(await releaseLimits(pool, reservationId)) } }];
	},
};
