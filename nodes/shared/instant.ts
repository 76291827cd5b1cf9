// Times as people and expressions give them. The editor's date field says no zone and means that of the workflow, which
// seldom is the one in which the server runs: read by the server's, a post would go out hours early or late.
import { DateTime } from 'luxon';

/** A whole ISO or SQL time without `Z` or an offset, or the date alone. */
const withoutZone = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/;

/** @returns null for what is no time. */
export function readInstant(value: unknown, timeZone: string): Date | null {
	// A luxon object of an expression writes itself as ISO text with its offset.
	const text = value instanceof Date ? value.toISOString() : String(value).trim();
	const date = withoutZone.test(text)
		? DateTime.fromISO(text.replace(' ', 'T'), { zone: timeZone }).toJSDate()
		: new Date(text);
	return Number.isNaN(date.getTime()) ? null : date;
}
