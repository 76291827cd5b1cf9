import { z } from 'zod';
import { ensureStreams, ownPlans } from '../../../../lib/queue';
import { shownFor, type Operation } from '../operation';

export const setUp: Operation = {
	properties: shownFor('stream', 'setUp', [
		{
			displayName:
				'Creates the streams CONTENT_EXTRACT, CONTENT_PUBLISH and CONTENT_DEAD when they are missing. Running it again changes nothing, and sizes or replicas that you changed on the server stay.',
			name: 'setUpNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Replicas',
			name: 'replicas',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 5 },
			default: 1,
			description: 'How many servers of a cluster keep each message. Only for streams that are created now.',
		},
	]),

	async execute(context, itemIndex, { connection }) {
		const replicas = z.number().int().min(1).max(5).parse(context.getNodeParameter('replicas', itemIndex));
		const results = await ensureStreams(connection, ownPlans, { replicas });
		return results.map((result) => ({ ...result }));
	},
};
