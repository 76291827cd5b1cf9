// LinkedIn's codes and sentences, and what they mean for a post. Text is matched here and nowhere else.
import { redact } from '../../http/redact';
import { parseRetryAfter } from '../../http/retry-after';
import type { PublishError } from '../../publishing/errors';
import type { HttpResponse } from '../../publishing/ports';
import { refusalToError, type ErrorRow, type ErrorTable } from '../error-table';
import { readJson } from '../parse-answer';
import { linkedInVersion } from './constants';
import { errorBodySchema } from './types';

const tokenRefused: ErrorRow = {
	class: 'auth',
	scope: 'account',
	remedy: 'Open the LinkedIn credential and connect the account again.',
	facts: '5.6',
};
const forbidden: ErrorRow = {
	class: 'auth',
	scope: 'account',
	remedy:
		'The account or the LinkedIn app lacks a right. Switch it on in the credential (pages and numbers need an app that LinkedIn has vetted), connect again, and check that the account administers the page.',
	facts: '5.1, 5.6',
};
const badContent: ErrorRow = {
	class: 'validation',
	remedy: 'Correct the field that LinkedIn names, then publish again.',
	facts: '5.6',
};
const versionOver: ErrorRow = {
	class: 'rejected',
	scope: 'app',
	remedy: `LinkedIn turned this version of its API off (the package uses ${linkedInVersion}). Update n8n-nodes-stackkraft, or fill in a newer API Version in the LinkedIn credential; then redrive the post.`,
	facts: '5.1, 5.6',
};
const processingFailed: ErrorRow = {
	class: 'rejected',
	remedy: 'Render the video as MP4 with H.264 and AAC, 3 s to 30 min, and publish again.',
	facts: '5.2, 5.4, 5.6',
};
/** Without a word about a day it is a short burst (facts 5.5). */
const burst: ErrorRow = {
	class: 'rate-limit',
	scope: 'endpoint',
	retryAt: (now) => new Date(now.getTime() + 5 * 60_000),
	facts: '5.5, 5.6',
};

/** Keys are LinkedIn's codes, or our own name for a sentence. */
export const linkedInErrors: ErrorTable = {
	INVALID_VALUE_FOR_FIELD: badContent,
	FIELD_LENGTH_TOO_LONG: badContent,
	VERSION_MISSING: versionOver,
	NONEXISTENT_VERSION: versionOver,
	MEDIA_ASSET_PROCESSING_FAILED: processingFailed,
	MEDIA_ASSET_WAITING_UPLOAD: {
		class: 'platform',
		retryAt: (now) => new Date(now.getTime() + 30_000),
		facts: '5.2, 5.6',
	},
	'65600': tokenRefused,
	'65601': tokenRefused,
	'65602': tokenRefused,
	ACCESS_DENIED: forbidden,
	CONFLICT: { class: 'platform', facts: '5.6' },
	/** Without the code of a missing right this passes by itself at times. */
	'resource-forbidden': { ...forbidden, class: 'platform' },
	DUPLICATE_POST: {
		class: 'validation',
		remedy: 'LinkedIn already has this post. Change the text if it is to be posted again.',
		facts: '5.6, 5.8',
	},
	'app-day-limit': { class: 'quota', scope: 'app', retryAt: nextUtcMidnight, facts: '5.5' },
	'member-day-limit': { class: 'quota', scope: 'account', retryAt: nextUtcMidnight, facts: '5.5' },
	TOO_MANY_REQUESTS: burst,
	invalid_grant: tokenRefused,
	invalid_request: tokenRefused,
};

function nextUtcMidnight(now: Date): Date {
	return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
}

function rowOfStatus(status: number): ErrorRow {
	if (status === 401) return tokenRefused;
	if (status === 403) return forbidden;
	if (status === 426) return versionOver;
	if (status === 429) return burst;
	if (status === 404) return { class: 'rejected', facts: '5.6' };
	if (status === 408 || status === 409 || status >= 500) return { class: 'platform', facts: '5.6' };
	return badContent;
}

/** @param doing what was tried, as the beginning of a sentence: "Publishing the post". */
export function linkedInError(response: HttpResponse, now: Date, doing: string): PublishError {
	const parsed = errorBodySchema.safeParse(readJson(response.bodyText));
	const body = parsed.success ? parsed.data : {};
	const { status } = response;
	const said = body.message ?? '';
	const code = codeOf(status, body);
	return refusalToError(linkedInErrors[code] ?? rowOfStatus(status), {
		platform: 'linkedin',
		code,
		httpStatus: status,
		message: `${doing} was refused by LinkedIn (${status} ${code})${said ? `: ${redact(said)}` : ''}`,
		retryAt: parseRetryAfter(response.headers['retry-after'], now),
		now,
	});
}

type ErrorBody = ReturnType<typeof errorBodySchema.parse>;

function codeOf(status: number, body: ErrorBody): string {
	const { message = '', code, serviceErrorCode } = body;
	switch (status) {
		case 401:
			return serviceErrorCode === undefined ? (code ?? 'http-401') : String(serviceErrorCode);
		case 426:
			// It means the same whatever it is called.
			return 'NONEXISTENT_VERSION';
		case 429:
			if (/\bAPPLICATION DAY\b/.test(message)) return 'app-day-limit';
			return /\bMEMBER DAY\b/.test(message) ? 'member-day-limit' : 'TOO_MANY_REQUESTS';
		default:
			return codeOfSentence(body) ?? codeOfFields(body) ?? code ?? `http-${status}`;
	}
}

function codeOfSentence({ message = '', code, serviceErrorCode }: ErrorBody): string | undefined {
	if (duplicatePattern.test(message)) return 'DUPLICATE_POST';
	const namesNoRight = code === undefined && serviceErrorCode === undefined;
	return namesNoRight && /resource is forbidden/i.test(message) ? 'resource-forbidden' : undefined;
}

/** The word about a field is more exact than that about the whole answer. */
function codeOfFields({ code, errorDetails }: ErrorBody): string | undefined {
	const words = [errorDetails?.inputErrors?.[0]?.code, code];
	return words.find((word) => word !== undefined && word in linkedInErrors);
}

/** Facts 5.6: the refusal of a duplicate names the post that is there already. */
const duplicatePattern = /duplicate of (urn:li:(?:share|ugcPost|activity):\d+)/;

/** @returns the post that LinkedIn takes ours for a copy of, or null when the answer says no such thing. */
export function duplicateUrn({ status, bodyText }: HttpResponse): string | null {
	if (status !== 422 && status !== 400) return null;
	const parsed = errorBodySchema.safeParse(readJson(bodyText));
	return (parsed.success && duplicatePattern.exec(parsed.data.message ?? '')?.[1]) || null;
}
