// How windows and calls go to the functions of migration 0007, and what comes back.
import { z } from 'zod';
import { storableText } from '../database/json';
import type { Queryable } from '../database/pool';
import { scopeKey, windowKey, type CountedWindow, type Scope } from './window';

/** One row of rate_limits. */
interface WireWindow {
	readonly scope_key: string;
	readonly endpoint: string;
	readonly window_key: string;
	readonly limit_total: number;
}

/** With its key beside it: it is compared with all others of a statement. */
export interface NamedWindow {
	readonly row: WireWindow;
	/** As the unique key of rate_limits has it, within one network. */
	readonly key: string;
}

export function toWire(window: CountedWindow, scope: Scope): NamedWindow {
	const { limitTotal, endpoint } = window;
	if (!Number.isSafeInteger(limitTotal) || limitTotal < 0) {
		throw new Error(`The limit of ${endpoint} is a whole number from 0 on, not ${limitTotal}.`);
	}
	const row = {
		scope_key: storableText(scopeKey(window.scope, scope)),
		endpoint: storableText(endpoint),
		window_key: windowKey(window.window),
		limit_total: limitTotal,
	};
	return { row, key: JSON.stringify([row.scope_key, row.endpoint, row.window_key]) };
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
	readonly windows: readonly NamedWindow[];
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
			JSON.stringify(windows.map(({ row }, index) => ({ position: index + 1, ...row }))),
			toArray(reservationIds),
			toArray(entries.map(({ call }) => call)),
			toArray(entries.map(({ position }) => position)),
			toArray(entries.map(({ cost }) => cost)),
		],
	);
	return reserveAnswerSchema.parse(rows[0]?.answer);
}

/** Ids and numbers need no escaping, and there are hundreds of them in a statement. */
function toArray(values: readonly (string | number)[]): string {
	return `{${values.join(',')}}`;
}
