// What an answer of the webhook says about the message. Pure. The texts and statuses of n8n are those of
// n8n 2.40.7 (dist/webhooks/webhook-helpers.js and webhook-on-received-response-extractor.js).
//
// The rule behind it: a message leaves the stream only when the answer proves that a workflow ran to its end.
// Answers are never quoted, because a workflow may answer with what it was sent.
import { z } from 'zod';
import { parseRetryAfter } from '../http/retry-after';
import { TransportError, type HttpResponse } from '../publishing/ports';
import type { Outcome } from '../queue';

export type Judgement =
	| Outcome
	/** No workflow began: the message has nothing to do with it and keeps its attempts. */
	| {
			readonly kind: 'unavailable';
			readonly reason: string;
			readonly notBefore: Date | null;
			/** False: a proxy answered, and a workflow may have died behind it. */
			readonly isCertain: boolean;
	  }
	/** The webhook answers before the work is done; every further message would be run and not known. */
	| { readonly kind: 'misconfigured'; readonly reason: string };

const texts = {
	startedOnly: 'Workflow was started',
	// n8n says this when it has no run to show: it did not start the workflow, e.g. a credential may not be used.
	noRun: 'Workflow executed successfully but no data was returned',
} as const;

const setIt = 'Set "Respond" of the Webhook node to "When Last Node Finishes"';

export function judgeAnswer(answer: HttpResponse, now: Date): Judgement {
	const { status } = answer;
	if (status >= 200 && status < 300) return judgeSuccess(answer);
	const reason = `The webhook answered ${status}`;
	const notBefore = parseRetryAfter(answer.headers['retry-after'], now);
	switch (status) {
		case 401:
		case 403:
			return unavailable(`${reason}: it wants another authorization.`, { notBefore });
		case 404:
			return unavailable(`${reason}: no active workflow has this address and POST.`, { notBefore });
		case 405:
		case 429:
		case 503:
			return unavailable(`${reason}.`, { notBefore });
		case 502:
			return unavailable(`${reason}: n8n is not behind its proxy.`, { notBefore, isCertain: false });
		case 413:
			return { kind: 'dead', errorClass: 'too-large', reason: `${reason}: the message is too large for it.` };
		case 422:
			return { kind: 'dead', errorClass: 'rejected', reason: `${reason}: the workflow can never do this.` };
		case 504:
			return noAnswer(`${reason}: a proxy stopped waiting. Give it a longer time than the workflow takes.`);
		default:
			if (status < 400) return unavailable(`${reason}: a redirect is not followed. Correct the address.`);
			return {
				kind: 'retry',
				errorClass: 'workflow-error',
				reason: `${reason}; the execution in n8n shows where it failed.`,
			};
	}
}

export function judgeFailure(error: unknown): Judgement {
	if (!(error instanceof TransportError)) throw error;
	return error.mayHaveArrived ? noAnswer(error.message) : unavailable(error.message);
}

function judgeSuccess({ headers, bodyText, status }: HttpResponse): Judgement {
	if (bodyText.trim() === '') {
		const reason = `The webhook answered ${status} without a body, which it also does before the work is done. ${setIt} and "Response Data" to anything but "No Response Body".`;
		return { kind: 'misconfigured', reason };
	}
	const parsed = parseJson(bodyText);
	if (!parsed.isJson) {
		if (/html/i.test(headers['content-type'] ?? '')) {
			return unavailable(
				`A web page answered instead of a workflow (${status}): a login, or a wrong address.`,
			);
		}
		const reason = `The webhook answered ${status} with something other than JSON, which does not show that the workflow finished. ${setIt}.`;
		return { kind: 'misconfigured', reason };
	}
	switch (parsed.message) {
		case texts.startedOnly:
			return { kind: 'misconfigured', reason: `The webhook answers when the workflow starts. ${setIt}.` };
		case texts.noRun:
			return {
				kind: 'retry',
				errorClass: 'not-run',
				reason: 'n8n did not run the workflow; its list of executions shows why.',
			};
		default:
			return { kind: 'done' };
	}
}

const messageSchema = z.object({ message: z.string() });

function parseJson(text: string): { readonly isJson: boolean; readonly message?: string | undefined } {
	try {
		return { isJson: true, message: messageSchema.safeParse(JSON.parse(text)).data?.message };
	} catch {
		return { isJson: false };
	}
}

function unavailable(
	reason: string,
	{ notBefore = null, isCertain = true }: { notBefore?: Date | null; isCertain?: boolean } = {},
): Judgement {
	return { kind: 'unavailable', reason, notBefore, isCertain };
}

/** It may have run; whether it did is known to nobody here, so the message comes again. */
function noAnswer(reason: string): Judgement {
	return { kind: 'retry', errorClass: 'no-answer', reason };
}
