import type { z } from 'zod';
import type { Exchange } from '../core/answer';
import { readJson } from '../core/body';
import { invalidField, refuse } from './errors';

export async function parseBody<T>(exchange: Exchange, schema: z.ZodType<T>): Promise<T> {
	const body = await readJson(exchange);
	if (body === undefined) throw refuse(400, 'ILLEGAL_ARGUMENT', 'The request body is not valid JSON');
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const isTooLong = issue?.code === 'too_big' && issue.origin === 'string';
	const keys = issue?.code === 'unrecognized_keys' ? issue.keys : [];
	const path = ['', ...(issue?.path ?? []), ...keys].join('/');
	throw invalidField(path, issue?.message ?? '', isTooLong ? 'FIELD_LENGTH_TOO_LONG' : undefined);
}

/** Rest.li 2.0 values as they were sent: parentheses and commas bare, the urns inside percent-encoded. */
export function rawQuery(url: URL): ReadonlyMap<string, string> {
	const pairs = url.search
		.slice(1)
		.split('&')
		.filter((pair) => pair !== '');
	return new Map(
		pairs.map((pair): [string, string] => {
			const [name = '', ...value] = pair.split('=');
			return [name, value.join('=')];
		}),
	);
}

/** `List(urn%3Ali%3Ashare%3A1,…)`. */
export function readUrnList(value: string, name: string): string[] {
	const inner = /^List\(([^()]*)\)$/.exec(value)?.[1];
	if (inner === undefined) throw invalidField(name, 'must be List(...)');
	return inner.split(',').map((urn) => readUrn(urn, name));
}

export function readUrn(value: string, name: string): string {
	if (!/^urn%3Ali%3A[A-Za-z]+%3A[\w-]+$/i.test(value)) {
		throw invalidField(name, 'must be a percent-encoded urn');
	}
	return decodeURIComponent(value);
}
