// Taking from a network's budget before the call, in every window it counts or in none. The lock and the sum
// are PostgreSQL's (stackkraft.reserve_limits), so any number of clients together never take more than there is.
import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { LimitWindow } from '../publishing/adapter';
import type { Platform } from '../publishing/platform';
import { boundsOf, scopeKey, windowKey, type Scope } from './window';

type Queryable = Pick<PoolClient, 'query'>;

/** Below this share of a window people are warned. */
export const lowShare = 0.2;

export interface ReserveRequest extends Scope {
	readonly platform: Platform;
	/** All windows that this call counts in. */
	readonly windows: readonly LimitWindow[];
	/** What the call costs in each of them. */
	readonly cost?: number;
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
			/** No earlier than this is there room in every window. */
			readonly until: Date;
			/** The windows that are full. */
			readonly full: readonly WindowState[];
	  };

/** The call costs more than the window ever holds: waiting does not help. */
export class LimitTooSmallError extends Error {
	readonly remedy = 'Lower the cost, or correct the limit if the network grants you more.';

	constructor(window: WindowState, cost: number) {
		super(`A call that costs ${cost} never fits into ${window.endpoint} (limit ${window.limitTotal}).`);
		this.name = 'LimitTooSmallError';
	}
}

const answerSchema = z.object({
	isAllowed: z.boolean(),
	windows: z.array(
		z.object({
			endpoint: z.string(),
			scopeKey: z.string(),
			windowKey: z.string(),
			limitTotal: z.number(),
			remaining: z.number(),
			isFull: z.boolean(),
			until: z.string().nullable(),
		}),
	),
});

export async function reserve(client: Queryable, request: ReserveRequest): Promise<Reservation> {
	const { cost = 1 } = request;
	if (!Number.isInteger(cost) || cost < 1)
		throw new Error(`A cost is a whole number from 1 on, not ${cost}.`);
	const reservationId = randomUUID();
	const answer = await ask(client, request, { reservationId, cost });
	if (answer.isAllowed) {
		const windows = answer.windows.map((window) => stateOf(window, cost));
		return { allowed: true, reservationId, windows, isLow: windows.some(({ isLow }) => isLow) };
	}
	const full = answer.windows.filter(({ isFull }) => isFull);
	const hopeless = full.find(({ limitTotal }) => limitTotal < cost);
	if (hopeless) throw new LimitTooSmallError(stateOf(hopeless, 0), cost);
	const untilMs = Math.max(...full.map(({ until }) => Date.parse(until ?? '')));
	if (Number.isNaN(untilMs)) throw new Error('PostgreSQL named a full window without its end.');
	return { allowed: false, until: new Date(untilMs), full: full.map((window) => stateOf(window, 0)) };
}

/** How full the windows are, without taking anything. */
export async function limitStatus(
	client: Queryable,
	request: ReserveRequest,
): Promise<readonly WindowState[]> {
	const { windows } = await ask(client, request, { reservationId: randomUUID(), cost: 0 });
	return windows.map((window) => stateOf(window, 0));
}

/** The call was not made after all. Safe to repeat. */
export async function release(client: Queryable, reservationId: string): Promise<{ released: boolean }> {
	const { rowCount } = await client.query(
		'delete from stackkraft.rate_reservations where reservation_id = $1',
		[reservationId],
	);
	return { released: (rowCount ?? 0) > 0 };
}

async function ask(
	client: Queryable,
	{ platform, windows, ...scope }: ReserveRequest,
	{ reservationId, cost }: { readonly reservationId: string; readonly cost: number },
): Promise<z.infer<typeof answerSchema>> {
	const now = new Date();
	const asked = windows.map((limit) => {
		const { startedAt, resetsAt } = boundsOf(limit.window, now);
		return {
			scope_key: scopeKey(limit.scope, scope),
			endpoint: limit.endpoint,
			window_key: windowKey(limit.window),
			limit_total: limit.limitTotal,
			length_sec: limit.window.kind === 'rolling' ? limit.window.lengthSec : null,
			started_at: startedAt,
			resets_at: resetsAt,
		};
	});
	const { rows } = await client.query<{ answer: unknown }>(
		'select stackkraft.reserve_limits($1, $2, $3, $4::jsonb) as answer',
		[reservationId, platform, cost, JSON.stringify(asked)],
	);
	return answerSchema.parse(rows[0]?.answer);
}

function stateOf(window: z.infer<typeof answerSchema>['windows'][number], cost: number): WindowState {
	const remaining = Math.max(0, window.remaining - cost);
	return {
		endpoint: window.endpoint,
		scopeKey: window.scopeKey,
		windowKey: window.windowKey,
		limitTotal: window.limitTotal,
		remaining,
		isLow: remaining < window.limitTotal * lowShare,
	};
}
