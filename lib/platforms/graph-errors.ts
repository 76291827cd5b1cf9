// The error shape that all of Meta's APIs share (facts 3.5): a code, sometimes a subcode, mostly behind HTTP 400.
// Each network brings its own table; how an answer finds its row is the same for all of them.
import { z } from 'zod';
import { redact } from '../http/redact';
import { parseRetryAfter } from '../http/retry-after';
import type { PublishError } from '../publishing/errors';
import type { Platform } from '../publishing/platform';
import type { HttpResponse } from '../publishing/ports';
import { refusalToError, type ErrorRow, type ErrorTable } from './error-table';
import { readJson } from './parse-answer';

const graphErrorSchema = z.object({
	error: z.object({
		message: z.string().optional(),
		code: z.number().optional(),
		error_subcode: z.number().optional(),
		error_user_title: z.string().optional(),
		error_user_msg: z.string().optional(),
		is_transient: z.boolean().optional(),
		/** The older chunk protocol says here where to go on (facts 6.3). */
		error_data: z.unknown().optional(),
	}),
});

export type GraphErrorDetails = z.infer<typeof graphErrorSchema>['error'];

export interface GraphNetwork {
	readonly platform: Platform;
	readonly displayName: string;
	/** Keys: `code/subcode`, `/subcode` for any code, `code`. The most exact one wins. */
	readonly errors: ErrorTable;
}

export function graphErrorDetails({ bodyText }: HttpResponse): GraphErrorDetails | undefined {
	const parsed = graphErrorSchema.safeParse(readJson(bodyText));
	return parsed.success ? parsed.data.error : undefined;
}

/** The token is not valid (any more): codes 190 and 102, whatever the HTTP status (facts 3.5). */
export function isTokenRefusal(response: HttpResponse): boolean {
	if (response.status === 401) return true;
	if (response.status < 400) return false;
	const code = graphErrorDetails(response)?.code;
	return code === 190 || code === 102;
}

/** The rows that mean the same at every network of Meta (facts 3.5, 6.5). */
export function commonGraphErrors(displayName: string, facts: string): ErrorTable {
	const reconnect = reconnectTo(displayName);
	const tokenRefused = tokenRefusedRow(displayName, facts);
	const windowFull = windowFullRow('account', facts);
	return {
		'190': tokenRefused,
		'102': tokenRefused,
		'10': noPermission(reconnect, facts),
		'3': noPermission(reconnect, facts),
		'4': windowFullRow('app', facts),
		'17': windowFull,
		'32': windowFull,
		'613': windowFull,
		'1': stumble(displayName, facts),
		'2': stumble(displayName, facts),
	};
}

function reconnectTo(displayName: string): string {
	return `Open the ${displayName} credential and connect the account again.`;
}

function tokenRefusedRow(displayName: string, facts: string): ErrorRow {
	return { class: 'auth', scope: 'account', remedy: reconnectTo(displayName), facts };
}

function windowFullRow(scope: 'account' | 'app', facts: string): ErrorRow {
	const whose = scope === 'app' ? 'The developer app' : 'The account';
	const remedy = `${whose} has made too many calls. Try again when the time to wait is over.`;
	return { class: 'rate-limit', scope, retryAt: inAnHour, remedy, facts };
}

function stumble(displayName: string, facts: string): ErrorRow {
	const remedy = `${displayName} stumbled; nothing has to be changed. Try again in some minutes.`;
	return { class: 'platform', remedy, facts };
}

function noPermission(reconnect: string, facts: string): ErrorRow {
	return {
		class: 'auth',
		scope: 'account',
		remedy: `The connection lacks a permission. ${reconnect}`,
		facts,
	};
}

function inAnHour(now: Date): Date {
	return new Date(now.getTime() + 3_600_000);
}

/** @param doing what was tried, as the beginning of a sentence: "Opening the upload". */
export function graphError(
	network: GraphNetwork,
	response: HttpResponse,
	now: Date,
	doing: string,
): PublishError {
	const details = graphErrorDetails(response);
	const row = rowOf(network, details) ?? rowOfStatus(network, response.status);
	const code = codeOf(details) ?? `http-${response.status}`;
	const said = [details?.message, details?.error_user_title, details?.error_user_msg]
		.filter((sentence): sentence is string => sentence !== undefined && sentence !== '')
		.filter((sentence, index, all) => all.indexOf(sentence) === index);
	return refusalToError(row, {
		platform: network.platform,
		code,
		httpStatus: response.status,
		message: `${doing} was refused by ${network.displayName} (${response.status} ${code})${said.length > 0 ? `: ${redact(said.join(' '))}` : ''}`,
		retryAt: isAboutLimits(row) ? whenToReturn(response, now) : null,
		now,
	});
}

function codeOf(details: GraphErrorDetails | undefined): string | undefined {
	if (details?.code === undefined) return undefined;
	return details.error_subcode === undefined
		? String(details.code)
		: `${details.code}/${details.error_subcode}`;
}

function rowOf({ displayName, errors }: GraphNetwork, details: GraphErrorDetails | undefined) {
	if (details?.code === undefined) return undefined;
	const { code, error_subcode: subcode, is_transient: isTransient } = details;
	const exact = subcode === undefined ? undefined : (errors[`${code}/${subcode}`] ?? errors[`/${subcode}`]);
	if (exact) return exact;
	const common = errors[String(code)];
	// A full window or a dead token stays what it is, also when the answer calls it transient.
	if (common && (isAboutLimits(common) || common.class === 'auth')) return common;
	if (isTransient) return stumble(displayName, '3.5');
	if (common) return common;
	if (code < 200 || code > 299) return undefined;
	return noPermission(reconnectTo(displayName), '3.5');
}

function isAboutLimits(row: ErrorRow): boolean {
	return row.class === 'rate-limit' || row.class === 'quota';
}

function rowOfStatus({ displayName, errors }: GraphNetwork, status: number): ErrorRow {
	if (status === 401) return errors['190'] ?? tokenRefusedRow(displayName, '3.5');
	if (status === 429) return errors['4'] ?? windowFullRow('app', '3.5');
	if (status === 408 || status >= 500) return stumble(displayName, '0.1');
	if (status === 403 || status === 404) return { class: 'rejected', facts: '0.1' };
	return {
		class: 'validation',
		remedy: `Correct what ${displayName} names, then publish again.`,
		facts: '0.1',
	};
}

const usageSchema = z.record(
	z.string(),
	z.array(z.object({ estimated_time_to_regain_access: z.number().optional() })),
);

/** `Retry-After`, or the longest wait of the usage header, which counts in minutes (facts 3.4, 6.4). */
function whenToReturn({ headers }: HttpResponse, now: Date): Date | null {
	const asked = parseRetryAfter(headers['retry-after'], now);
	if (asked) return asked;
	const usage = usageSchema.safeParse(readJson(headers['x-business-use-case-usage'] ?? ''));
	if (!usage.success) return null;
	const minutes = Object.values(usage.data)
		.flat()
		.map((entry) => entry.estimated_time_to_regain_access ?? 0);
	const longest = Math.max(0, ...minutes);
	return longest > 0 ? new Date(now.getTime() + longest * 60_000) : null;
}
