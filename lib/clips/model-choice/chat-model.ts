// The one thing that is needed of a language model, in the shape that LangChain's chat models have: n8n hands those out.
import { z } from 'zod';

import { stoppedError, throwIfStopped, withDeadline } from '../../media';

export interface ChatModel {
	invoke(prompt: string, options: { readonly signal: AbortSignal }): Promise<unknown>;
}

const CALL_DEADLINE_MS = 180_000;

const part = z.object({ type: z.string().optional(), text: z.string().optional() });
const messageSchema = z.union([
	z.string(),
	z
		.object({ content: z.union([z.string(), z.array(z.union([z.string(), part]))]) })
		.transform(({ content }) =>
			typeof content === 'string'
				? content
				: content.map((each) => (typeof each === 'string' ? each : (each.text ?? ''))).join(''),
		),
]);

export type ModelAnswer = { readonly text: string } | { readonly failure: string };

/** The model's text, or why there is none. Throws only when the person or the deadline of the whole work says stop. */
export async function askModel(model: ChatModel, prompt: string, signal: AbortSignal): Promise<ModelAnswer> {
	throwIfStopped(signal);
	const own = withDeadline(signal, CALL_DEADLINE_MS);
	try {
		// Raced: a model that does not heed the signal must not hold the work.
		const message = await Promise.race([model.invoke(prompt, { signal: own }), aborted(own)]);
		const read = messageSchema.safeParse(message);
		return read.success ? { text: read.data } : { failure: 'it answered with something else than text' };
	} catch (error) {
		if (signal.aborted) throw stoppedError(signal);
		if (own.aborted) return { failure: `it did not answer within ${CALL_DEADLINE_MS / 1000} s` };
		return { failure: `it did not answer (${nameOf(error)})` };
	}
}

async function aborted(signal: AbortSignal): Promise<never> {
	return await new Promise((_, reject) => {
		const stop = (): void => reject(stoppedError(signal));
		// The model may have been the one who took so long to begin that it is over already.
		if (signal.aborted) stop();
		else signal.addEventListener('abort', stop, { once: true });
	});
}

// Name and status only: what services write into their messages can hold parts of a key.
function nameOf(error: unknown): string {
	const { name, status } = (error ?? {}) as { name?: unknown; status?: unknown };
	const http = typeof status === 'number' ? `, HTTP ${status}` : '';
	return `${typeof name === 'string' ? name : 'error'}${http}`;
}
