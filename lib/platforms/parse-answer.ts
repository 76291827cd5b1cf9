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

interface Where {
	readonly platform: Platform;
	readonly ifUnreadable: Extract<ErrorClass, 'platform' | 'unknown'>;
}

/**
 * @param ifUnreadable the class of an answer that makes no sense: `unknown` after the publishing call, since
 *   it may have worked all the same, `platform` elsewhere.
 */
export function parseAnswer<Schema extends z.ZodType>(
	schema: Schema,
	response: HttpResponse,
	where: Where,
): z.infer<Schema> {
	return parseData(schema, readJson(response.bodyText), { ...where, httpStatus: response.status });
}

/** The same for data that came through a library: what its types say is a promise, not a check. */
export function parseData<Schema extends z.ZodType>(
	schema: Schema,
	data: unknown,
	{ platform, ifUnreadable, httpStatus = 200 }: Where & { httpStatus?: number },
): z.infer<Schema> {
	const parsed = schema.safeParse(data);
	if (parsed.success) return parsed.data;
	const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'body').slice(0, 3);
	throw new PublishError(ifUnreadable, `The answer cannot be read (${fields.join(', ')}).`, {
		platform,
		code: 'unreadable-answer',
		httpStatus,
	});
}
