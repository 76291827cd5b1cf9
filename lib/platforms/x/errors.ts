// X's problem types, codes and sentences, and what they mean for a post. Text is matched here and nowhere else.
import { redact } from '../../http/redact';
import { parseRetryAfter } from '../../http/retry-after';
import type { PublishError } from '../../publishing/errors';
import type { HttpResponse } from '../../publishing/ports';
import { refusalToError, type ErrorRow, type ErrorTable } from '../error-table';
import { readJson } from '../parse-answer';
import { errorBodySchema } from './types';

const reconnect = 'Open the X credential and connect the account again.';
const tokenRefused: ErrorRow = { class: 'auth', scope: 'account', remedy: reconnect, facts: '4.8' };
const windowFull: ErrorRow = {
	class: 'rate-limit',
	scope: 'endpoint',
	retryAt: (now) => new Date(now.getTime() + 15 * 60_000),
	facts: '4.6, 4.8',
};
const refusedForGood: ErrorRow = {
	class: 'rejected',
	remedy:
		'X does not let this account post this. Check the text and the media; a reply works only where the other author mentioned or quoted the account.',
	facts: '4.8',
};

const badRequest: ErrorRow = {
	class: 'validation',
	remedy: 'Correct the field that X names, then publish again.',
	facts: '4.8',
};
const noCredits: ErrorRow = {
	class: 'rejected',
	scope: 'app',
	remedy:
		'The X developer account has no credits left. Buy credits in the developer console, then redrive the post.',
	facts: '4.7, 4.8',
};

/** Keys are the last part of a problem type, or our own name for a sentence. */
export const xErrors: ErrorTable = {
	'invalid-request': badRequest,
	'credits-depleted': noCredits,
	'duplicate-content': {
		class: 'unknown',
		remedy: 'X already has a post with this text. It is looked for; if it is not ours, change the text.',
		facts: '4.8, 4.10',
	},
	'client-forbidden': {
		class: 'auth',
		scope: 'app',
		remedy: 'The X app may not do this. Check its permissions (read and write) and its access level.',
		facts: '4.8',
	},
	'unsupported-authentication': { ...tokenRefused, scope: 'app' },
	'not-permitted': refusedForGood,
	'user-suspended': {
		class: 'rejected',
		scope: 'account',
		remedy: 'X suspended this account. Look at it on x.com.',
		facts: '4.8',
	},
	'usage-capped': {
		class: 'quota',
		scope: 'app',
		retryAt: (now) => new Date(now.getTime() + 24 * 3_600_000),
		remedy: 'The spending limit or usage cap of the X app is reached. Raise it, or wait for the next cycle.',
		facts: '4.7, 4.8',
	},
	'video-too-long': {
		class: 'validation',
		remedy: 'Cut the video to 140 s; X lets only some accounts post longer ones.',
		facts: '4.5',
	},
	'rate-limit': windowFull,
};

/** Sentences that carry no type of their own. */
const sentences: readonly (readonly [RegExp, string])[] = [
	[/duplicate content/i, 'duplicate-content'],
	[/not permitted to perform this action/i, 'not-permitted'],
	[/suspended/i, 'user-suspended'],
	[/longer than 2 minutes/i, 'video-too-long'],
];

function rowOfStatus(status: number): ErrorRow {
	if (status === 401) return tokenRefused;
	if (status === 402) return noCredits;
	if (status === 429) return windowFull;
	if (status === 408 || status >= 500) return { class: 'platform', facts: '4.8' };
	if (status === 403 || status === 404) return refusedForGood;
	return badRequest;
}

/** @param doing what was tried, as the beginning of a sentence: "Publishing the post". */
export function xError(response: HttpResponse, now: Date, doing: string): PublishError {
	const parsed = errorBodySchema.safeParse(readJson(response.bodyText));
	const body = parsed.success ? parsed.data : {};
	const said = [body.detail ?? body.title, ...(body.errors ?? []).map(({ message }) => message)]
		.filter((sentence): sentence is string => sentence !== undefined && sentence !== '')
		.filter((sentence, index, all) => all.indexOf(sentence) === index);
	const code = codeOf(response.status, body.type, said.join(' '));
	return refusalToError(xErrors[code] ?? rowOfStatus(response.status), {
		platform: 'x',
		code,
		httpStatus: response.status,
		message: `${doing} was refused by X (${response.status} ${code})${said.length > 0 ? `: ${redact(said.join(' '))}` : ''}`,
		retryAt: whenToReturn(response, now),
		now,
	});
}

function codeOf(status: number, type: string | undefined, said: string): string {
	if (status === 429) return type?.endsWith('/usage-capped') ? 'usage-capped' : 'rate-limit';
	if (status === 403 || status === 400) {
		const sentence = sentences.find(([pattern]) => pattern.test(said));
		if (sentence) return sentence[1];
	}
	const problem = type?.split('/').at(-1);
	return problem && problem !== 'about:blank' ? problem : `http-${status}`;
}

/** Each gives `-reset` and `-remaining` (facts 4.6). */
const windowHeaders = ['x-rate-limit', 'x-app-limit-24hour', 'x-user-limit-24hour'];

/**
 * The latest reset of the windows that are used up (facts 4.6: the short window can have room while the day
 * has none). A window that does not say what remains counts as used up.
 */
function whenToReturn({ status, headers }: HttpResponse, now: Date): Date | null {
	const asked = parseRetryAfter(headers['retry-after'], now);
	if (status !== 429) return asked;
	const resets = windowHeaders.flatMap((name) => {
		const atSec = Number(headers[`${name}-reset`]);
		const remaining = headers[`${name}-remaining`];
		return Number.isFinite(atSec) && atSec > 0 && (remaining === undefined || Number(remaining) <= 0)
			? [new Date(atSec * 1000)]
			: [];
	});
	const latest = [...resets, ...(asked ? [asked] : [])].sort((a, b) => a.getTime() - b.getTime()).at(-1);
	return latest ?? null;
}
