/** Joins a base address that people type (with or without a slash at its end) and a path that begins with one. */
export function joinUrl(baseUrl: string, path: string): string {
	return baseUrl.replace(/\/+$/, '') + path;
}
