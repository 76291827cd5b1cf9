import { reserve as reserveLimits } from '../../../lib/limits';
import { shownFor, toItemJson, type PostgresOperation } from '../../shared/postgres-operations';
import { readRequest } from './read-request';
import { windowFields } from './window-fields';

/** The item goes on as it came, so that the publisher behind it finds the post where Claim left it. */
export const reserve: PostgresOperation = {
	description: shownFor({ operation: ['reserve'] }, windowFields),
	outputs: 2,
	// Never on Allowed: what is behind it would make the call.
	failureOutput: 1,

	async execute({ context, pool, itemIndex }) {
		const item = context.getInputData()[itemIndex]?.json ?? {};
		const request = readRequest(context, itemIndex);
		const result = await reserveLimits(pool, request);
		if (!result.allowed) {
			const { until, full } = result;
			return [
				{ json: { ...item, ...toItemJson({ until, rateLimit: { allowed: false, full } }) }, output: 1 },
			];
		}
		if (result.isLow) {
			const low = result.windows.filter(({ isLow }) => isLow).map(({ endpoint }) => endpoint);
			context.logger.warn(`Below 20 % of a rate limit on ${request.platform}: ${low.join(', ')}`);
		}
		return [{ json: { ...item, rateLimit: toItemJson(result) } }];
	},
};
