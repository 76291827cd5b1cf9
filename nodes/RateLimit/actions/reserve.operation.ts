import { z } from 'zod';
import { reserve as reserveLimits } from '../../../lib/limits';
import {
	shownFor,
	toItemJson,
	type OperationCall,
	type OperationOutput,
	type PostgresOperation,
} from '../../shared/postgres-operations';
import { isForOtherCall, isForPost, readRequest } from './read-request';
import { recordFailure } from './record-failure';
import { windowFields } from './window-fields';

/** As Claim marks a post whose last call may have worked. */
const openOutcomeSchema = z.object({ isOutcomeOpen: z.literal(true) });

/** A full window must never keep a post from being looked for; and the slot of the call that was lost is still taken. */
const spared = {
	allowed: true,
	isSpared: true,
	reason: 'The post may be out already: its publisher looks for it first, and no second slot is taken.',
} as const;

/** The item goes on as it came, so that the publisher behind it finds the post where Claim left it. */
export const reserve: PostgresOperation = {
	description: shownFor({ operation: ['reserve'] }, windowFields),
	outputs: 2,
	// Never on Allowed: what is behind it would make the call.
	failureOutput: 1,

	async execute(call) {
		return await reserveSlot(call).catch(async (thrown: unknown) => {
			const { context, itemIndex } = call;
			// Its post has failed or comes back by itself: on neither output is there anything left to do.
			if (!isForOtherCall(context, itemIndex) && (await recordFailure(call, thrown))) return [];
			throw thrown;
		});
	},
};

async function reserveSlot({ context, pool, itemIndex }: OperationCall): Promise<readonly OperationOutput[]> {
	const item = context.getInputData()[itemIndex]?.json ?? {};
	const request = readRequest(context, itemIndex);
	const forPost = isForPost(context, itemIndex);
	if (forPost && openOutcomeSchema.safeParse(item).success) {
		return [{ json: { ...item, rateLimit: { ...spared } } }];
	}
	const result = await reserveLimits(pool, request);
	if (!result.allowed) {
		const { until, full } = result;
		return [{ json: { ...item, ...toItemJson({ until, rateLimit: { allowed: false, full } }) }, output: 1 }];
	}
	if (result.isLow) {
		const low = result.windows.filter(({ isLow }) => isLow).map(({ endpoint }) => endpoint);
		context.logger.warn(`Below 20 % of a rate limit on ${request.platform}: ${low.join(', ')}`);
	}
	const { platform, accountId } = request;
	const rateLimit = { ...result, ...(forPost && { forPostOf: { platform, accountId } }) };
	return [{ json: { ...item, rateLimit: toItemJson(rateLimit) } }];
}
