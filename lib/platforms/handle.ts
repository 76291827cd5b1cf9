import type { z } from 'zod';
import { HandleGoneError } from '../publishing/publish';
import type { JsonObject } from '../publishing/platform';

/**
 * Handles come back from a JSON column that older versions wrote. One that cannot be read is as good as
 * forgotten: nothing was published with it, or the intent would be armed and a reader would be asked first.
 */
export function parseHandle<Schema extends z.ZodType>(schema: Schema, handle: JsonObject): z.infer<Schema> {
	const parsed = schema.safeParse(handle);
	if (parsed.success) return parsed.data;
	throw new HandleGoneError('The stored upload cannot be read; it is started anew.');
}
