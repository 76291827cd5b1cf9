// Windows as networks count them. Pure: window and clock in, bounds out.
import { DateTime } from 'luxon';
import type { LimitWindow } from '../publishing/adapter';

export interface WindowBounds {
	/** What was taken after this counts. */
	readonly startedAt: Date;
	/** When a calendar window starts anew. A rolling window has no such moment. */
	readonly resetsAt: Date | null;
}

export function boundsOf(window: LimitWindow['window'], now: Date): WindowBounds {
	if (window.kind === 'rolling') {
		return { startedAt: new Date(now.getTime() - window.lengthSec * 1_000), resetsAt: null };
	}
	const local = DateTime.fromJSDate(now, { zone: window.timeZone });
	if (!local.isValid) throw new Error(`There is no time zone "${window.timeZone}".`);
	// In the zone, not by 24 hours: the days on which clocks change have 23 or 25.
	const day = local.startOf('day');
	return { startedAt: day.toJSDate(), resetsAt: day.plus({ days: 1 }).startOf('day').toJSDate() };
}

/** One name for one way of counting: two windows of one endpoint are two rows. */
export function windowKey(window: LimitWindow['window']): string {
	return window.kind === 'rolling' ? `rolling:${window.lengthSec}` : `calendar-day:${window.timeZone}`;
}

export interface Scope {
	readonly accountId: string;
	/** The developer app whose windows all its accounts share. */
	readonly appId?: string | undefined;
}

export const defaultAppId = 'default';

export function scopeKey(scope: LimitWindow['scope'], { accountId, appId = defaultAppId }: Scope): string {
	return scope === 'app' ? `app:${appId}` : `account:${accountId}`;
}
