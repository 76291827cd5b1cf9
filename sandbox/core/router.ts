import type { Handler } from './answer';

export interface Route {
	readonly method: string;
	readonly path: string;
	readonly handler: Handler;
}

export interface RouteMatch {
	readonly handler: Handler;
	readonly params: Record<string, string>;
}

/** `:name` takes one path segment. First match wins, so put fixed paths before those with parameters. */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
	for (const route of routes) {
		if (route.method !== method) continue;
		const params = matchPath(route.path, path);
		if (params !== undefined) return { handler: route.handler, params };
	}
	return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
	const wanted = pattern.split('/');
	const given = path.split('/');
	if (wanted.length !== given.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, part] of wanted.entries()) {
		const value = given[index] ?? '';
		// A colon inside a segment is literal: YouTube has `videos:batchGetStats`.
		if (part.startsWith(':')) {
			if (value === '') return undefined;
			params[part.slice(1)] = safeDecode(value);
		} else if (part !== value) {
			return undefined;
		}
	}
	return params;
}

function safeDecode(value: string): string {
	try {
		return decodeURIComponent(value);
	} catch {
		return value;
	}
}
