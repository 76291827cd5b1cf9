import type { z } from 'zod';
import type { Exchange } from '../core/answer';
import { mediaTypeOf, readJson } from '../core/body';
import { invalidParameter, invalidRequest, type ParameterError } from './errors';

/** A JSON body by its strict schema: an unknown key is refused like a wrong value (facts 4.3). */
export async function parseBody<T>(
	exchange: Exchange,
	schema: z.ZodType<T>,
	limitBytes?: number,
): Promise<T> {
	if (mediaTypeOf(exchange) !== 'application/json') {
		throw invalidParameter(
			'content-type',
			mediaTypeOf(exchange),
			'The content type must be application/json.',
		);
	}
	const body = await readJson(exchange, limitBytes);
	if (body === undefined)
		throw invalidRequest([{ message: 'The request body is not valid JSON.', parameters: {} }]);
	const parsed = schema.safeParse(body);
	if (!parsed.success) throw invalidRequest(parsed.error.issues.flatMap(parameterErrors));
	return parsed.data;
}

function parameterErrors(issue: z.core.$ZodIssue): ParameterError[] {
	const path = ['$', ...issue.path].join('.');
	if (issue.code !== 'unrecognized_keys') {
		return [{ message: `[${path}: ${issue.message}]`, parameters: { [path.slice(2)]: [] } }];
	}
	return issue.keys.map((key) => ({
		message: `[${path}.${key}: is not defined in the schema and the schema does not allow additional properties]`,
		parameters: { [[...issue.path, key].join('.')]: [] },
	}));
}

/** Query parameters by name; one that the endpoint does not know is refused. */
export function checkQuery(url: URL, known: readonly string[]): void {
	for (const name of url.searchParams.keys()) {
		if (!known.includes(name)) {
			const message = `The query parameter [${name}] is not one of [${known.join(',')}]`;
			throw invalidParameter(name, url.searchParams.get(name), message);
		}
	}
}

/** A comma list whose words must all be known, e.g. `tweet.fields`. */
export function readList(url: URL, name: string, known: readonly string[]): string[] {
	const text = url.searchParams.get(name);
	if (text === null) return [];
	const words = text.split(',');
	const unknown = words.find((word) => !known.includes(word));
	if (unknown !== undefined) {
		throw invalidParameter(
			name,
			text,
			`The \`${name}\` query parameter value [${unknown}] is not one of [${known.join(',')}]`,
		);
	}
	return words;
}
