// When a post's numbers are worth another look. Young posts change by the hour, old ones by the week.

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Older posts are not looked at any more. */
export const metricsMaxAgeMs = 90 * dayMs;

export const metricsLadder = [
	{ untilAgeMs: dayMs, everyMs: hourMs },
	{ untilAgeMs: 7 * dayMs, everyMs: 6 * hourMs },
	{ untilAgeMs: 30 * dayMs, everyMs: dayMs },
	{ untilAgeMs: metricsMaxAgeMs, everyMs: 7 * dayMs },
] as const;

/** Ages at which posts are compared with each other: each has its own snapshot, whatever the ladder says. */
export const metricsMilestonesMs = [hourMs, dayMs, 7 * dayMs] as const;

/** A tick that comes a little early must not skip its turn: hourly would become two-hourly. */
const tickToleranceMs = 5 * 60_000;

export interface MetricsAge {
	readonly publishedAt: Date;
	readonly lastFetchedAt: Date | null;
	readonly now: Date;
}

export function isDueForMetrics({ publishedAt, lastFetchedAt, now }: MetricsAge): boolean {
	const ageMs = now.getTime() - publishedAt.getTime();
	const rung = metricsLadder.find(({ untilAgeMs }) => ageMs < untilAgeMs);
	if (!rung) return false;
	if (!lastFetchedAt) return true;
	const lastAgeMs = lastFetchedAt.getTime() - publishedAt.getTime();
	if (metricsMilestonesMs.some((milestoneMs) => lastAgeMs < milestoneMs && milestoneMs <= ageMs)) return true;
	return ageMs - lastAgeMs >= rung.everyMs - tickToleranceMs;
}
