// "Test step" in the editor: one look, shown whether or not something is due.
import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { findOldestUnsent } from '../../lib/database';
import { toNodeError } from '../shared/errors';
import { withPostgres } from '../shared/postgres';
import { toItem } from './item';

export function lookForEditor(context: ITriggerFunctions): ITriggerResponse {
	return {
		manualTriggerFunction: async () => {
			try {
				const oldest = await withPostgres(context, async (pool) => await findOldestUnsent(pool));
				context.emit([[{ json: oldest ? toItem(oldest) : { oldestDueAt: null, lateMs: 0 } }]]);
			} catch (error) {
				throw toNodeError(context.getNode(), error, 0);
			}
		},
	};
}
