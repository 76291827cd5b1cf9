// How windows and calls go to the functions of migration 0007, and what comes back.
import { z } from 'zod';
import { storableText, toJsonb } from '../database/json';
import type { Queryable } from '../database/pool';
import { scopeKey, windowKey, type CountedWindow, type Scope } from './window';

/** One row of rate_limits, named. */
export interface WireWindow {
	readonly scope_key: string;
	readonly endpoint: string;
	readonly window_key: string;
	readonly limit_total: number;
}

export function toWire(window: CountedWindow, scope: Scope): WireWindow {
	const { limitTotal, endpoint } = window;
	if (!Number.isSafeInteger(limitTotal) || limitTotal < 0) {
		throw new Error(`The limit of ${endpoint} is a whole number from 0 on, not ${limitTotal}.`);
	}
	return {
		scope_key: storableText(scopeKey(window.scope, scope)),
		endpoint: storableText(endpoint),
		window_key: windowKey(window.window),
		limit_total: limitTotal,
	};
}

/** As the unique key of rate_limits has it, within one network. */
export function rowKey({ scope_key: scope, endpoint, window_key: window }: WireWindow): string {
	return JSON.stringify([scope, endpoint, window]);
}

const momentSchema = z
	.string()
	.nullable()
	.transform((text) => (text === null ? null : new Date(text)));

const reserveAnswerSchema = z.object({
	/** The limits that hold, as the network corrected them; by window. */
	totals: z.array(z.number()),
	/** After all that was granted; by window. */
	left: z.array(z.number()),
	/** Calls and their full windows, numbered from 1. */
	refused: z.array(z.object({ call: z.number(), full: z.array(z.number()), until: momentSchema })),
});

export type ReserveAnswer = z.infer<typeof reserveAnswerSchema>;

/** What one call costs in one window; both numbered from 1. Entries of a call stand together. */
export interface Entry {
	readonly call: number;
	readonly position: number;
	readonly cost: number;
}

export interface WireRequest {
	readonly platform: string;
	readonly windows: readonly WireWindow[];
	/** One id per call; without calls nothing is taken. */
	readonly reservationIds: readonly string[];
	readonly entries: readonly Entry[];
}

export async function askPostgres(client: Queryable, request: WireRequest): Promise<ReserveAnswer> {
	const { platform, windows, reservationIds, entries } = request;
	const { rows } = await client.query<{ answer: unknown }>(
		'select stackkraft.reserve_limits($1, $2::jsonb, $3::uuid[], $4::int[], $5::int[], $6::bigint[]) as answer',
		[
			platform,
			toJsonb(windows.map((window, index) => ({ position: index + 1, ...window }))),
			reservationIds,
			entries.map(({ call }) => call),
			entries.map(({ position }) => position),
			entries.map(({ cost }) => cost),
		],
	);
	return reserveAnswerSchema.parse(rows[0]?.answer);
}
