// Careless servers quote the request in their errors, with everything that should have stayed between the two.
import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer';

/** The fields in which networks say in words what went wrong. */
const words = /^(message|detail|error_description|error_user_msg|log_message)$/;

/** The same answer, with the request's address and token in its words. */
export function quoting(answer: Answer, request: IncomingMessage): Answer {
	const { authorization = 'no token', host = '' } = request.headers;
	const quoted = ` (in ${request.method} https://${host}${request.url}, sent with "${authorization}")`;
	return { ...answer, body: withQuote(answer.body, quoted) };
}

function withQuote(value: unknown, quoted: string): unknown {
	if (Array.isArray(value)) return value.map((item) => withQuote(item, quoted));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, item]) => [
			key,
			typeof item === 'string' && words.test(key) ? `${item}${quoted}` : withQuote(item, quoted),
		]),
	);
}
