// Words of a far side end up in errors and logs, and some networks quote the request in their answers.

const patterns: readonly (readonly [RegExp, string])[] = [
	[/\b(Bearer|Basic|OAuth)\s+[A-Za-z0-9\-._~+/]+=*/gi, '$1 [hidden]'],
	[
		/("?\b(?:access_token|refresh_token|client_secret|code_verifier|upload_id|id_token)"?\s*[=:]\s*"?)[^"&\s,}]+/gi,
		'$1[hidden]',
	],
	// “Malformed access token EAAB…”, in Meta's own words.
	[/\b((?:access|refresh) token:?\s+"?)[\w.|~-]{20,}/gi, '$1[hidden]'],
	[/\b(https?:\/\/)[^\s/@"'<>]+@/gi, '$1[hidden]@'],
	// Any address loses its query: signatures, session ids and tokens live there.
	[/(https?:\/\/[^\s"'<>?]+)\?[^\s"'<>]*/gi, '$1?[hidden]'],
];

const maxQuotedChars = 500;

/** Hides tokens, secrets and queries, and keeps a quotation short. */
export function redact(text: string): string {
	const hidden = patterns.reduce((line, [pattern, mark]) => line.replace(pattern, mark), text);
	return hidden.length > maxQuotedChars ? `${hidden.slice(0, maxQuotedChars)}…` : hidden;
}
