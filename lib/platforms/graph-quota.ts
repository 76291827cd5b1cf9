// What Meta's quota endpoints say, as something that the rate limiter can learn from.
import { z } from 'zod';
import type { LimitSighting } from '../publishing/adapter';
import type { HttpRequest, HttpResponse } from '../publishing/ports';

/**
 * The windows roll, and nothing says when the oldest post leaves them. What was said is believed for this long: the
 * next post asks again, and an account that nobody posts to must not stay closed for a day.
 */
const believedForSec = 3_600;

const quotaSchema = z.object({
	data: z.tuple([z.record(z.string(), z.unknown())]).rest(z.unknown()),
});
const configSchema = z.object({ quota_total: z.number().nonnegative() });

/** @param names of the two fields: posts and replies have a pair each. */
export function learnFromQuota(
	endpoint: string,
	{ usage, config }: { readonly usage: string; readonly config: string },
): (request: HttpRequest, response: HttpResponse) => LimitSighting | null {
	return ({ url }, { status, bodyText }) => {
		if (status !== 200 || !new URL(url).pathname.endsWith(endpoint)) return null;
		const [entry] = quotaSchema.safeParse(asJson(bodyText)).data?.data ?? [];
		const used = z.number().nonnegative().safeParse(entry?.[usage]).data;
		const total = configSchema.safeParse(entry?.[config]).data?.quota_total;
		if (used === undefined || total === undefined) return null;
		return {
			limitTotal: total,
			limitRemaining: Math.max(0, total - used),
			resetAt: { afterSec: believedForSec },
		};
	};
}

function asJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
