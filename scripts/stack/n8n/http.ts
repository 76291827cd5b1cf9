import { fetch } from 'undici';
import { z } from 'zod';
import { n8nConnections } from './connection';

const CALL_DEADLINE_MS = 20_000;

export interface N8nCall {
	readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	readonly url: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
	readonly deadlineMs?: number;
	readonly signal?: AbortSignal | undefined;
}

export interface N8nAnswer {
	readonly status: number;
	readonly body: unknown;
	readonly text: string;
	readonly cookies: readonly string[];
	/** Where a redirect leads; redirects are not followed. */
	readonly location: string | undefined;
}

/** One call to n8n on the loopback; answers any status, and undefined as body where none is JSON. */
export async function callN8n(call: N8nCall): Promise<N8nAnswer> {
	const deadline = AbortSignal.timeout(call.deadlineMs ?? CALL_DEADLINE_MS);
	const response = await fetch(call.url, {
		method: call.method,
		headers: { 'content-type': 'application/json', ...call.headers },
		...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
		redirect: 'manual',
		dispatcher: n8nConnections,
		signal: call.signal ? AbortSignal.any([call.signal, deadline]) : deadline,
	});
	const text = await response.text();
	let body: unknown;
	try {
		body = JSON.parse(text);
	} catch {
		body = undefined;
	}
	const location = response.headers.get('location') ?? undefined;
	return { status: response.status, body, text, cookies: response.headers.getSetCookie(), location };
}

const settingsSchema = z.object({ data: z.object({}).loose() });

/**
 * `/healthz` answers before the routes exist; only an answer of `/rest/settings` with its data means that
 * n8n can be used.
 */
export async function isN8nUsable(baseUrl: string): Promise<true | undefined> {
	try {
		const { body } = await callN8n({ method: 'GET', url: `${baseUrl}/rest/settings`, deadlineMs: 3_000 });
		return settingsSchema.safeParse(body).success ? true : undefined;
	} catch {
		return undefined;
	}
}
