import { postContentSchema, type PostContent } from '../../../lib/publishing/post';
import type { OperationInput } from './operation-input';

export function readItemContent({ context, wiring, itemIndex }: OperationInput): PostContent {
	const content = wiring.readContent(
		(name, fallback) => context.getNodeParameter(name, itemIndex, fallback as object),
		context.getTimezone(),
	);
	return postContentSchema.parse(content);
}

/** An empty field of the editor means "not said", which is not the same as an empty text. */
export function filledIn(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined && value !== null),
	);
}
