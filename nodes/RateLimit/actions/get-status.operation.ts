import { limitStatus } from '../../../lib/limits';
import { shownFor, toItemJson, type PostgresOperation } from '../../shared/postgres-operations';
import { readRequest } from './read-request';
import { windowFields } from './window-fields';

export const getStatus: PostgresOperation = {
	description: shownFor({ operation: ['getStatus'] }, windowFields),

	async execute({ context, pool, itemIndex }) {
		const request = readRequest(context, itemIndex);
		const { platform, accountId } = request;
		const windows = await limitStatus(pool, request);
		return windows.map((window) => ({ json: toItemJson({ platform, accountId, ...window }) }));
	},
};
