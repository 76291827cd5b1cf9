// A signed-in owner, as the browser would be: API keys, consent pages and the "Execute workflow" button
// exist only behind a session, not in the public API.
import { randomBytes } from 'node:crypto';

import { StackFailure } from '../stack-failure';
import { callN8n, type N8nAnswer } from './http';

export interface SignInOptions {
	readonly baseUrl: string;
	readonly email: string;
	readonly password: string;
	readonly logPath?: string;
	readonly signal?: AbortSignal | undefined;
}

/** @returns the headers that carry the session. */
export async function signIn(options: SignInOptions): Promise<Record<string, string>> {
	// n8n ties a session to the browser that opened it.
	const browser = { 'browser-id': `stackkraft-${randomBytes(4).toString('hex')}` };
	const login = await callN8n({
		method: 'POST',
		url: `${options.baseUrl}/rest/login`,
		headers: browser,
		body: { emailOrLdapLoginId: options.email, password: options.password },
		signal: options.signal,
	});
	if (login.status !== 200) {
		const where = options.logPath === undefined ? {} : { logPath: options.logPath };
		throw new StackFailure(`n8n refused its owner's password (HTTP ${login.status})`, where);
	}
	return { ...browser, cookie: login.cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ') };
}

export class N8nSession {
	private constructor(
		private readonly baseUrl: string,
		private readonly headers: Readonly<Record<string, string>>,
		private readonly signal: AbortSignal | undefined,
	) {}

	static async open(options: SignInOptions): Promise<N8nSession> {
		return new N8nSession(options.baseUrl, await signIn(options), options.signal);
	}

	async send(method: 'GET' | 'POST' | 'PATCH', pathOrUrl: string, body?: unknown): Promise<N8nAnswer> {
		const target = new URL(pathOrUrl, this.baseUrl);
		// The cookie is n8n's alone: the consent page of a network must not see it.
		const isN8n = target.origin === new URL(this.baseUrl).origin;
		return await callN8n({
			method,
			url: target.href,
			...(isN8n && { headers: this.headers }),
			...(body !== undefined && { body }),
			signal: this.signal,
		});
	}
}
