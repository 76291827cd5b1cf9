import fc from 'fast-check';
import { boundsOf } from '../../../lib/limits';

const zones = [
	'UTC',
	'America/Los_Angeles',
	'Asia/Kathmandu',
	'Australia/Lord_Howe',
	'America/Sao_Paulo',
	'Pacific/Apia',
];
const moment = fc.date({ min: new Date('2010-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });

describe('windows, for any moment and zone', () => {
	it('never leaves a moment outside its own day or makes a day longer than 25 or shorter than 23 hours', () => {
		fc.assert(
			fc.property(moment, fc.constantFrom(...zones), (now, timeZone) => {
				const { startedAt, resetsAt } = boundsOf({ kind: 'calendar-day', timeZone }, now);
				expect(startedAt.getTime()).toBeLessThanOrEqual(now.getTime());
				expect(now.getTime()).toBeLessThan(resetsAt!.getTime());
				const lengthHours = (resetsAt!.getTime() - startedAt.getTime()) / 3_600_000;
				// Samoa left out a whole day once (2011-12-30); no zone has added more than an hour.
				expect(lengthHours).toBeGreaterThanOrEqual(23);
				expect(lengthHours).toBeLessThanOrEqual(25);
			}),
			{ numRuns: 2_000 },
		);
	});

	it('lets days follow each other without a gap or an overlap', () => {
		fc.assert(
			fc.property(moment, fc.constantFrom(...zones), (now, timeZone) => {
				const window = { kind: 'calendar-day', timeZone } as const;
				const { resetsAt } = boundsOf(window, now);
				expect(boundsOf(window, resetsAt!).startedAt).toEqual(resetsAt);
			}),
			{ numRuns: 2_000 },
		);
	});
});
