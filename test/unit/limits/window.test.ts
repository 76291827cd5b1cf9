import { boundsOf, chooseWindows, scopeKey, windowKey } from '../../../lib/limits';
import type { LimitWindow } from '../../../lib/publishing/adapter';

const hours = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 3_600_000;

describe('windows', () => {
	const losAngeles = { kind: 'calendar-day', timeZone: 'America/Los_Angeles' } as const;

	it('counts a day from midnight to midnight in the zone of the network', () => {
		const { startedAt, resetsAt } = boundsOf(losAngeles, new Date('2026-07-01T06:59:59Z'));
		expect(startedAt.toISOString()).toBe('2026-06-30T07:00:00.000Z');
		expect(resetsAt?.toISOString()).toBe('2026-07-01T07:00:00.000Z');
	});

	it.each([
		['2026-03-08T20:00:00Z', 23],
		['2026-11-01T20:00:00Z', 25],
		['2026-11-20T20:00:00Z', 24],
	])('knows that the day of %s has %i hours there', (now, expected) => {
		const { startedAt, resetsAt } = boundsOf(losAngeles, new Date(now));
		expect(hours(startedAt, resetsAt!)).toBe(expected);
	});

	it('refuses a time zone that does not exist instead of counting in another', () => {
		expect(() => boundsOf({ kind: 'calendar-day', timeZone: 'Mars/Olympus' }, new Date())).toThrow(
			'Mars/Olympus',
		);
	});

	it('keeps windows of different length, zone, account and app apart', () => {
		const keys = [
			windowKey({ kind: 'rolling', lengthSec: 900 }),
			windowKey({ kind: 'rolling', lengthSec: 901 }),
		];
		expect(new Set([...keys, windowKey(losAngeles)]).size).toBe(3);
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
