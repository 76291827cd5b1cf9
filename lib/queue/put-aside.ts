// A message that its workflow found to be hopeless: into the dead letters at once, with the workflow's own reason.
import { z } from 'zod';
import { deadLetterLimits, type DeadLetterCause } from './dead-letters';
import type { DeadLetter } from './messages';
import type { OutgoingMessage } from './publish';
import { deadSubject } from './subjects';

/** What the trigger gave to the workflow. */
const receivedSchema = z.object({
	message: z.unknown(),
	subject: z.string().min(1),
	stream: z.string().min(1),
	streamSequence: z.number().int(),
	deliveryCount: z.number().int().min(0),
	headers: z.record(z.string(), z.string()).default({}),
	publishedAt: z.string(),
});

const mentionsPostSchema = z.object({ postId: z.uuid() });

/** The id is the message's: a run that is repeated puts one letter aside. */
export function buildAsideLetter(received: unknown, cause: DeadLetterCause): OutgoingMessage {
	const from = receivedSchema.parse(received);
	const post = mentionsPostSchema.safeParse(from.message);
	const letter: DeadLetter = {
		version: 1,
		subject: from.subject,
		// What went through n8n was JSON; anything else never gets as far as a workflow.
		payload: JSON.stringify(from.message),
		headers: from.headers,
		errorClass: cause.errorClass,
		reason: cause.reason.slice(0, deadLetterLimits.reasonChars),
		attempts: from.deliveryCount,
		failedAt: cause.failedAt.toISOString(),
		...(post.success && { postId: post.data.postId }),
	};
	return {
		subject: deadSubject(from.stream),
		payload: letter,
		messageId: `aside:${from.stream}:${from.streamSequence}:${from.publishedAt}`,
	};
}
