import { execFileSync } from 'node:child_process';
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

	it('reads the date without a zone, the oldest form of HTTP, as UTC wherever it runs', () => {
		const script = `
			const { parseRetryAfter } = require('./lib/http/retry-after');
			const at = parseRetryAfter('Fri Nov 20 12:30:00 2026', new Date('2026-11-20T12:00:00Z'));
			console.log(at && at.toISOString());`;
		for (const zone of ['Asia/Tokyo', 'America/New_York']) {
			const env = { ...process.env, TZ: zone };
			const said = execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { env });
			expect(String(said).trim()).toBe('2026-11-20T12:30:00.000Z');
		}
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
