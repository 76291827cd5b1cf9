import type { z } from 'zod';
import type { Exchange } from '../core/answer';
import { mediaTypeOf, readText } from '../core/body';
import { invalidParameter } from './errors';

/**
 * Graph takes parameters in the query, as a form or as JSON. A name that the endpoint does not know is refused:
 * the real Graph drops it silently, and a typo would never be found.
 */
export async function readParameters<T>(exchange: Exchange, schema: z.ZodType<T>): Promise<T> {
	const fromQuery = Object.fromEntries(exchange.url.searchParams);
	const parsed = schema.safeParse(withoutToken({ ...fromQuery, ...(await readBody(exchange)) }));
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const name = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue?.path.join('.');
	throw invalidParameter(`Param ${name ?? ''}: ${issue?.message ?? 'invalid'}`);
}

async function readBody(exchange: Exchange): Promise<Record<string, unknown>> {
	const text = (await readText(exchange)) ?? '';
	if (text === '') return {};
	if (mediaTypeOf(exchange) === 'application/x-www-form-urlencoded') {
		return Object.fromEntries(new URLSearchParams(text));
	}
	if (mediaTypeOf(exchange) !== 'application/json') throw invalidParameter('Send a form or JSON');
	try {
		const body: unknown = JSON.parse(text);
		if (typeof body === 'object' && body !== null) return { ...body };
	} catch {
		// Falls through to the refusal.
	}
	throw invalidParameter('The body is not a JSON object');
}

function withoutToken({ access_token: _token, ...rest }: Record<string, unknown>): Record<string, unknown> {
	return rest;
}

/** `fields=a,b`: each must be one that the object has. */
export function readFields(exchange: Exchange, known: readonly string[]): string[] {
	const text = exchange.url.searchParams.get('fields') ?? 'id';
	const fields = text.split(',').filter((field) => field !== '');
	const unknown = fields.find((field) => !known.includes(field));
	if (unknown !== undefined)
		throw invalidParameter(`Tried accessing nonexisting field (${unknown}) on the node`);
	return fields;
}

export function pick(all: Readonly<Record<string, unknown>>, fields: readonly string[]): object {
	const wanted = ['id', ...fields].filter((field) => all[field] !== undefined);
	return Object.fromEntries(wanted.map((field) => [field, all[field]]));
}
