import type { z } from 'zod';
import { PublishError, type ErrorClass } from '../publishing/errors';
import type { Platform } from '../publishing/platform';
import type { HttpResponse } from '../publishing/ports';

/** The far side's JSON, or undefined when it is none (a proxy's HTML, an empty body). */
export function readJson(bodyText: string): unknown {
	try {
		return JSON.parse(bodyText) as unknown;
	} catch {
		return undefined;
	}
}

/**
 * @param ifUnreadable the class of an answer that makes no sense: `unknown` after the publishing call, since
 *   it may have worked all the same, `platform` elsewhere.
 */
export function parseAnswer<Schema extends z.ZodType>(
	schema: Schema,
	response: HttpResponse,
	where: { platform: Platform; ifUnreadable: Extract<ErrorClass, 'platform' | 'unknown'> },
): z.infer<Schema> {
	const parsed = schema.safeParse(readJson(response.bodyText));
	if (parsed.success) return parsed.data;
	const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'body').slice(0, 3);
	throw new PublishError(where.ifUnreadable, `The answer cannot be read (${fields.join(', ')}).`, {
		platform: where.platform,
		code: 'unreadable-answer',
		httpStatus: response.status,
	});
}
