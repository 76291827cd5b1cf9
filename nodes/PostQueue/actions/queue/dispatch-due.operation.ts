import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import {
	pruneOutbox,
	relayDefaults,
	relayOutbox,
	retellFailures,
	wakeStranded,
	type RelayResult,
} from '../../../../lib/database';
import { ensureStreams, publishMessage } from '../../../../lib/queue';
import { withJetStream } from '../../../shared/nats';
import { shownFor, type PostgresOperation } from '../../../shared/postgres-operations';

const fields: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Batch Limit',
				name: 'limit',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10000 },
				default: relayDefaults.limit,
				description: 'How many messages one run sends at most',
			},
		],
	},
];

const optionsSchema = z.object({ limit: z.coerce.number().int().min(1).max(10_000).optional() });

/** A tick that is missed, doubled or late changes nothing: what is due stands in rows, not in the tick. */
export const dispatchDue: PostgresOperation = {
	description: shownFor({ resource: ['queue'], operation: ['dispatchDue'] }, fields),

	async execute({ context, pool, itemIndex }) {
		const { limit } = optionsSchema.parse(context.getNodeParameter('options', itemIndex, {}));
		const { woken } = await wakeStranded({ pool });
		await retellFailures({ pool });
		const result = await withJetStream(context, async ({ connection, signal }) => {
			const relayed = await relayOutbox({
				pool,
				publish: async ({ outboxId, subject, payload }) => {
					const options = signal ? { signal } : {};
					await publishMessage(connection, { subject, payload, messageId: outboxId }, options);
				},
				...(limit && { limit }),
			});
			// The usual reason is a store that was lost with its streams; the rows come back in seconds.
			if (relayed.failed > 0) await ensureStreams(connection);
			return relayed;
		});
		const { pruned } = await pruneOutbox({ pool });
		refuseSilence(result);
		return [{ json: { woken, ...result, pruned } }];
	},
};

/** A tick that sent nothing of what was due has failed, and the executions list must say so. */
function refuseSilence({ relayed, failed, firstError }: RelayResult): void {
	if (relayed > 0 || failed === 0) return;
	throw Object.assign(new Error(`None of ${failed} due messages could be sent: ${firstError ?? ''}`), {
		remedy: 'Nothing is lost: they are sent again by the next run. Look at the NATS server if this stays.',
	});
}
