import { Refusal, type Answer } from '../core/answer';

interface ErrorDetails {
	readonly subcode?: number;
	readonly status?: number;
	readonly isTransient?: boolean;
}

/** The error shape of all Meta APIs, mostly behind HTTP 400 (facts 3.5, 7.4). */
export function graphError(code: number, message: string, details: ErrorDetails = {}): Answer {
	const { subcode, status = 400, isTransient } = details;
	const error = {
		message,
		type: 'OAuthException',
		code,
		...(subcode === undefined ? {} : { error_subcode: subcode }),
		...(isTransient === undefined ? {} : { is_transient: isTransient }),
		fbtrace_id: 'SANDBOX',
	};
	return { status, body: { error } };
}

export function refuse(code: number, message: string, details: ErrorDetails = {}): Refusal {
	return new Refusal(graphError(code, message, details));
}

export function invalidParameter(message: string): Refusal {
	return refuse(100, `Invalid parameter: ${message}`);
}

export function missingPermission(scope: string): Refusal {
	return refuse(10, `Application does not have permission for this action (${scope})`);
}

/** Facts 7.4: too early, and an unknown container, read the same. */
export function mediaNotFound(): Refusal {
	return refuse(24, 'The requested resource does not exist: Media Not Found', { subcode: 4_279_009 });
}

export function noSuchObject(id: string): Refusal {
	return refuse(
		100,
		`Unsupported get request. Object with ID '${id}' does not exist or cannot be loaded due to missing permissions.`,
		{ subcode: 33 },
	);
}

export const tokenExpired = graphError(190, 'Error validating access token: Session has expired.', {
	subcode: 463,
});

export const tokenInvalid = graphError(190, 'Invalid OAuth access token.', { subcode: 467 });

const USUAL: Readonly<Record<number, readonly [code: number, message: string, subcode?: number]>> = {
	400: [100, 'Invalid parameter'],
	401: [190, 'Error validating access token: Session has expired.', 463],
	403: [10, 'Application does not have permission for this action'],
	404: [100, 'Unsupported request', 33],
	429: [4, 'Application request limit reached'],
	503: [2, 'Service temporarily unavailable'],
};

/** What Threads says for a status; `reason` is `code` or `code/subcode`. */
export function errorForStatus(status: number, reason?: string): Answer {
	const [usualCode, message, usualSubcode] = USUAL[status] ?? [status >= 500 ? 2 : 100, 'An error occurred'];
	const [code, subcode] = reason === undefined ? [usualCode, usualSubcode] : reason.split('/').map(Number);
	return graphError(code ?? usualCode, message, {
		status,
		...(subcode === undefined ? {} : { subcode }),
		...(status >= 500 ? { isTransient: true } : {}),
	});
}
