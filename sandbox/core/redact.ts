import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const SECRET_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);
/** `upload_id` is a capability: whoever holds the session address may write to it. */
const SECRET_PARAMETERS = new Set([
	'access_token',
	'client_secret',
	'code',
	'code_verifier',
	'fb_exchange_token',
	'input_token',
	'refresh_token',
	'token',
	'upload_id',
	'upload_token',
	'ut',
]);

/** Two equal secrets stay recognisably equal, so that a test can follow one session or token. */
function fingerprint(value: string): string {
	return `redacted-${createHash('sha256').update(value).digest('hex').slice(0, 8)}`;
}

export function redactHeaders(headers: IncomingHttpHeaders): Record<string, string> {
	const redacted: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
		redacted[name] = SECRET_HEADERS.has(name) ? fingerprint(text) : text;
	}
	return redacted;
}

export function redactUrl(url: URL): string {
	const copy = new URL(url);
	for (const [name, value] of url.searchParams) {
		if (SECRET_PARAMETERS.has(name)) copy.searchParams.set(name, fingerprint(value));
	}
	return copy.pathname + copy.search;
}
