import type { ICredentialTestRequest } from 'n8n-workflow';

/**
 * An n8n expression: the real host, or the credential's own "API Base URL" when that is filled in, so that
 * the sandbox, a proxy or a new API host needs no code change.
 * `$self` is what a credential's own fields see, `$credentials` what its test request sees.
 */
export function followingBaseUrl(scope: 'self' | 'credentials', host: string, path: string): string {
	const field = scope === 'self' ? '$self["apiBaseUrl"]' : '$credentials.apiBaseUrl';
	return `={{ (${field} || "${host}").replace(/\\/+$/, "") + "${path}" }}`;
}

/** What n8n says when its test of the credential is refused; Meta answers 400 where others answer 401 (facts 3.5). */
export function metaTestRules(displayName: string): NonNullable<ICredentialTestRequest['rules']> {
	const message = `${displayName} refuses the token. Connect the account again.`;
	return [400, 401].map((value) => ({ type: 'responseCode', properties: { value, message } }));
}
