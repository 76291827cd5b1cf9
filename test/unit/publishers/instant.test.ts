// What the editor's date field and expressions give, and which moment is meant.
import { DateTime } from 'luxon';
import { readInstant } from '../../../nodes/shared/instant';

const inBerlin = (value: unknown): string | undefined => readInstant(value, 'Europe/Berlin')?.toISOString();

describe('times of people', () => {
	it.each([
		['2026-11-21T18:00:00', '2026-11-21T17:00:00.000Z'],
		['2026-07-21T18:00', '2026-07-21T16:00:00.000Z'],
		['2026-07-21 18:00:00', '2026-07-21T16:00:00.000Z'],
		['2026-11-21', '2026-11-20T23:00:00.000Z'],
	])('reads %s, which has no zone, as that of the workflow', (given, meant) => {
		expect(inBerlin(given)).toBe(meant);
	});

	it.each([
		['2026-11-21T18:00:00Z'],
		['2026-11-21T13:00:00.000-05:00'],
		[new Date('2026-11-21T18:00:00Z')],
		[DateTime.fromISO('2026-11-21T19:00:00', { zone: 'Europe/Berlin' })],
	])('keeps the moment of %s, which has one', (given) => {
		expect(inBerlin(given)).toBe('2026-11-21T18:00:00.000Z');
	});

	it.each([['tomorrow'], [''], [null], ['2026-13-41']])('reads no time out of %p', (given) => {
		expect(readInstant(given, 'Europe/Berlin')).toBeNull();
	});
});
