import { Refusal, type Answer } from '../core/answer';

interface ErrorPlace {
	readonly domain?: string;
	readonly location?: string;
	readonly locationType?: 'parameter' | 'header' | 'other';
	/** The canonical word beside the code, e.g. UNAUTHENTICATED. */
	readonly status?: string;
}

/** Google's error shape, facts 1.6. */
export function googleError(code: number, reason: string, message: string, place: ErrorPlace = {}): Answer {
	const { domain = 'global', location, locationType, status } = place;
	const where = location === undefined ? {} : { location, locationType: locationType ?? 'other' };
	const error = {
		code,
		message,
		errors: [{ message, domain, reason, ...where }],
		...(status ? { status } : {}),
	};
	return {
		status: code,
		body: { error },
		...(code === 401 ? { headers: { 'www-authenticate': 'Bearer' } } : {}),
	};
}

export function refuse(code: number, reason: string, message: string, place: ErrorPlace = {}): Refusal {
	return new Refusal(googleError(code, reason, message, place));
}

export const unauthenticated = googleError(
	401,
	'authError',
	'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
	{ location: 'Authorization', locationType: 'header', status: 'UNAUTHENTICATED' },
);

export const loginRequired = googleError(401, 'required', 'Login Required.', {
	location: 'Authorization',
	locationType: 'header',
	status: 'UNAUTHENTICATED',
});

export const quotaExceeded = googleError(
	403,
	'quotaExceeded',
	'The request cannot be completed because you have exceeded your quota.',
	{ domain: 'youtube.quota' },
);

/** What each status usually says; a fault may name another reason. */
const USUAL: Readonly<Record<number, readonly [reason: string, message: string, domain?: string]>> = {
	400: ['badRequest', 'Bad Request'],
	403: ['forbidden', 'Forbidden', 'youtube.common'],
	404: ['notFound', 'Not Found'],
	409: ['conflict', 'Conflict'],
	410: ['gone', 'Gone'],
	429: ['rateLimitExceeded', 'Rate Limit Exceeded', 'usageLimits'],
	500: ['backendError', 'Backend Error'],
	502: ['backendError', 'Bad Gateway'],
	503: ['backendError', 'Service Unavailable'],
	504: ['backendError', 'Gateway Timeout'],
};

export function errorForStatus(status: number, reason?: string): Answer {
	if (status === 401 && reason === undefined) return unauthenticated;
	if (reason === 'quotaExceeded') return quotaExceeded;
	const [usualReason, message, domain = 'global'] = USUAL[status] ?? ['badRequest', 'Error'];
	const place = status === 401 ? { domain, status: 'UNAUTHENTICATED' } : { domain };
	return googleError(status, reason ?? usualReason, reason ?? message, place);
}
