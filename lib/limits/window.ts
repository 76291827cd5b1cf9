// Windows as networks count them, and the names under which PostgreSQL knows them. When a window begins is for
// the database to say: the clocks of clients differ, and a client that is a day ahead would open tomorrow's budget.
import { IANAZone } from 'luxon';
import type { LimitWindow } from '../publishing/adapter';

/** A window of an adapter, or one of one's own: budgets of money are counted by the month. */
export interface CountedWindow extends Omit<LimitWindow, 'window'> {
	readonly window: LimitWindow['window'] | { readonly kind: 'calendar-month'; readonly timeZone: string };
}

/** One name for one way of counting: two windows of one endpoint are two rows. PostgreSQL reads it again. */
export function windowKey(window: CountedWindow['window']): string {
	if (window.kind === 'rolling') {
		if (!Number.isInteger(window.lengthSec) || window.lengthSec < 1) {
			throw new Error(`A rolling window lasts a whole number of seconds, not ${window.lengthSec}.`);
		}
		return `rolling:${window.lengthSec}`;
	}
	if (!IANAZone.isValidZone(window.timeZone)) {
		throw new Error(`There is no time zone "${window.timeZone}".`);
	}
	return `${window.kind}:${window.timeZone}`;
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
