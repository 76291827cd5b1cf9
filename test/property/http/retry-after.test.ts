import fc from 'fast-check';
import { parseRetryAfter } from '../../../lib/http';

const now = new Date('2026-11-20T12:00:00Z');

describe('parseRetryAfter', () => {
	it('reads seconds as that many seconds from now', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 999_999_999 }), (seconds) => {
				expect(parseRetryAfter(String(seconds), now)?.getTime()).toBe(now.getTime() + seconds * 1000);
			}),
		);
	});

	it('reads an HTTP date in the future as exactly that date', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
				const at = new Date(now.getTime() + seconds * 1000);
				expect(parseRetryAfter(at.toUTCString(), now)).toEqual(at);
			}),
		);
	});

	it('never gives a time in the past, whatever the header says', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
				),
				(text) => {
					const at = parseRetryAfter(text, now);
					expect(at === null || at >= now).toBe(true);
				},
			),
		);
	});
});
