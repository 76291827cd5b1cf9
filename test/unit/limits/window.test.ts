import { chooseWindows, scopeKey, windowKey } from '../../../lib/limits';
import type { LimitWindow } from '../../../lib/publishing/adapter';

const losAngeles = { kind: 'calendar-day', timeZone: 'America/Los_Angeles' } as const;

describe('windows', () => {
	it('refuses a time zone that does not exist instead of counting in another', () => {
		expect(() => windowKey({ kind: 'calendar-day', timeZone: 'Mars/Olympus' })).toThrow('Mars/Olympus');
	});

	it.each([0, -1, 1.5, Number.NaN])('refuses a rolling window of %d seconds', (lengthSec) => {
		expect(() => windowKey({ kind: 'rolling', lengthSec })).toThrow('whole number of seconds');
	});

	it('keeps windows of different length, zone, account and app apart', () => {
		const keys = [
			windowKey({ kind: 'rolling', lengthSec: 900 }),
			windowKey({ kind: 'rolling', lengthSec: 901 }),
		];
		const month = windowKey({ ...losAngeles, kind: 'calendar-month' });
		expect(new Set([...keys, windowKey(losAngeles), month]).size).toBe(4);
		const names = [
			scopeKey('account', { accountId: 'a', appId: 'a' }),
			scopeKey('app', { accountId: 'a', appId: 'a' }),
			scopeKey('app', { accountId: 'a' }),
		];
		expect(new Set(names).size).toBe(3);
		expect(scopeKey('app', { accountId: 'a' })).toBe(scopeKey('app', { accountId: 'b' }));
	});

	it('lets an own limit replace the known one of its endpoint', () => {
		const limit = (endpoint: string, limitTotal: number): LimitWindow => ({
			endpoint,
			limitTotal,
			scope: 'account',
			window: { kind: 'rolling', lengthSec: 900 },
			source: 'test',
		});
		expect(chooseWindows([limit('a', 1), limit('b', 2)], [limit('b', 9), limit('c', 3)])).toEqual([
			limit('a', 1),
			limit('b', 9),
			limit('c', 3),
		]);
	});
});
