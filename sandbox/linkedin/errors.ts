import { Refusal, type Answer } from '../core/answer';

export interface InputError {
	readonly code: string;
	readonly description: string;
	readonly input: string;
}

interface ErrorWords {
	readonly code?: string;
	readonly serviceErrorCode?: number;
	readonly message: string;
	readonly inputErrors?: readonly InputError[];
}

/** LinkedIn's error shape, facts 5.6. */
export function linkedInError(status: number, words: ErrorWords): Answer {
	const { code, serviceErrorCode, message, inputErrors } = words;
	return {
		status,
		body: {
			status,
			...(code === undefined ? {} : { code }),
			...(serviceErrorCode === undefined ? {} : { serviceErrorCode }),
			message,
			...(inputErrors === undefined ? {} : { errorDetails: { inputErrors } }),
		},
	};
}

export function refuse(status: number, code: string, message: string): Refusal {
	return new Refusal(linkedInError(status, { code, message }));
}

export function invalidField(input: string, description: string, code = 'INVALID_VALUE_FOR_FIELD'): Refusal {
	const message = `${input} :: ${description}`;
	return new Refusal(
		linkedInError(400, { code, message, inputErrors: [{ code, description: message, input }] }),
	);
}

/** Facts 5.6: invalid 65600, revoked 65601, expired 65602. */
export function unauthorized(state: 'unknown' | 'revoked' | 'expired'): Answer {
	const rows = {
		unknown: [65_600, 'INVALID_ACCESS_TOKEN', 'Invalid access token'],
		revoked: [65_601, 'REVOKED_ACCESS_TOKEN', 'The token used in the request has been revoked by the user'],
		expired: [65_602, 'EXPIRED_ACCESS_TOKEN', 'The token used in the request has expired'],
	} as const;
	const [serviceErrorCode, code, message] = rows[state];
	return linkedInError(401, { serviceErrorCode, code, message });
}

export function accessDenied(what: string): Refusal {
	return new Refusal(
		linkedInError(403, {
			serviceErrorCode: 100,
			code: 'ACCESS_DENIED',
			message: `Not enough permissions to access: ${what}`,
		}),
	);
}

/** Facts 5.5: the sentence names whose day is used up, and no header says when it ends. */
export function dayLimit(whose: 'APPLICATION DAY' | 'MEMBER DAY'): Answer {
	return linkedInError(429, {
		serviceErrorCode: 101,
		code: 'TOO_MANY_REQUESTS',
		message: `Resource level throttle ${whose} limit for calls to this resource is reached.`,
	});
}

export function duplicateOf(urn: string): Answer {
	const message = `Content is a duplicate of ${urn}`;
	return linkedInError(422, {
		code: 'DUPLICATE_POST',
		message,
		inputErrors: [{ code: 'DUPLICATE_POST', description: message, input: 'commentary' }],
	});
}

const USUAL: Readonly<Record<number, readonly [code: string, message: string]>> = {
	400: ['INVALID_VALUE_FOR_FIELD', 'Bad Request'],
	403: ['ACCESS_DENIED', 'This resource is forbidden'],
	404: ['NOT_FOUND', 'The requested resource could not be found'],
	409: ['CONFLICT', 'Conflict while writing'],
	422: ['UNPROCESSABLE_ENTITY', 'Unprocessable entity'],
	426: ['NONEXISTENT_VERSION', 'Requested version is not active'],
	500: ['INTERNAL_SERVER_ERROR', 'Internal server error'],
	503: ['SERVICE_UNAVAILABLE', 'Service unavailable'],
	504: ['GATEWAY_TIMEOUT', 'Gateway timeout'],
};

/** `reason` is a code of facts 5.6; for a 429 it is `MEMBER DAY`, or a code for a short burst. */
export function errorForStatus(status: number, reason?: string): Answer {
	if (status === 401 && reason === undefined) return unauthorized('expired');
	if (status === 429) {
		if (reason === undefined) return dayLimit('APPLICATION DAY');
		if (reason === 'MEMBER DAY') return dayLimit(reason);
		return linkedInError(429, { serviceErrorCode: 101, code: reason, message: 'Too many requests.' });
	}
	const [code, message] = USUAL[status] ?? ['ERROR', 'Error'];
	return linkedInError(status, { code: reason ?? code, message });
}
