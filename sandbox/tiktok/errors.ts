import { Refusal, type Answer } from '../core/answer';

/** TikTok's envelope, facts 2.2: `error` is always there, and only the word `ok` means success. */
export function ok(data: unknown): Answer {
	return { status: 200, body: { data, error: { code: 'ok', message: '', log_id: logId() } } };
}

export function tiktokError(status: number, code: string, message: string): Answer {
	return { status, body: { data: {}, error: { code, message, log_id: logId() } } };
}

export function refuse(status: number, code: string, message: string): Refusal {
	return new Refusal(tiktokError(status, code, message));
}

/** A constant would do; TikTok's begins with the time. */
function logId(): string {
	return `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}0000SANDBOX`;
}

export function invalidParam(message: string): Refusal {
	return refuse(400, 'invalid_param', message);
}

/** Facts 2.7: the usual word of a status. */
const USUAL: Readonly<Record<number, readonly [code: string, message: string]>> = {
	400: ['invalid_param', 'The request is malformed.'],
	401: ['access_token_invalid', 'The access token is invalid or not found in the request.'],
	403: ['spam_risk', 'The publish was refused.'],
	404: ['unsupported_path', 'Unsupported path(Janus)'],
	429: ['rate_limit_exceeded', 'The API rate limit was exceeded. Please try again later.'],
};

/** A 401 is about the token, whatever word a fault asks for elsewhere; 5xx is `internal_error`. */
export function errorForStatus(status: number, reason?: string): Answer {
	const [usual, message] = USUAL[status] ?? ['internal_error', 'Something went wrong. Please try again.'];
	return tiktokError(status, reason ?? usual, reason ?? message);
}

/** An upload address answers without any JSON (facts 2.3). */
export function uploadRefusal(status: number, headers: Readonly<Record<string, string>> = {}): Refusal {
	return new Refusal({ status, headers });
}
