/**
 * The `Retry-After` header in both of its forms, seconds and HTTP date.
 * @returns null when the header is missing, unreadable or in the past.
 */
export function parseRetryAfter(value: string | undefined, now: Date): Date | null {
	if (value === undefined) return null;
	const text = value.trim();
	if (/^\d{1,9}$/.test(text)) return new Date(now.getTime() + Number(text) * 1000);
	// `Date.parse` reads far more than HTTP dates ("5", "-1"), so the weekday has to be there.
	if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
	// The asctime form names no zone and means UTC (RFC 9110, 5.6.7); `Date.parse` would take this machine's.
	const at = new Date(Date.parse(/\d{2}:\d{2}:\d{2} \d{4}$/.test(text) ? `${text} GMT` : text));
	return Number.isNaN(at.getTime()) || at <= now ? null : at;
}
