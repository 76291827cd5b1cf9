import { readLimitHeaders } from '../../../lib/http';

const now = new Date('2026-11-20T10:00:00Z');
const read = (headers: Record<string, string>, status = 200) => readLimitHeaders({ status, headers }, now);

describe('what headers say of a window', () => {
	it('is X’s limit, what is left of it and the moment of its reset', () => {
		const headers = {
			'x-rate-limit-limit': '100',
			'x-rate-limit-remaining': '7',
			'x-rate-limit-reset': '1795169700',
		};
		const resetAt = new Date(1_795_169_700_000);
		expect(read(headers)).toEqual({ limitTotal: 100, limitRemaining: 7, resetAt });
		expect(read(headers, 429)).toMatchObject({ limitRemaining: 0, resetAt });
	});

	it('is a duration in the names of the IETF draft', () => {
		expect(read({ 'ratelimit-remaining': '3', 'ratelimit-reset': '42' })).toEqual({
			limitRemaining: 3,
			resetAt: { afterSec: 42 },
		});
	});

	it('is a wait, in seconds and as a date alike', () => {
		const wait = { limitRemaining: 0, resetAt: { afterSec: 90 } };
		expect(read({ 'retry-after': '90' }, 429)).toEqual(wait);
		expect(read({ 'retry-after': 'Fri, 20 Nov 2026 10:01:30 GMT' }, 429)).toEqual(wait);
	});

	it('is the same wait for a machine whose clock is wrong by hours', () => {
		const headers = {
			date: 'Fri, 20 Nov 2026 03:00:00 GMT',
			'retry-after': 'Fri, 20 Nov 2026 03:01:30 GMT',
		};
		expect(read(headers, 503)).toEqual({ limitRemaining: 0, resetAt: { afterSec: 90 } });
	});

	it('is the wait before the counter when the call was refused', () => {
		const headers = { 'x-rate-limit-remaining': '12', 'x-rate-limit-reset': '60', 'retry-after': '3600' };
		expect(read(headers, 429)).toEqual({ limitRemaining: 0, resetAt: { afterSec: 3_600 } });
		expect(read(headers, 200)).toMatchObject({ limitRemaining: 12 });
	});

	it.each([
		{},
		{ 'x-rate-limit-remaining': '5' },
		{ 'x-rate-limit-remaining': 'many', 'x-rate-limit-reset': '-1' },
	])('is nothing in %j', (headers) => expect(read(headers as Record<string, string>)).toBeNull());
});
