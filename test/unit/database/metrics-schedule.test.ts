import { isDueForMetrics } from '../../../lib/database/metrics-schedule';

const publishedAt = new Date('2026-01-01T00:00:00Z');
const at = (hours: number): Date => new Date(publishedAt.getTime() + hours * 3_600_000);
const isDue = (ageHours: number, lastAgeHours: number | null): boolean =>
	isDueForMetrics({
		publishedAt,
		lastFetchedAt: lastAgeHours === null ? null : at(lastAgeHours),
		now: at(ageHours),
	});

describe('when numbers are worth another look', () => {
	it('looks at a new post at once', () => {
		expect(isDue(0, null)).toBe(true);
		expect(isDue(80 * 24, null)).toBe(true);
	});

	it.each([
		['hourly on the first day', 5, 4, 4.2],
		['every six hours in the first week', 60, 54, 56],
		['daily in the first month', 240, 216, 220],
		['weekly until the ninetieth day', 60 * 24, 53 * 24, 55 * 24],
	])('looks %s', (_name, ageHours, longAgoHours, latelyHours) => {
		expect(isDue(ageHours, longAgoHours)).toBe(true);
		expect(isDue(ageHours, latelyHours)).toBe(false);
	});

	it('does not skip its turn because a tick comes a few seconds early', () => {
		expect(isDue(5 - 10 / 3600, 4)).toBe(true);
		expect(isDue(4.5, 4)).toBe(false);
	});

	it.each([1, 24, 168])('has a look of its own at the age of %i hours', (milestone) => {
		expect(isDue(milestone, milestone - 0.2)).toBe(true);
		expect(isDue(milestone + 0.3, milestone + 0.1)).toBe(false);
	});

	it('leaves a post alone after ninety days', () => {
		expect(isDue(90 * 24, null)).toBe(false);
		expect(isDue(91 * 24, 60 * 24)).toBe(false);
	});
});
