import type { Exchange } from '../core/answer';
import { mediaTypeOf, readText } from '../core/body';
import { invalidParameter, refuse } from './errors';

/** Parameters stand in the query or in a form (facts 7.2); one that nobody knows is refused, to find typos. */
export async function readParameters(
	exchange: Exchange,
	known: readonly string[],
): Promise<ReadonlyMap<string, string>> {
	const text = (await readText(exchange)) ?? '';
	if (text !== '' && mediaTypeOf(exchange) !== 'application/x-www-form-urlencoded') {
		throw invalidParameter('the body must be a form');
	}
	const all = new Map([...exchange.url.searchParams, ...new URLSearchParams(text)]);
	all.delete('access_token');
	for (const name of all.keys()) {
		if (!known.includes(name)) throw invalidParameter(`${name} is not a known parameter`);
	}
	return all;
}

/** Graph gives only what is asked for, and always the id. */
export function pickFields(url: URL, all: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const asked = (url.searchParams.get('fields') ?? 'id').split(',');
	for (const field of asked) {
		if (!(field in all)) throw refuse(100, `Tried accessing nonexisting field (${field})`);
	}
	const picked = asked.filter((field) => all[field] !== undefined).map((field) => [field, all[field]]);
	return { ...Object.fromEntries(picked), id: all['id'] };
}

/** `2026-11-20T07:02:45+0000`, to the second. */
export function graphTime(atMs: number): string {
	return `${new Date(atMs).toISOString().slice(0, 19)}+0000`;
}
