/**
 * An n8n expression: the real host, or the credential's own "API Base URL" when that is filled in, so that
 * the sandbox, a proxy or a new API host needs no code change.
 * `$self` is what a credential's own fields see, `$credentials` what its test request sees.
 */
export function followingBaseUrl(scope: 'self' | 'credentials', host: string, path: string): string {
	const field = scope === 'self' ? '$self["apiBaseUrl"]' : '$credentials.apiBaseUrl';
	return `={{ (${field} || "${host}").replace(/\\/+$/, "") + "${path}" }}`;
}
