// The error shape that all of Meta's APIs share, and how its codes become classes (facts 3.5). Each network
// keeps a table of its own; keys are `code/subcode`, `/subcode` or `code`, looked up in this order.
import { z } from 'zod';
import { redact } from '../http/redact';
import { parseRetryAfter } from '../http/retry-after';
import type { PublishError } from '../publishing/errors';
import type { Platform } from '../publishing/platform';
import type { HttpResponse } from '../publishing/ports';
import { refusalToError, type ErrorRow, type ErrorTable } from './error-table';
import { readJson } from './parse-answer';

const graphErrorBodySchema = z.object({
	error: z.object({
		message: z.string().default(''),
		code: z.number().optional(),
		error_subcode: z.number().optional(),
		error_user_title: z.string().optional(),
		error_user_msg: z.string().optional(),
		is_transient: z.boolean().optional(),
	}),
});

export interface GraphRefusal {
	readonly code: number | null;
	readonly subcode: number | null;
	readonly message: string;
	readonly isTransient: boolean;
}

/** What Meta says in an error answer; all empty when the answer is not in its shape. */
export function readGraphRefusal({ bodyText }: HttpResponse): GraphRefusal {
	const parsed = graphErrorBodySchema.safeParse(readJson(bodyText));
	if (!parsed.success) return { code: null, subcode: null, message: '', isTransient: false };
	const { error } = parsed.data;
	const said = [error.message, error.error_user_title, error.error_user_msg].filter(
		(words, index, all): words is string => Boolean(words) && all.indexOf(words) === index,
	);
	return {
		code: error.code ?? null,
		subcode: error.error_subcode ?? null,
		message: said.join(' '),
		isTransient: error.is_transient ?? false,
	};
}

/** Meta refuses a token with HTTP 400 as a rule; code 190 or 102 says before any effect that it is over. */
export function isGraphTokenRefused(response: HttpResponse): boolean {
	if (response.status === 401) return true;
	if (response.status < 400 || response.status >= 500) return false;
	const { code } = readGraphRefusal(response);
	return code === 190 || code === 102;
}

/** Code 100 with this subcode: there is no such object, or this token may not see it. */
export function isGraphObjectMissing({ code, subcode }: GraphRefusal): boolean {
	return code === 100 && subcode === 33;
}

export interface GraphErrorContext {
	readonly platform: Platform;
	readonly displayName: string;
	readonly table: ErrorTable;
	/** What was tried, as the beginning of a sentence: "Publishing the post". */
	readonly doing: string;
	readonly now: Date;
}

export function graphError(response: HttpResponse, context: GraphErrorContext): PublishError {
	const { platform, displayName, table, doing, now } = context;
	const refusal = readGraphRefusal(response);
	const code = codeOf(refusal, response.status);
	const row = rowOf(table, refusal, response.status);
	const said = refusal.message ? `: ${redact(refusal.message)}` : '';
	return refusalToError(row, {
		platform,
		code,
		httpStatus: response.status,
		message: `${doing} was refused by ${displayName} (${response.status} ${code})${said}`,
		retryAt: whenToReturn(response, now),
		now,
	});
}

function codeOf({ code, subcode }: GraphRefusal, status: number): string {
	if (code === null) return `http-${status}`;
	return subcode === null ? String(code) : `${code}/${subcode}`;
}

function rowOf(table: ErrorTable, refusal: GraphRefusal, status: number): ErrorRow {
	const { code, subcode, isTransient } = refusal;
	const known =
		(code !== null && subcode !== null ? table[`${code}/${subcode}`] : undefined) ??
		(subcode !== null ? table[`/${subcode}`] : undefined);
	if (known) return known;
	if (isTransient) return passing;
	// Facts 3.5: 200 to 299 are all about permissions.
	const general = code !== null && code >= 200 && code <= 299 ? '200' : String(code);
	return table[general] ?? rowOfStatus(status);
}

const passing: ErrorRow = { class: 'platform', facts: '3.5' };

function rowOfStatus(status: number): ErrorRow {
	if (status === 401) return { class: 'auth', scope: 'account', facts: '0.1' };
	if (status === 429) return { class: 'rate-limit', scope: 'account', facts: '0.1' };
	if (status === 408 || status >= 500) return passing;
	return { class: 'validation', remedy: 'Correct what Meta names, then publish again.', facts: '3.5' };
}

/** The rows that all of Meta's networks have in common (facts 3.5, 0.1). */
export function commonGraphErrors(credentialName: string): ErrorTable {
	const reconnect = `Open the ${credentialName} credential and connect the account again.`;
	const token: ErrorRow = { class: 'auth', scope: 'account', remedy: reconnect, facts: '3.5' };
	const permission: ErrorRow = {
		class: 'auth',
		scope: 'account',
		remedy: `${reconnect} Agree to every permission that is asked for.`,
		facts: '3.5',
	};
	const throttled: ErrorRow = {
		class: 'rate-limit',
		scope: 'account',
		// The header that says how long is not always there; an hour is how long Meta's windows roll.
		retryAt: (now) => new Date(now.getTime() + 3_600_000),
		facts: '3.5',
	};
	const unwell: ErrorRow = { class: 'platform', facts: '3.5' };
	return {
		'190': token,
		'102': token,
		'3': permission,
		'10': permission,
		'200': permission,
		'4': throttled,
		'17': throttled,
		'32': throttled,
		'613': throttled,
		'-2': unwell,
		'-1': unwell,
		'1': unwell,
		'2': unwell,
		'100': {
			class: 'validation',
			remedy: 'Correct the field that is named, then publish again.',
			facts: '3.5',
		},
	};
}

const usageSchema = z.record(
	z.string(),
	z.array(z.looseObject({ estimated_time_to_regain_access: z.number().optional() })),
);

/** Minutes, and the longest of them counts (facts 3.4); `Retry-After` when a proxy in between says so. */
function whenToReturn({ headers }: HttpResponse, now: Date): Date | null {
	const asked = parseRetryAfter(headers['retry-after'], now);
	if (asked) return asked;
	const usage = usageSchema.safeParse(readJson(headers['x-business-use-case-usage'] ?? ''));
	if (!usage.success) return null;
	const minutes = Object.values(usage.data)
		.flat()
		.map((window) => window.estimated_time_to_regain_access ?? 0);
	const longest = Math.max(0, ...minutes);
	return longest > 0 ? new Date(now.getTime() + longest * 60_000) : null;
}
