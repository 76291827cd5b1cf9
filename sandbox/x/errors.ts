import { Refusal, type Answer } from '../core/answer';

const PROBLEM_BASE = 'https://api.x.com/2/problems/';

export interface ParameterError {
	readonly message: string;
	readonly parameters: Readonly<Record<string, readonly unknown[]>>;
}

/** X's problem+json, facts 4.8 (a). `type` is a word of that table, or `about:blank`. */
export function problem(
	status: number,
	type: string,
	text: { readonly title: string; readonly detail: string },
	errors?: readonly ParameterError[],
): Answer {
	return {
		status,
		headers: { 'content-type': 'application/problem+json; charset=utf-8' },
		body: {
			...(errors ? { errors } : {}),
			...text,
			type: type === 'about:blank' ? type : PROBLEM_BASE + type,
			status,
		},
	};
}

export function invalidRequest(errors: readonly ParameterError[]): Refusal {
	const text = { title: 'Invalid Request', detail: 'One or more parameters to your request was invalid.' };
	return new Refusal(problem(400, 'invalid-request', text, errors));
}

export function invalidParameter(name: string, value: unknown, message: string): Refusal {
	return invalidRequest([{ message, parameters: { [name]: [value] } }]);
}

export function forbidden(detail: string, type = 'about:blank'): Refusal {
	return new Refusal(problem(403, type, { title: 'Forbidden', detail }));
}

/** Facts 4.8: length, media and reply rules all end in this one sentence. */
export function notPermitted(): Refusal {
	return forbidden('You are not permitted to perform this action.');
}

export const unauthorized = problem(401, 'about:blank', { title: 'Unauthorized', detail: 'Unauthorized' });

export const duplicateContent = problem(403, 'about:blank', {
	title: 'Forbidden',
	detail: 'You are not allowed to create a Tweet with duplicate content.',
});

export const tooManyRequests = problem(429, 'about:blank', {
	title: 'Too Many Requests',
	detail: 'Too Many Requests',
});

export const creditsDepleted = problem(402, 'credits-depleted', {
	title: 'Payment Required',
	detail: 'credits depleted',
});

const USUAL_TITLES: Readonly<Record<number, string>> = {
	400: 'Invalid Request',
	403: 'Forbidden',
	404: 'Not Found',
	409: 'Conflict',
	413: 'Payload Too Large',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

/** What X says for a status; `reason` is a problem type such as `usage-capped`. */
export function errorForStatus(status: number, reason?: string): Answer {
	const title = USUAL_TITLES[status] ?? 'Error';
	if (reason !== undefined) return problem(status, reason, { title, detail: title });
	if (status === 401) return unauthorized;
	if (status === 402) return creditsDepleted;
	if (status === 429) return tooManyRequests;
	return problem(status, status === 400 ? 'invalid-request' : 'about:blank', { title, detail: title });
}

/** An entry of `errors[]` beside `data` in a 200, facts 4.8 (c). */
export function partialNotFound(parameter: string, id: string): Record<string, unknown> {
	return {
		resource_id: id,
		parameter,
		resource_type: 'tweet',
		title: 'Not Found Error',
		value: id,
		detail: `Could not find tweet with ${parameter}: [${id}].`,
		type: `${PROBLEM_BASE}resource-not-found`,
	};
}

export function partialNotAuthorized(field: string, id: string): Record<string, unknown> {
	return {
		resource_id: id,
		parameter: field,
		resource_type: 'tweet',
		section: 'data',
		title: 'Field Authorization Error',
		value: field,
		detail: `Sorry, you are not authorized to access '${field}' on the Tweet with id : [${id}].`,
		type: `${PROBLEM_BASE}not-authorized-for-field`,
	};
}
