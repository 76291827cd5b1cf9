// TikTok sends post ids as JSON numbers beyond 2^53 (facts 2.4). JSON.parse would round them to the id of some
// other video, so they become text before it sees them.

/** A text, or a number with all that belongs to it: digits inside a text or a fraction are not integers. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function quoteLargeIntegers(json: string): string {
	return json.replace(token, (found) =>
		/^-?\d+$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found,
	);
}
