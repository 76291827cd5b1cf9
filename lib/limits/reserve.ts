// Taking from a network's budget before the call, in every window it counts in or in none. The lock, the counter
// and the clock are PostgreSQL's (migration 0007), so any number of clients together never take more than there is.
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../database/pool';
import type { Platform } from '../publishing/platform';
import { decide, type Decision } from './group-commit';
import { defaultAppId, type CountedWindow, type Scope } from './window';
import { askPostgres, toWire, type NamedWindow } from './wire';

/** Below this share of a window people are warned; the database raises the alert, once per window. */
const lowShare = 0.2;

export interface ReserveRequest extends Scope {
	readonly platform: Platform;
	/** All windows that this call counts in. */
	readonly windows: readonly CountedWindow[];
	/** What the call costs in each of them; 1 when absent. */
	readonly cost?: number;
	/** What it costs in some of them, by endpoint: quota units here, money there. */
	readonly costs?: Readonly<Record<string, number>>;
}

export interface WindowState {
	readonly endpoint: string;
	readonly scopeKey: string;
	readonly windowKey: string;
	readonly limitTotal: number;
	/** After this reservation, when it was granted. */
	readonly remaining: number;
	readonly isLow: boolean;
}

export type Reservation =
	| {
			readonly allowed: true;
			readonly reservationId: string;
			readonly windows: readonly WindowState[];
			readonly isLow: boolean;
	  }
	| {
			readonly allowed: false;
			/** No earlier than this is there room in every window. By the database's clock. */
			readonly until: Date;
			/** The windows that are full. */
			readonly full: readonly WindowState[];
	  };

/** The call costs more than the window ever holds: waiting does not help. */
export class LimitTooSmallError extends Error {
	readonly class = 'validation';
	readonly remedy = 'Lower the cost, or correct the limit if the network grants you more.';

	constructor({ endpoint, limitTotal }: WindowState, cost: number) {
		super(`A call that costs ${cost} never fits into ${endpoint} (limit ${limitTotal}).`);
		this.name = 'LimitTooSmallError';
	}
}

/** Calls of one process that come together are decided together: give it the pool, not a client of one's own. */
export async function reserve(client: Queryable, request: ReserveRequest): Promise<Reservation> {
	const { platform, appId = defaultAppId } = request;
	const windows = wired(request);
	const special = new Map(Object.entries(request.costs ?? {}));
	const costs = request.windows.map(({ endpoint }) => special.get(endpoint) ?? request.cost ?? 1);
	for (const cost of costs) {
		if (!Number.isSafeInteger(cost) || cost < 1) {
			throw new Error(`A cost is a whole number from 1 on, not ${cost}.`);
		}
	}
	if (windows.length === 0) {
		return { allowed: true, reservationId: randomUUID(), windows: [], isLow: false };
	}
	return toReservation(await decide(client, { platform, appId, windows, costs }), windows, costs);
}

function toReservation(
	{ reservationId, isAllowed, until, windows: decided }: Decision,
	windows: readonly NamedWindow[],
	costs: readonly number[],
): Reservation {
	const states = decided.map(({ limitTotal, left, isFull }, index) => ({
		...stateOf(windows[index], limitTotal, left),
		isFull,
		cost: costs[index] ?? 1,
	}));
	const shown = states.map(({ isFull: _full, cost: _cost, ...state }) => state);
	if (isAllowed) {
		return { allowed: true, reservationId, windows: shown, isLow: shown.some(({ isLow }) => isLow) };
	}
	const hopeless = states.find(({ isFull, limitTotal, cost }) => isFull && limitTotal < cost);
	if (hopeless) throw new LimitTooSmallError(hopeless, hopeless.cost);
	if (!until) throw new Error('PostgreSQL named a full window without its end.');
	return { allowed: false, until, full: shown.filter((_state, index) => states[index]?.isFull) };
}

/** How full the windows are, without taking anything. */
export async function limitStatus(
	client: Queryable,
	request: Pick<ReserveRequest, 'platform' | 'windows' | 'accountId' | 'appId'>,
): Promise<readonly WindowState[]> {
	const windows = wired(request);
	const { platform } = request;
	const { totals, left } = await askPostgres(client, { platform, windows, reservationIds: [], entries: [] });
	return windows.map((window, index) => stateOf(window, totals[index] ?? 0, left[index] ?? 0));
}

/** The call was not made after all. Safe to repeat. */
export async function release(client: Queryable, reservationId: string): Promise<{ released: boolean }> {
	const { rows } = await client.query<{ released: boolean }>(
		'select stackkraft.release_reservation($1) as released',
		[reservationId],
	);
	return { released: rows[0]?.released ?? false };
}

function wired({ windows, ...scope }: Pick<ReserveRequest, 'windows'> & Scope): readonly NamedWindow[] {
	const wire = windows.map((window) => toWire(window, scope));
	const twice = wire.find(({ key }, index) =>
		wire.some((other, place) => place < index && other.key === key),
	);
	if (twice) throw new Error(`The window ${twice.row.endpoint} (${twice.row.window_key}) is named twice.`);
	return wire;
}

function stateOf(window: NamedWindow | undefined, limitTotal: number, remaining: number): WindowState {
	return {
		endpoint: window?.row.endpoint ?? '',
		scopeKey: window?.row.scope_key ?? '',
		windowKey: window?.row.window_key ?? '',
		limitTotal,
		remaining,
		isLow: remaining < limitTotal * lowShare,
	};
}
