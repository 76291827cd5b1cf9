// What breaks around a claimed post before anything was sent, as a decision about the post. Thrown, it would end the
// run and leave the post to its lease: the reaper rings, the same happens again, and no attempt is ever counted.
import type { IExecuteFunctions } from 'n8n-workflow';
import { ZodError } from 'zod';
import { PublishError } from '../../lib/publishing/errors';
import { toNodeError } from './errors';

/** A setting stays wrong until somebody corrects it; everything else may be over the next time. */
export function toEarlyFailure(
	context: Pick<IExecuteFunctions, 'getNode'>,
	thrown: unknown,
	itemIndex: number,
): PublishError {
	if (thrown instanceof PublishError) return thrown;
	const { message, description, context: details } = toNodeError(context.getNode(), thrown, itemIndex);
	if (thrown instanceof ZodError || details['errorClass'] === 'validation') {
		return new PublishError('validation', message, {
			code: 'settings',
			remedy:
				description ||
				'Correct it in the node or its credential, then send the post again: Post Queue → Redrive.',
			cause: thrown,
		});
	}
	return new PublishError('platform', message, {
		code: 'unforeseen',
		...(description && { remedy: description }),
		cause: thrown,
	});
}
